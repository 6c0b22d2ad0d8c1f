using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using ActorFlow.Core.Definitions.Reading;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Schemas;

/// <summary>One validation, within a budget.</summary>
internal sealed class SchemaValidation
{
    /// <summary>How many times longer a value takes to find by its hash than to read past.</summary>
    private const int HashCost = 16;

    private readonly ImmutableArray<SchemaError>.Builder _errors = ImmutableArray.CreateBuilder<SchemaError>();
    private readonly SchemaBudget _budget;

    /// <summary>How deep in alternatives the validation is; there it only matters whether there is an error.</summary>
    private int _trials;
    private bool _hasTrialFailed;

    private SchemaValidation(int size) => _budget = new(size);

    public static ImmutableArray<SchemaError> Run(SchemaNode schema, JsonElement value)
    {
        var validation = new SchemaValidation(Size(value));
        validation.Check(schema, value, Place.Root);
        if (validation._budget.Reason is { } reason)
        {
            validation._errors.Insert(0, new("", reason));
        }

        return [.. validation._errors.Take(JsonSchema.MaxErrors)];
    }

    private bool IsDone => _hasTrialFailed || _budget.Reason is not null || _errors.Count >= JsonSchema.MaxErrors;

    private void Check(SchemaNode schema, JsonElement value, Place place)
    {
        _budget.Spend(value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? Size(value) : 0);
        if (_budget.TryEnter() && !IsDone)
        {
            CheckKeywords(schema, value, place);
        }

        _budget.Leave();
    }

    private void CheckKeywords(SchemaNode schema, JsonElement value, Place place)
    {
        if (schema.Always is { } always)
        {
            if (!always)
            {
                Error(place, "nothing is allowed here");
            }

            return;
        }

        if (schema.Reference is { } reference)
        {
            Check(reference, value, place);
        }

        if (schema.Types is not SchemaTypes.None && TypesOf(value) is var types && (schema.Types & types) == 0)
        {
            Error(place, $"must be {Describe(schema.Types)}, not {Describe(types)}");
        }

        CheckConstants(schema, value, place);
        CheckValue(schema, value, place);
        CheckAlternatives(schema, value, place);
    }

    private void CheckConstants(SchemaNode schema, JsonElement value, Place place)
    {
        if (schema.Const is { } constant)
        {
            _budget.Spend((long)Size(value) * HashCost);
            if (!JsonEquality.Instance.Equals(constant, value))
            {
                Error(place, $"must be {Excerpt.Of(constant.GetRawText())}");
            }
        }

        if (schema.EnumValues is not null)
        {
            _budget.Spend((long)Size(value) * HashCost);
            if (!schema.EnumValues.Contains(value))
            {
                Error(place, _trials > 0 ? "" : $"must be one of {string.Join(", ", schema.Enum.Take(10).Select(one => Excerpt.Of(one.GetRawText())))}{(schema.Enum.Length > 10 ? ", ..." : "")}");
            }
        }
    }

    private void CheckValue(SchemaNode schema, JsonElement value, Place place)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                CheckObject(schema, value, place);
                break;

            case JsonValueKind.Array:
                CheckArray(schema, value, place);
                break;

            case JsonValueKind.String:
                CheckString(schema, value, place);
                break;

            case JsonValueKind.Number:
                CheckNumber(schema, value, place);
                break;
        }
    }

    private void CheckAlternatives(SchemaNode schema, JsonElement value, Place place)
    {
        foreach (var one in schema.AllOf)
        {
            Check(one, value, place);
        }

        if (schema.AnyOf.Length > 0 && CountFitting(schema.AnyOf, value, enough: 1) == 0)
        {
            Error(place, "fits none of the alternatives of `anyOf`");
        }

        if (schema.OneOf.Length > 0 && CountFitting(schema.OneOf, value, enough: int.MaxValue) is var fitting && fitting != 1)
        {
            Error(place, fitting == 0 ? "fits none of the alternatives of `oneOf`" : $"fits {fitting} of the alternatives of `oneOf`, and must fit exactly one");
        }

        if (schema.Not is { } not && IsValid(not, value))
        {
            Error(place, "fits what `not` excludes");
        }

        if (schema.If is { } condition && (IsValid(condition, value) ? schema.Then : schema.Else) is { } consequence)
        {
            Check(consequence, value, place);
        }
    }

    private int CountFitting(ImmutableArray<SchemaNode> alternatives, JsonElement value, int enough)
    {
        var fitting = 0;
        foreach (var one in alternatives)
        {
            fitting += IsValid(one, value) ? 1 : 0;
            if (fitting >= enough)
            {
                break;
            }
        }

        return fitting;
    }

    private bool IsValid(SchemaNode schema, JsonElement value)
    {
        var outer = _hasTrialFailed;
        _hasTrialFailed = false;
        _trials++;
        Check(schema, value, Place.Root);
        _trials--;
        var isValid = !_hasTrialFailed;
        _hasTrialFailed = outer;
        return isValid;
    }

    private void Error(Place place, string message)
    {
        if (_trials > 0)
        {
            _hasTrialFailed = true;
        }
        else
        {
            _errors.Add(new(place.ToPointer(), message));
        }
    }

    private static int Size(JsonElement value) => JsonMarshal.GetRawUtf8Value(value).Length;

    // 

    private void CheckObject(SchemaNode schema, JsonElement value, Place place)
    {
        var count = value.GetPropertyCount();
        AtLeast(count, schema.MinProperties, "properties", place);
        AtMost(count, schema.MaxProperties, "properties", place);
        CheckRequired(schema, value, place);
        if (schema.Properties is null && schema.AdditionalProperties is null)
        {
            return;
        }

        foreach (var property in value.EnumerateObject())
        {
            if (IsDone)
            {
                return;
            }

            var inner = place.Of(property.Name);
            if (schema.Properties?.TryGetValue(property.Name, out var known) == true)
            {
                Check(known, property.Value, inner);
            }
            else if (schema.AdditionalProperties is { Always: false })
            {
                var suggestion = _trials == 0 ? NearestWord.Suggest(property.Name, schema.Properties?.Keys ?? Enumerable.Empty<string>()) : "";
                Error(inner, $"unknown property {Excerpt.Of(property.Name)}{suggestion}");
            }
            else if (schema.AdditionalProperties is { } additional)
            {
                Check(additional, property.Value, inner);
            }
        }
    }

    private void CheckRequired(SchemaNode schema, JsonElement value, Place place)
    {
        // Each lookup in the value reads past all of it.
        const int Few = 8;
        var present = schema.Required.Length > Few ? value.EnumerateObject().Select(property => property.Name).ToHashSet(StringComparer.Ordinal) : null;
        foreach (var name in schema.Required)
        {
            if (!IsDone && !(present?.Contains(name) ?? value.TryGetProperty(name, out _)))
            {
                Error(place, $"needs the property {Excerpt.Of(name)}");
            }
        }
    }

    private void CheckArray(SchemaNode schema, JsonElement value, Place place)
    {
        var count = value.GetArrayLength();
        AtLeast(count, schema.MinItems, "items", place);
        AtMost(count, schema.MaxItems, "items", place);
        if (schema.PrefixItems.Length > 0 || schema.Items is not null)
        {
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                if (IsDone)
                {
                    return;
                }

                if ((index < schema.PrefixItems.Length ? schema.PrefixItems[index] : schema.Items) is { } inner)
                {
                    Check(inner, item, place.Of(index));
                }

                index++;
            }
        }

        if (schema.UniqueItems)
        {
            CheckUnique(value, place);
        }
    }

    private void CheckUnique(JsonElement value, Place place)
    {
        _budget.Spend((long)Size(value) * HashCost);
        if (IsDone)
        {
            return;
        }

        var seen = new HashSet<JsonElement>(JsonEquality.Instance);
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (!seen.Add(item))
            {
                Error(place.Of(index), "stands in this list already, and its items must be unique");
                return;
            }

            index++;
        }
    }

    private void CheckString(SchemaNode schema, JsonElement value, Place place)
    {
        if (schema.MinLength is null && schema.MaxLength is null && schema.Pattern is null && schema.Format is null)
        {
            return;
        }

        var text = value.GetString()!;
        if (schema.MinLength is not null || schema.MaxLength is not null)
        {
            // Characters are code points: a surrogate pair is one.
            var length = text.EnumerateRunes().Count();
            AtLeast(length, schema.MinLength, "characters", place);
            AtMost(length, schema.MaxLength, "characters", place);
        }

        if (schema.Pattern is not null && !_budget.IsMatch(schema.Pattern, text))
        {
            Error(place, $"must match {Excerpt.Of(schema.Pattern.Text)}");
        }

        if (schema.Format?.Invoke(text) == false)
        {
            Error(place, $"is no {schema.FormatName}");
        }
    }

    private void CheckNumber(SchemaNode schema, JsonElement value, Place place)
    {
        if (!schema.LimitsNumbers)
        {
            return;
        }

        var number = JsonNumber.Of(value);
        if (schema.Minimum is { } minimum && number.CompareTo(JsonNumber.Of(minimum)) < 0)
        {
            Error(place, $"must be at least {minimum.GetRawText()}");
        }

        if (schema.Maximum is { } maximum && number.CompareTo(JsonNumber.Of(maximum)) > 0)
        {
            Error(place, $"must be at most {maximum.GetRawText()}");
        }

        if (schema.ExclusiveMinimum is { } lower && number.CompareTo(JsonNumber.Of(lower)) <= 0)
        {
            Error(place, $"must be more than {lower.GetRawText()}");
        }

        if (schema.ExclusiveMaximum is { } upper && number.CompareTo(JsonNumber.Of(upper)) >= 0)
        {
            Error(place, $"must be less than {upper.GetRawText()}");
        }

        if (schema.MultipleOf is { } divisor && !number.IsMultipleOf(JsonNumber.Of(divisor)))
        {
            Error(place, $"must be a multiple of {divisor.GetRawText()}");
        }
    }

    private void AtLeast(int count, int? limit, string what, Place place)
    {
        if (count < limit)
        {
            Error(place, $"needs at least {limit} {what}, and has {count}");
        }
    }

    private void AtMost(int count, int? limit, string what, Place place)
    {
        if (count > limit)
        {
            Error(place, $"has {count} {what}, and may have {limit}");
        }
    }

    private static SchemaTypes TypesOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => SchemaTypes.Null,
        JsonValueKind.True or JsonValueKind.False => SchemaTypes.Boolean,
        JsonValueKind.Object => SchemaTypes.Object,
        JsonValueKind.Array => SchemaTypes.Array,
        JsonValueKind.String => SchemaTypes.String,
        _ => JsonNumber.Of(value).IsInteger ? SchemaTypes.Number | SchemaTypes.Integer : SchemaTypes.Number,
    };

    private static string Describe(SchemaTypes types) =>
        types == (SchemaTypes.Number | SchemaTypes.Integer)
            ? "number"
            : string.Join(" or ", SchemaKeywords.Types.Where(known => types.HasFlag(known.Type)).Select(known => known.Name));

    /// <summary>The place of a value; it becomes text only for an error.</summary>
    private sealed record Place(Place? Parent, string Name, int Index)
    {
        public static readonly Place Root = new(null, "", -1);

        public Place Of(string name) => new(this, name, -1);

        public Place Of(int index) => new(this, "", index);

        public string ToPointer() =>
            Parent is null ? "" : Index >= 0 ? SchemaPointer.Append(Parent.ToPointer(), Index) : SchemaPointer.Append(Parent.ToPointer(), Name);
    }
}

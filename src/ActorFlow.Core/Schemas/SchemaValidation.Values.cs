using System.Text.Json;
using ActorFlow.Core.Definitions.Reading;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Schemas;

// Checks what each keyword requires of a value of its type.
internal sealed partial class SchemaValidation
{
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

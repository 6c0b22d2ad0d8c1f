using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using ActorFlow.Core.Definitions.Reading;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Schemas;

/// <summary>One validation, within a budget.</summary>
internal sealed partial class SchemaValidation
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
}

using System.Collections.Immutable;
using System.Text.Json;
using ActorFlow.Core.Definitions.Reading;

namespace ActorFlow.Core.Schemas;

/// <summary>One validation. Its steps are counted: alternatives within alternatives can multiply beyond any patience.</summary>
internal sealed partial class SchemaValidation
{
    private const int MaxSteps = 5_000_000;

    private readonly ImmutableArray<SchemaError>.Builder _errors = ImmutableArray.CreateBuilder<SchemaError>();
    private int _steps;

    /// <summary>How many alternatives deep: there only the number of errors matters, and one is enough.</summary>
    private int _trials;

    public static ImmutableArray<SchemaError> Run(SchemaNode schema, JsonElement value)
    {
        var validation = new SchemaValidation();
        validation.Check(schema, value, Place.Root);
        if (validation._steps > MaxSteps)
        {
            validation._errors.Insert(0, new("", "the schema has too many alternatives for a value of this size"));
        }

        return [.. validation._errors.Take(JsonSchema.MaxErrors)];
    }

    private bool IsDone => _steps > MaxSteps || _errors.Count >= JsonSchema.MaxErrors;

    private void Check(SchemaNode schema, JsonElement value, Place place)
    {
        if (++_steps > MaxSteps || IsDone)
        {
            return;
        }

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

        if (schema.Types is not SchemaTypes.None && (schema.Types & TypesOf(value)) == 0)
        {
            Error(place, $"must be {Describe(schema.Types)}, not {Describe(TypesOf(value))}");
        }

        CheckConstants(schema, value, place);
        CheckValue(schema, value, place);
        CheckAlternatives(schema, value, place);
    }

    private void CheckConstants(SchemaNode schema, JsonElement value, Place place)
    {
        if (schema.Const is { } constant && !JsonElement.DeepEquals(constant, value))
        {
            Error(place, $"must be {Excerpt.Of(constant.GetRawText())}");
        }

        if (!schema.Enum.IsDefault && !schema.Enum.Any(one => JsonElement.DeepEquals(one, value)))
        {
            Error(place, $"must be one of {string.Join(", ", schema.Enum.Take(10).Select(one => Excerpt.Of(one.GetRawText())))}{(schema.Enum.Length > 10 ? ", ..." : "")}");
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

        if (schema.AnyOf.Length > 0 && !schema.AnyOf.Any(one => IsValid(one, value)))
        {
            Error(place, "fits none of the alternatives of `anyOf`");
        }

        if (schema.OneOf.Length > 0 && schema.OneOf.Count(one => IsValid(one, value)) is var fitting && fitting != 1)
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

    private bool IsValid(SchemaNode schema, JsonElement value)
    {
        var before = _errors.Count;
        _trials++;
        Check(schema, value, Place.Root);
        _trials--;
        var isValid = _errors.Count == before;
        _errors.Count = before;
        return isValid;
    }

    private void Error(Place place, string message)
    {
        // Within a trial nobody reads it.
        _errors.Add(_trials > 0 ? default : new(place.ToPointer(), message));
    }
}

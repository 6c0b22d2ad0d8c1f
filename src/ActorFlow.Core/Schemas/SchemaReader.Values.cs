using System.Collections.Immutable;
using System.Text.Json;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Schemas;

// Reads the values of keywords as the types that they must have.
internal sealed partial class SchemaReader
{
    private Dictionary<string, SchemaNode> ReadSchemas(JsonElement value, string at)
    {
        var schemas = new Dictionary<string, SchemaNode>(StringComparer.Ordinal);
        if (value.ValueKind is not JsonValueKind.Object)
        {
            Error(at, "must be a mapping of schemas");
            return schemas;
        }

        foreach (var property in value.EnumerateObject())
        {
            schemas[property.Name] = ReadSchema(property.Value, SchemaPointer.Append(at, property.Name));
        }

        return schemas;
    }

    private ImmutableArray<SchemaNode> ReadList(JsonElement value, string at) =>
        [.. List(value, at).Select((one, index) => ReadSchema(one, SchemaPointer.Append(at, index)))];

    private IEnumerable<JsonElement> List(JsonElement value, string at)
    {
        if (value.ValueKind is JsonValueKind.Array)
        {
            return value.EnumerateArray();
        }

        Error(at, "must be a list");
        return [];
    }

    private string Text(JsonElement value, string at)
    {
        if (value.ValueKind is JsonValueKind.String)
        {
            return value.GetString()!;
        }

        Error(at, "must be text");
        return "";
    }

    private bool Flag(JsonElement value, string at)
    {
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Error(at, "must be `true` or `false`");
        }

        return value.ValueKind is JsonValueKind.True;
    }

    private JsonElement? Number(JsonElement value, string at)
    {
        if (value.ValueKind is JsonValueKind.Number)
        {
            return value.Clone();
        }

        Error(at, "must be a number");
        return null;
    }

    /// <summary>Reads a whole number, also one written as <c>2.0</c>; one that an int cannot hold becomes the largest int.</summary>
    private int? Count(JsonElement value, string at)
    {
        if (value.ValueKind is JsonValueKind.Number && JsonNumber.Of(value) is { IsInteger: true } count && (count.IsPositive || count.IsZero))
        {
            return (int)Math.Min(value.GetDouble(), int.MaxValue);
        }

        Error(at, "must be a whole number, zero or more");
        return null;
    }

    private void Error(string pointer, string message, bool atKey = false)
    {
        if (!IsFull)
        {
            _errors.Add(new(pointer, message) { AtKey = atKey });
        }
    }
}

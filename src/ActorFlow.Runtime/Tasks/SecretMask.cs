using System.Text.Json;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Runtime.Tasks;

/// <summary>Takes the values of secrets out of what leaves the worker. Values shorter than 6 characters would mask innocent text.</summary>
internal sealed class SecretMask
{
    /// <summary>The shortest value that is masked.</summary>
    public const int ShortestValue = 6;

    /// <summary>What stands in place of a value.</summary>
    public const string Mask = "***";

    /// <summary>Nothing to mask.</summary>
    public static readonly SecretMask None = new([]);

    private readonly string[] _values;

    public SecretMask(IEnumerable<string> values) =>
        _values = [.. values.Where(value => value.Length >= ShortestValue).Distinct().OrderByDescending(value => value.Length)];

    public bool IsEmpty => _values.Length == 0;

    public string Apply(string text)
    {
        foreach (var value in _values)
        {
            text = text.Replace(value, Mask, StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>Masks strings, names and numbers; a number that holds a secret becomes a string.</summary>
    public Payload Apply(Payload payload)
    {
        if (IsEmpty)
        {
            return payload;
        }

        using var document = payload.ToDocument();
        return Payload.Write(writer => Write(document.RootElement, writer));
    }

    private void Write(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(element, writer);
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(item, writer);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Apply(element.GetString()!));
                break;
            case JsonValueKind.Number when Apply(element.GetRawText()) is var masked && masked != element.GetRawText():
                writer.WriteStringValue(masked);
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private void WriteObject(JsonElement element, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var property in element.EnumerateObject())
        {
            writer.WritePropertyName(Apply(property.Name));
            Write(property.Value, writer);
        }

        writer.WriteEndObject();
    }
}

using System.Text;
using System.Text.Json;

namespace ActorFlow.Core.Tests.Definitions;

/// <summary>JSON as block YAML, the way a person would write it: only what needs quotes has them.</summary>
internal static class YamlText
{
    public static string Of(string json)
    {
        using var document = JsonDocument.Parse(json, new() { MaxDepth = 256 });
        var text = new StringBuilder();
        Write(document.RootElement, text, indent: 0);
        return text.ToString();
    }

    private static void Write(JsonElement element, StringBuilder text, int indent)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object when element.EnumerateObject().Any():
                foreach (var property in element.EnumerateObject())
                {
                    text.Append('\n').Append(' ', indent).Append(Scalar(property.Name)).Append(':');
                    Write(property.Value, text, indent + 2);
                }

                break;

            case JsonValueKind.Array when element.GetArrayLength() > 0:
                foreach (var item in element.EnumerateArray())
                {
                    text.Append('\n').Append(' ', indent).Append('-');
                    Write(item, text, indent + 2);
                }

                break;

            default:
                text.Append(' ').Append(element.ValueKind is JsonValueKind.String ? Scalar(element.GetString()!) : element.GetRawText());
                break;
        }
    }

    private static string Scalar(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            && text is not ("true" or "True" or "TRUE" or "false" or "False" or "FALSE" or "null" or "Null" or "NULL")
            ? text
            : JsonSerializer.Serialize(text);
}

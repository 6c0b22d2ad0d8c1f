using System.Text.Json;
using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Expressions.Paths;

/// <summary>JavaScript's truthiness of a JSON value.</summary>
internal static class Truth
{
    public static bool Of(Payload? value)
    {
        if (value is null)
        {
            return false;
        }

        var reader = new Utf8JsonReader(value.Utf8.Span, JsonDepth.Reading);
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.Null or JsonTokenType.False => false,
            JsonTokenType.String => reader.ValueSpan.Length > 0,
            JsonTokenType.Number => !JsonNumber.Of(reader.ValueSpan).IsZero,
            _ => true,
        };
    }
}

using System.Text.Json;
using ActorFlow.Core.Expressions.Paths;
using ActorFlow.Core.Expressions.Sandboxing;

namespace ActorFlow.Core.Expressions;

/// <summary>Makes text of a value within text.</summary>
internal static class AsText
{
    /// <summary>The empty string for <c>null</c> and <c>undefined</c>, strings without quotes, objects and arrays as compact JSON.</summary>
    public static string Of(Payload? value)
    {
        if (value is null || value.IsNull)
        {
            return "";
        }

        var reader = new Utf8JsonReader(value.Utf8.Span, JsonDepth.Reading);
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => JsonText.Read(ref reader),
            // Written as JavaScript would write it where that has the same value: every digit is kept.
            JsonTokenType.Number when reader.ValueSpan.IndexOfAny(".eE"u8) >= 0 && JavaScriptNumber.IsTextOf(reader.GetDouble(), reader.ValueSpan) =>
                JavaScriptNumber.Text(reader.GetDouble()),
            _ => value.ToString(),
        };
    }
}

using System.Text.Json;

namespace ActorFlow.Core.Payloads;

/// <summary>Faults for which a payload is refused. They are checked for every payload, since trusted bytes have not been checked before.</summary>
internal static class PayloadFault
{
    /// <summary>Whether it nests deeper than <see cref="JsonDepth.Limit"/>.</summary>
    public static bool IsTooDeep(Payload payload) => JsonDepth.IsOver(payload.Utf8.Span);

    /// <summary>Whether it is not valid text: not UTF-8, or with half of a surrogate pair.</summary>
    public static bool IsNotText(Payload payload)
    {
        var utf8 = payload.Utf8.Span;
        return UnicodeText.IndexOfInvalid(utf8) >= 0 || (HasSurrogateEscape(utf8) && HasHalfPair(utf8));
    }

    private static bool HasSurrogateEscape(ReadOnlySpan<byte> utf8) => utf8.IndexOf("\\ud"u8) >= 0 || utf8.IndexOf("\\uD"u8) >= 0;

    private static bool HasHalfPair(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, JsonDepth.Reading);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    reader.GetString();
                }
            }

            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}

namespace ActorFlow.Core.Definitions.Reading;

/// <summary>
/// The type of an unquoted YAML scalar: <c>null</c>, <c>true</c>, <c>false</c> and numbers exactly as JSON has them (and <c>~</c>, nothing
/// at all, and the core schema's capitals); everything else is text, <c>yes</c>, <c>0123</c> and <c>1_000</c> included.
/// </summary>
internal static class ScalarTyping
{
    public static ScalarKind KindOf(ReadOnlySpan<char> plain) => plain switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Null,
        "true" or "True" or "TRUE" => ScalarKind.True,
        "false" or "False" or "FALSE" => ScalarKind.False,
        _ => IsJsonNumber(plain) ? ScalarKind.Number : ScalarKind.Text,
    };

    private static bool IsJsonNumber(ReadOnlySpan<char> text)
    {
        if (text is ['-', ..])
        {
            text = text[1..];
        }

        var whole = TakeDigits(ref text, out var first);
        if (whole == 0 || (whole > 1 && first == '0'))
        {
            return false;
        }

        if (text is ['.', ..])
        {
            text = text[1..];
            if (TakeDigits(ref text, out _) == 0)
            {
                return false;
            }
        }

        if (text is ['e' or 'E', ..])
        {
            text = text is [_, '+' or '-', ..] ? text[2..] : text[1..];
            if (TakeDigits(ref text, out _) == 0)
            {
                return false;
            }
        }

        return text.IsEmpty;
    }

    private static int TakeDigits(ref ReadOnlySpan<char> text, out char first)
    {
        first = text.IsEmpty ? '\0' : text[0];
        var count = 0;
        while (count < text.Length && char.IsAsciiDigit(text[count]))
        {
            count++;
        }

        text = text[count..];
        return count;
    }
}

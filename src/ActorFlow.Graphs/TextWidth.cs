using System.Globalization;

namespace ActorFlow.Graphs;

/// <summary>Estimates how wide a text is in a common sans serif, slightly too wide rather than too narrow, without reading fonts.</summary>
internal static class TextWidth
{
    private const string Ellipsis = "…";

    /// <summary>The width in pixels.</summary>
    public static double Of(string text, double fontSize) => text.Sum(Width) * fontSize;

    /// <summary>The text without its middle, so that it fits: names with the same beginning often differ at the end.</summary>
    public static string Fit(string text, double fontSize, double width)
    {
        if (Of(text, fontSize) <= width)
        {
            return text;
        }

        // Not even the ellipsis fits: leave the text out.
        if (Of(Ellipsis, fontSize) > width)
        {
            return "";
        }

        // Whole characters only: half an emoji, or an accent without its letter, would be another text.
        var letters = StringInfo.ParseCombiningCharacters(text);
        var (head, tail) = (0, letters.Length);
        var left = width - Of(Ellipsis, fontSize);
        while (head < tail)
        {
            var fromHead = head <= letters.Length - tail;
            var letter = fromHead ? head : tail - 1;
            left -= Of(text[letters[letter]..(letter + 1 < letters.Length ? letters[letter + 1] : text.Length)], fontSize);
            if (left < 0)
            {
                break;
            }

            _ = fromHead ? head++ : tail--;
        }

        return $"{text[..letters[head]]}{Ellipsis}{(tail < letters.Length ? text[letters[tail]..] : "")}";
    }

    // The bold face of DejaVu Sans, the widest of those that browsers fall back to.
    private static double Width(char letter) => letter switch
    {
        'i' or 'j' or 'l' or '|' or '\'' or '.' or ',' or ':' or ';' or '!' or 'I' or ' ' => 0.42,
        'f' or 't' or 'r' or '-' or '(' or ')' or '[' or ']' or '/' or '·' or '`' or '"' => 0.53,
        'm' or 'M' or 'w' or 'W' or '@' or '%' or '…' or 'Æ' or 'æ' or 'Œ' or 'œ' or '—' => 1.12,
        >= 'A' and <= 'Z' => 0.87,
        >= 'a' and <= 'z' or >= '0' and <= '9' or '_' => 0.73,
        < '\u0250' => 0.9,
        // What joins or combines has no width of its own; half an emoji each; ideographs are square.
        '\u200B' or '\u200C' or '\u200D' or '\uFE0E' or '\uFE0F' => 0,
        _ => char.IsSurrogate(letter) ? 0.7 : 1.12,
    };
}

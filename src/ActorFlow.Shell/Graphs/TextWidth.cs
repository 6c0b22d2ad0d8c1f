namespace ActorFlow.Shell.Graphs;

/// <summary>Estimates how wide a text is in a common sans serif, a little on the wide side. There are no fonts to ask here.</summary>
internal static class TextWidth
{
    /// <summary>The width in pixels.</summary>
    public static double Of(string text, double fontSize) => text.Sum(Width) * fontSize;

    /// <summary>The text, its middle left out so that it fits: names that begin alike often differ at the end.</summary>
    public static string Fit(string text, double fontSize, double width)
    {
        if (Of(text, fontSize) <= width)
        {
            return text;
        }

        var (head, tail) = (0, text.Length);
        var left = width - (Width('…') * fontSize);
        while (head < tail)
        {
            var fromHead = head <= text.Length - tail;
            left -= Width(fromHead ? text[head] : text[tail - 1]) * fontSize;
            if (left < 0)
            {
                break;
            }

            _ = fromHead ? head++ : tail--;
        }

        // No half characters.
        head -= head > 0 && char.IsHighSurrogate(text[head - 1]) ? 1 : 0;
        tail += tail < text.Length && char.IsLowSurrogate(text[tail]) ? 1 : 0;
        return $"{text[..head]}…{text[tail..]}";
    }

    private static double Width(char letter) => letter switch
    {
        'i' or 'j' or 'l' or '|' or '\'' or '.' or ',' or ':' or ';' or '!' or 'I' => 0.3,
        'f' or 't' or 'r' or ' ' or '-' or '(' or ')' or '[' or ']' or '/' or '·' => 0.4,
        'm' or 'M' or 'w' or 'W' or '@' or '%' or '…' => 0.95,
        >= 'A' and <= 'Z' => 0.72,
        < '\u0250' => 0.6,
        // Half an emoji each; ideographs are square.
        _ => char.IsSurrogate(letter) ? 0.7 : 1.05,
    };
}

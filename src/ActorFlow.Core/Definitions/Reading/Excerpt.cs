namespace ActorFlow.Core.Definitions.Reading;

/// <summary>A user's text within a message: in backquotes, on one line, cut where it is long.</summary>
internal static class Excerpt
{
    private const int MaxLength = 60;

    public static string Of(string text)
    {
        var cut = text.Length <= MaxLength ? text : text[..MaxLength] + "...";
        return "`" + OneLine(cut) + "`";
    }

    /// <summary>The text with a blank for each control character and broken surrogate.</summary>
    public static string OneLine(string text) =>
        text.Any(IsUnprintable) ? string.Create(text.Length, text, (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = IsUnprintable(source[i]) ? ' ' : source[i];
            }
        }) : text;

    private static bool IsUnprintable(char c) => char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029';
}

namespace ActorFlow.Shell;

/// <summary>Text of others, made fit for one line of a terminal.</summary>
internal static class OneLine
{
    /// <summary>The text with every run of white space and control characters as one space.</summary>
    public static string Of(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(string.Join(' ', words).Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));
    }

    /// <summary>The text on one line, cut to a width.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="width">In UTF-16 units, 1 or more.</param>
    public static string Of(string text, int width)
    {
        var line = Of(text);
        return line.Length <= width ? line : line[..(width - 1)] + "…";
    }
}

using System.Globalization;
using Spectre.Console;

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
    /// <param name="width">In columns of a terminal, 1 or more: an ideograph or an emoji takes two.</param>
    public static string Of(string text, int width)
    {
        var line = Of(text);
        if (line.GetCellWidth() <= width)
        {
            return line;
        }

        // Whole characters only: what combines stays with what it combines with.
        var (end, left) = (0, width - 1);
        while (StringInfo.GetNextTextElementLength(line, end) is > 0 and var length && (left -= line.Substring(end, length).GetCellWidth()) >= 0)
        {
            end += length;
        }

        return line[..end] + "…";
    }

    /// <summary>The text, filled with blanks to a width in columns of a terminal.</summary>
    public static string Padded(string text, int width) => text + new string(' ', Math.Max(0, width - text.GetCellWidth()));
}

using System.Globalization;
using ActorFlow.Core.Payloads;
using Spectre.Console;

namespace ActorFlow.Shell;

/// <summary>Makes text fit for one line of a terminal.</summary>
internal static class TerminalText
{
    /// <summary>The text on one line, cut to a width.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="width">The width in columns of a terminal, 1 or more: an ideograph or an emoji takes two.</param>
    public static string Fit(string text, int width)
    {
        var line = OneLine.Of(text);
        if (line.GetCellWidth() <= width)
        {
            return line;
        }

        // Whole characters only: a combining character stays with its base.
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

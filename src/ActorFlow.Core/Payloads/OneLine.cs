using System.Buffers;
using System.Text;

namespace ActorFlow.Core.Payloads;

/// <summary>Makes text fit for a message: one line, without control characters.</summary>
internal static class OneLine
{
    private static readonly SearchValues<char> Suspects = SearchValues.Create(
        [.. Enumerable.Range(0, char.MaxValue + 1).Select(code => (char)code).Where(IsGap), .. Enumerable.Range(0xD800, 0x800).Select(code => (char)code)]);

    /// <summary>The text with each run of white space, control characters and halves of surrogate pairs as one blank.</summary>
    /// <param name="text">Any text.</param>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.AsSpan().IndexOfAny(Suspects) < 0)
        {
            return text;
        }

        var line = new StringBuilder(text.Length);
        foreach (var rune in UnicodeText.OnOneLine(text).EnumerateRunes())
        {
            if (!Rune.IsWhiteSpace(rune))
            {
                line.Append(rune);
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        return line.ToString().TrimEnd();
    }

    /// <summary>The same, cut to a length: a cut text ends in <c>...</c>.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="length">The UTF-16 units allowed, 4 or more.</param>
    public static string Of(string text, int length)
    {
        var line = Of(text);
        return line.Length <= length ? line : string.Concat(UnicodeText.Beginning(line, length - 3), "...");
    }

    private static bool IsGap(char character) => char.IsWhiteSpace(character) || char.IsControl(character);
}

using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace ActorFlow;

/// <summary>Whether text is Unicode: each surrogate in a pair, each byte part of a UTF-8 character.</summary>
internal static class UnicodeText
{
    /// <summary>The index of the first surrogate without its other half; -1 if there is none.</summary>
    public static int IndexOfHalfPair(ReadOnlySpan<char> text)
    {
        var at = 0;
        while (text[at..].IndexOfAnyInRange('\uD800', '\uDFFF') is >= 0 and var found)
        {
            at += found;
            if (at + 1 >= text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
            {
                return at;
            }

            at += 2;
        }

        return -1;
    }

    /// <summary>The text on one line: a blank for each control character, separator of lines and half of a pair.</summary>
    internal static string OnOneLine(string text) => string.Create(text.Length, text, static (line, source) =>
    {
        for (var i = 0; i < line.Length; i++)
        {
            var isHalf = char.IsSurrogate(source[i]) && !(i + 1 < source.Length && char.IsSurrogatePair(source[i], source[i + 1]))
                && !(i > 0 && char.IsSurrogatePair(source[i - 1], source[i]));
            line[i] = isHalf || char.IsControl(source[i]) || source[i] is '\u2028' or '\u2029' ? ' ' : source[i];
        }
    });

    /// <summary>The beginning of a text, without half of a pair at its end.</summary>
    internal static ReadOnlySpan<char> Beginning(string text, int length) =>
        text.AsSpan(0, length > 0 && length < text.Length && char.IsSurrogatePair(text[length - 1], text[length]) ? length - 1 : Math.Min(length, text.Length));

    /// <summary>The index of the first byte that is not UTF-8; -1 if there is none.</summary>
    public static int IndexOfInvalid(ReadOnlySpan<byte> utf8)
    {
        if (Utf8.IsValid(utf8))
        {
            return -1;
        }

        var at = 0;
        while (Rune.DecodeFromUtf8(utf8[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }
}

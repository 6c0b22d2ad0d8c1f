using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace ActorFlow.Core.Payloads;

/// <summary>Whether text is Unicode: each surrogate in a pair, each byte part of a UTF-8 character.</summary>
public static class UnicodeText
{
    /// <summary>The first surrogate without its other half; -1: none.</summary>
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

    /// <summary>The first byte that is no UTF-8; -1: none.</summary>
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

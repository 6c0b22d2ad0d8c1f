using System.Buffers;
using System.Text;

namespace ActorFlow.Core.Definitions.Reading;

/// <summary>A file's bytes as text: UTF-8 with or without a byte order mark, free of control characters.</summary>
internal static class SourceText
{
    private const char ByteOrderMark = '\uFEFF';

    private static readonly SearchValues<char> Forbidden = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(i => (char)i).Where(c => c is not ('\t' or '\n' or '\r')), '\u007F', '\uFFFE', '\uFFFF']);

    /// <summary>The text; null if the bytes are not valid text, which has then been reported.</summary>
    public static string? Decode(ReadOnlySpan<byte> bytes, ProblemList problems)
    {
        if (bytes.Length > DefinitionLimits.FileBytes)
        {
            problems.Add(DefinitionCodes.TooLarge, SourcePosition.Start, "the file is over 16 MiB");
            return null;
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            problems.Add(DefinitionCodes.NotText, SourcePosition.Start, "the file is UTF-16; save it as UTF-8");
            return null;
        }

        var invalid = UnicodeText.IndexOfInvalid(bytes);
        if (invalid < 0)
        {
            return Check(Encoding.UTF8.GetString(bytes), problems);
        }

        var before = Encoding.UTF8.GetString(bytes[..invalid]);
        problems.Add(DefinitionCodes.NotText, PositionOf(before, before.Length), $"the byte 0x{bytes[invalid]:X2} is not UTF-8 text");
        return null;
    }

    /// <summary>The text without its byte order mark; null if it is not valid text, which has then been reported.</summary>
    public static string? Check(string text, ProblemList problems)
    {
        if (text.Length > DefinitionLimits.FileBytes)
        {
            problems.Add(DefinitionCodes.TooLarge, SourcePosition.Start, "the file is over 16 MiB");
            return null;
        }

        text = text.StartsWith(ByteOrderMark) ? text[1..] : text;
        var forbidden = text.AsSpan().IndexOfAny(Forbidden);
        if (forbidden < 0)
        {
            forbidden = UnicodeText.IndexOfHalfPair(text);
        }

        if (forbidden < 0)
        {
            return text;
        }

        problems.Add(DefinitionCodes.NotText, PositionOf(text, forbidden), $"the character U+{(int)text[forbidden]:X4} does not belong in text; is this a binary file?");
        return null;
    }

    /// <summary>The position of an offset, counted by line feeds and carriage returns.</summary>
    public static SourcePosition PositionOf(ReadOnlySpan<char> text, int offset)
    {
        var (line, start) = (1, 0);
        for (var i = 0; i < offset; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && !(i + 1 < text.Length && text[i + 1] == '\n')))
            {
                (line, start) = (line + 1, i + 1);
            }
        }

        return new(line, offset - start + 1);
    }
}

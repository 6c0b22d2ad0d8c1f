using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace ActorFlow.Runtime.Tasks.Secrets;

/// <summary>A text in UTF-8 with escapes undone, that knows for each of its bytes where in the original it comes from.</summary>
internal sealed class SearchedText
{
    private readonly byte[] _bytes;
    private readonly int[] _starts;
    private readonly int[] _ends;
    private readonly SearchedText? _source;
    private int _count;
    private bool _differs;

    private SearchedText(int capacity, SearchedText? source)
    {
        (_bytes, _starts, _ends, _source) = (new byte[capacity], new int[capacity], new int[capacity], source);
    }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _count);

    /// <summary>Where in the original the byte at <paramref name="index"/> begins.</summary>
    public int StartOf(int index) => _starts[index];

    /// <summary>Where in the original the byte at <paramref name="index"/> ends.</summary>
    public int EndOf(int index) => _ends[index];

    /// <summary>Undoes the escapes of URLs; null means that there are none.</summary>
    public static SearchedText? WithoutPercents(ReadOnlySpan<byte> text, SearchedText? source, bool plusIsBlank)
    {
        var view = new SearchedText(text.Length, source);
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '%' && i + 2 < text.Length && Utf8Parser.TryParse(text.Slice(i + 1, 2), out byte value, out var used, 'X') && used == 2)
            {
                view.Add(value, i, i + 3);
                i += 3;
                continue;
            }

            view.Add(plusIsBlank && text[i] == '+' ? (byte)' ' : text[i], i, i + 1, plusIsBlank && text[i] == '+');
            i++;
        }

        return view.IfDifferent();
    }

    /// <summary>Undoes the escapes of JSON; null means that there are none.</summary>
    public static SearchedText? WithoutBackslashes(ReadOnlySpan<byte> text, SearchedText? source)
    {
        var view = new SearchedText(text.Length, source);
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '\\' && Unescape(text[i..], out var rune) is var length and > 0)
            {
                foreach (var value in utf8[..rune.EncodeToUtf8(utf8)])
                {
                    view.Add(value, i, i + length);
                }

                i += length;
                continue;
            }

            view.Add(text[i], i, i + 1, differs: false);
            i++;
        }

        return view.IfDifferent();
    }

    /// <summary>Leaves out the ends of lines, which break long base64; null means that there are none.</summary>
    public static SearchedText? WithoutLineEnds(ReadOnlySpan<byte> text)
    {
        var view = new SearchedText(text.Length, null);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is (byte)'\r' or (byte)'\n')
            {
                view._differs = true;
            }
            else
            {
                view.Add(text[i], i, i + 1, differs: false);
            }
        }

        return view.IfDifferent();
    }

    private void Add(byte value, int start, int end, bool differs = true)
    {
        _bytes[_count] = value;
        _starts[_count] = _source?.StartOf(start) ?? start;
        _ends[_count++] = _source?.EndOf(end - 1) ?? end;
        _differs |= differs;
    }

    private SearchedText? IfDifferent() => _differs ? this : null;

    private static int Unescape(ReadOnlySpan<byte> text, out Rune rune)
    {
        var mark = text.Length < 2 ? (byte)0 : text[1];
        if (mark == 'u')
        {
            return Hex(text, out rune);
        }

        var plain = mark switch
        {
            (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'\'' => (char)mark,
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            _ => '\0',
        };
        rune = new(plain);
        return plain == '\0' ? 0 : 2;
    }

    private static int Hex(ReadOnlySpan<byte> text, out Rune rune)
    {
        rune = Rune.ReplacementChar;
        if (Unit(text) is not { } unit)
        {
            return 0;
        }

        if (char.IsHighSurrogate(unit) && text.Length > 7 && text[6] == '\\' && text[7] == 'u' && Unit(text[6..]) is { } low
            && char.IsLowSurrogate(low))
        {
            rune = new(unit, low);
            return 12;
        }

        rune = char.IsSurrogate(unit) ? Rune.ReplacementChar : new(unit);
        return 6;
    }

    private static char? Unit(ReadOnlySpan<byte> escape) =>
        escape.Length >= 6 && ushort.TryParse(escape.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;
}

using System.Globalization;
using System.Text;

namespace ActorFlow.Core.Schemas;

/// <summary>A set of Unicode code points, such as a class of a JavaScript regular expression. Immutable.</summary>
internal sealed class CodePointSet
{
    private const int LastOfPlaneZero = 0xFFFF;
    private const int Last = 0x10FFFF;

    public static readonly CodePointSet Digits = new([('0', '9')]);

    public static readonly CodePointSet Words = new([('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]);

    public static readonly CodePointSet WhiteSpace = new(
        [('\t', '\r'), (' ', ' '), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)]);

    /// <summary>The code points that <c>.</c> stands for.</summary>
    public static readonly CodePointSet NoLineEnds = new CodePointSet([('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029)]).Complement();

    private readonly List<(int First, int Last)> _ranges = [];

    /// <param name="ranges">In any order; they may overlap.</param>
    public CodePointSet(IEnumerable<(int First, int Last)> ranges)
    {
        foreach (var range in ranges.Order())
        {
            if (_ranges.Count > 0 && range.First <= _ranges[^1].Last + 1)
            {
                _ranges[^1] = (_ranges[^1].First, Math.Max(_ranges[^1].Last, range.Last));
            }
            else
            {
                _ranges.Add(range);
            }
        }
    }

    public IReadOnlyList<(int First, int Last)> Ranges => _ranges;

    /// <summary>The only code point of the set; null if it does not have exactly one.</summary>
    public int? Only => _ranges is [var range] && range.First == range.Last ? range.First : null;

    public static CodePointSet Of(int codePoint) => new([(codePoint, codePoint)]);

    public CodePointSet Complement()
    {
        var gaps = new List<(int First, int Last)>();
        var next = 0;
        foreach (var (first, last) in _ranges)
        {
            if (first > next)
            {
                gaps.Add((next, first - 1));
            }

            next = last + 1;
        }

        if (next <= Last)
        {
            gaps.Add((next, Last));
        }

        return new(gaps);
    }

    /// <summary>The set as a .NET expression, which counts UTF-16 units: beyond U+FFFF a pair of them.</summary>
    public string ToRegex()
    {
        var alternatives = new List<string>();
        var single = new StringBuilder();
        foreach (var (first, last) in _ranges)
        {
            // Halves of pairs by themselves stand for nothing.
            AppendUnits(single, first, Math.Min(last, 0xD7FF));
            AppendUnits(single, Math.Max(first, 0xE000), Math.Min(last, LastOfPlaneZero));
            AddPairs(alternatives, Math.Max(first, LastOfPlaneZero + 1), last);
        }

        if (single.Length > 0)
        {
            alternatives.Insert(0, $"[{single}]");
        }

        return alternatives switch
        {
            [] => @"[^\u0000-\uFFFF]",
            [var only] when single.Length > 0 => only,
            _ => $"(?:{string.Join('|', alternatives)})",
        };
    }

    private static void AddPairs(List<string> alternatives, int first, int last)
    {
        while (first <= last)
        {
            var (high, low) = Pair(first);
            var (lastHigh, lastLow) = Pair(last);
            if (high == lastHigh || low != 0xDC00)
            {
                // The last high half may have fewer low halves.
                var end = high == lastHigh ? lastLow : 0xDFFF;
                alternatives.Add(Unit(high) + Class(low, end));
                first += end - low + 1;
            }
            else
            {
                var whole = lastLow == 0xDFFF ? lastHigh : lastHigh - 1;
                alternatives.Add(Class(high, whole) + Class(0xDC00, 0xDFFF));
                first += (whole - high + 1) * 0x400;
            }
        }
    }

    private static (int High, int Low) Pair(int codePoint) =>
        (0xD800 + ((codePoint - 0x10000) >> 10), 0xDC00 + ((codePoint - 0x10000) & 0x3FF));

    private static string Class(int first, int last) => first == last ? Unit(first) : $"[{Unit(first)}-{Unit(last)}]";

    private static void AppendUnits(StringBuilder text, int first, int last)
    {
        if (first <= last)
        {
            text.Append(Unit(first));
        }

        if (first < last)
        {
            text.Append('-').Append(Unit(last));
        }
    }

    private static string Unit(int unit) => "\\u" + unit.ToString("X4", CultureInfo.InvariantCulture);
}

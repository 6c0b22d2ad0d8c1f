using System.Buffers.Binary;

namespace ActorFlow.Runtime.Tasks.Secrets;

/// <summary>One text to look for.</summary>
/// <param name="Bytes">At least 4 bytes.</param>
/// <param name="Before">How many characters before it hold a part of the same secret.</param>
/// <param name="After">How many characters after it do.</param>
internal sealed record BytePattern(byte[] Bytes, int Before = 0, int After = 0);

/// <summary>Looks for many texts at once: a filter over their first four bytes, then the longest that fits.</summary>
internal sealed class BytePatterns
{
    private const int Prefix = sizeof(uint);

    private readonly ulong[] _filter = new ulong[1024];
    private readonly Dictionary<uint, BytePattern[]> _byPrefix;

    public BytePatterns(IEnumerable<BytePattern> patterns)
    {
        _byPrefix = patterns
            .GroupBy(pattern => BinaryPrimitives.ReadUInt32LittleEndian(pattern.Bytes))
            .ToDictionary(group => group.Key, group => group.OrderByDescending(pattern => pattern.Bytes.Length).ToArray());
        foreach (var prefix in _byPrefix.Keys)
        {
            var bit = BitOf(prefix);
            _filter[bit >> 6] |= 1UL << (int)(bit & 63);
        }
    }

    /// <summary>The first place from <paramref name="from"/> on where one of the texts stands, and the longest there; −1: none.</summary>
    public int Next(ReadOnlySpan<byte> text, int from, out BytePattern? pattern)
    {
        for (var i = from; i <= text.Length - Prefix; i++)
        {
            var prefix = BinaryPrimitives.ReadUInt32LittleEndian(text[i..]);
            var bit = BitOf(prefix);
            if ((_filter[bit >> 6] & (1UL << (int)(bit & 63))) != 0 && (pattern = Fitting(prefix, text[i..])) is not null)
            {
                return i;
            }
        }

        pattern = null;
        return -1;
    }

    private BytePattern? Fitting(uint prefix, ReadOnlySpan<byte> text)
    {
        if (_byPrefix.TryGetValue(prefix, out var patterns))
        {
            foreach (var pattern in patterns)
            {
                if (text.StartsWith(pattern.Bytes))
                {
                    return pattern;
                }
            }
        }

        return null;
    }

    private static uint BitOf(uint prefix) => (prefix * 2654435769u) >> 16;
}

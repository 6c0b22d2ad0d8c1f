using System.Buffers;
using System.Text.Json;

namespace ActorFlow;

/// <summary>How deep JSON may nest: each array and each object is a level.</summary>
internal static class JsonDepth
{
    /// <summary>The limit for payloads that come in, and for those that a run makes: 128 levels. Deeper JSON is refused.</summary>
    public const int Limit = 128;

    /// <summary>The limit for stored values when they are read: 1,000 levels.</summary>
    public const int Stored = 1_000;

    /// <summary>For a reader of a value that was accepted.</summary>
    internal static readonly JsonReaderOptions Reading = new() { MaxDepth = Stored };

    /// <summary>For a document of a value that was accepted.</summary>
    internal static readonly JsonDocumentOptions Document = new() { MaxDepth = Stored };

    private static readonly SearchValues<byte> Structure = SearchValues.Create("[]{}\""u8);

    /// <summary>Whether JSON nests deeper than <paramref name="limit"/>. It uses constant stack and allocates nothing.</summary>
    /// <param name="utf8">JSON, valid or not: brackets outside strings count.</param>
    /// <param name="limit">The levels allowed.</param>
    public static bool IsOver(ReadOnlySpan<byte> utf8, int limit = Limit)
    {
        var depth = 0;

        // Each level has two brackets.
        while (depth + (utf8.Length / 2) > limit && utf8.IndexOfAny(Structure) is >= 0 and var next)
        {
            var token = utf8[next];
            utf8 = utf8[(next + 1)..];
            if (token == '"')
            {
                utf8 = BehindString(utf8);
            }
            else if (token is (byte)']' or (byte)'}')
            {
                depth--;
            }
            else if (++depth > limit)
            {
                return true;
            }
        }

        return false;
    }

    private static ReadOnlySpan<byte> BehindString(ReadOnlySpan<byte> utf8)
    {
        while (utf8.IndexOfAny((byte)'"', (byte)'\\') is >= 0 and var at)
        {
            if (utf8[at] == '"')
            {
                return utf8[(at + 1)..];
            }

            utf8 = utf8[Math.Min(at + 2, utf8.Length)..];
        }

        return [];
    }
}

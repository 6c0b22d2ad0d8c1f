using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ActorFlow.Runtime.Index;

namespace ActorFlow.Runtime.Client;

/// <summary>The cursor of a list: the place where its page ended, and the filter that it belongs to. How many runs a page holds may change.</summary>
internal static class ListCursor
{
    private const char Separator = '.';
    private const int HashBytes = 9;

    /// <summary>Makes the cursor of the next page.</summary>
    /// <param name="query">The filter.</param>
    /// <param name="continuation">Where the page ended.</param>
    public static string Of(IndexQuery query, string continuation) => HashOf(query) + Separator + continuation;

    /// <summary>Reads where the page before ended.</summary>
    /// <param name="query">The filter, which must be that of the page before.</param>
    /// <param name="cursor">The cursor.</param>
    /// <exception cref="InvalidRequestException">It is no cursor, or one of another filter.</exception>
    public static string Read(IndexQuery query, string cursor)
    {
        var end = cursor.IndexOf(Separator, StringComparison.Ordinal);
        if (end < 0)
        {
            throw WorkflowRefusedException.Of("invalid-request", "The cursor is not one that a list has given.");
        }

        return cursor.AsSpan(0, end).SequenceEqual(HashOf(query))
            ? cursor[(end + 1)..]
            : throw WorkflowRefusedException.Of("invalid-request", "The cursor belongs to a list of another filter. Begin that list anew.");
    }

    private static string HashOf(IndexQuery query)
    {
        var text = new StringBuilder();
        foreach (var status in query.Statuses.Distinct().Order())
        {
            Add(text, status.ToString());
        }

        Add(text, null);
        foreach (var (key, value) in query.Tags)
        {
            Add(text, key);
            Add(text, value);
        }

        Add(text, null);
        Add(text, query.Definition);
        Add(text, query.Version?.ToString(CultureInfo.InvariantCulture));
        Add(text, query.StartedSince?.UtcTicks.ToString(CultureInfo.InvariantCulture));
        Add(text, query.StartedUntil?.UtcTicks.ToString(CultureInfo.InvariantCulture));
        Add(text, query.Parent);
        Add(text, query.Text);
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, HashBytes));
    }

    /// <summary>Adds a value behind its length, so that no two filters give the same text.</summary>
    private static void Add(StringBuilder text, string? value) =>
        text.Append(CultureInfo.InvariantCulture, $"{value?.Length ?? -1} {value}");
}

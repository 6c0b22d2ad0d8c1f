using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace ActorFlow.Runtime.Index;

/// <summary>A selection of runs to list or count: those that match every property. Purged runs never match.</summary>
internal sealed record IndexQuery
{
    /// <summary>The most runs of one page.</summary>
    public const int LargestPage = 1_000;

    /// <summary>The most tags of one query.</summary>
    public const int MostTags = 10;

    /// <summary>Their status is one of these; empty means any.</summary>
    public ImmutableArray<WorkflowStatus> Statuses { get; init; } = [];

    /// <summary>The name of their definition; null means any.</summary>
    public string? Definition { get; init; }

    /// <summary>The version of their definition; null means any.</summary>
    public int? Version { get; init; }

    /// <summary>They started at this time or later; null means at any time.</summary>
    public DateTimeOffset? StartedSince { get; init; }

    /// <summary>They started before this time; null means at any time.</summary>
    public DateTimeOffset? StartedUntil { get; init; }

    /// <summary>They have all of these tags, with these values; empty means any.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>The id of their parent; null means any parent, or none.</summary>
    public string? Parent { get; init; }

    /// <summary>A text that occurs in their id, definition, failure or a tag's value, without regard to case; null means any.</summary>
    public string? Text { get; init; }

    /// <summary>How many runs one page holds, 1 to <see cref="LargestPage"/>; the default is 100. Counts ignore it.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>The end of the previous page: its <see cref="IndexPage.Continuation"/>; null means that the page begins at the newest run. Counts ignore it.</summary>
    public string? Continuation { get; init; }

    /// <summary>Checks the query, and returns the place after which the page begins.</summary>
    /// <exception cref="ArgumentException">A value is out of range, or the continuation is not valid.</exception>
    internal IndexPlace Check()
    {
        if (Limit is < 1 or > LargestPage)
        {
            throw new ArgumentException($"Limit must lie between 1 and {LargestPage}.");
        }

        if (Tags.Count > MostTags)
        {
            throw new ArgumentException($"There must be at most {MostTags} tags.");
        }

        return Continuation is null ? IndexPlace.Newest : IndexPlace.Parse(Continuation);
    }

    /// <summary>Whether a run matches, its tags included.</summary>
    internal bool Fits(WorkflowIndexRow row) =>
        row.Purged is null
        && (Statuses.IsDefaultOrEmpty || Statuses.Contains(row.Status))
        && (Definition is null || row.Definition == Definition)
        && (Version is null || row.Version == Version)
        && (StartedSince is null || row.Started >= StartedSince)
        && (StartedUntil is null || row.Started < StartedUntil)
        && (Parent is null || row.Parent == Parent)
        && Tags.All(tag => row.Tags.TryGetValue(tag.Key, out var value) && value == tag.Value)
        && (string.IsNullOrEmpty(Text) || row.SearchText.Contains(Text.ToUpperInvariant(), StringComparison.Ordinal));
}

/// <summary>One page of a list.</summary>
/// <param name="Rows">The runs, the newest start first.</param>
/// <param name="Continuation">The continuation to request the next page with; null means that this is the last page.</param>
internal sealed record IndexPage(ImmutableArray<WorkflowIndexRow> Rows, string? Continuation)
{
    /// <summary>Makes a page of the rows that were found: one row more than it holds means that there are more.</summary>
    internal static IndexPage Of(IReadOnlyList<WorkflowIndexRow> found, int limit) => found.Count <= limit
        ? new([.. found], null)
        : new([.. found.Take(limit)], IndexPlace.Of(found[limit - 1]).ToString());
}

/// <summary>A place in the order of lists: by start, then by id, both descending. Rows that are added at the front do not move it.</summary>
internal readonly record struct IndexPlace(long StartedTicks, string WorkflowId) : IComparable<IndexPlace>
{
    public static IndexPlace Newest => new(long.MaxValue, string.Empty);

    public static IndexPlace Of(WorkflowIndexRow row) => new(row.Started.UtcTicks, row.WorkflowId);

    public static IndexPlace Parse(string continuation)
    {
        try
        {
            var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(continuation));
            var parts = text.Split(' ', 2);
            return new(long.Parse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture), parts[1]);
        }
        catch (Exception error) when (error is FormatException or IndexOutOfRangeException or OverflowException)
        {
            throw new ArgumentException("The continuation is not one that a list has given.", error);
        }
    }

    public int CompareTo(IndexPlace other) => StartedTicks.CompareTo(other.StartedTicks) is not 0 and var byStart
        ? byStart
        : string.CompareOrdinal(WorkflowId, other.WorkflowId);

    public override string ToString() => Base64Url.EncodeToString(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{StartedTicks} {WorkflowId}")));
}

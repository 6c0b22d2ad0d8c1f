namespace ActorFlow;

/// <summary>A selection of runs to list or count: those that match every property. Purged runs never match.</summary>
public sealed record ListQuery
{
    /// <summary>Their status is one of these; empty, the default, means any.</summary>
    public IReadOnlyCollection<WorkflowStatus> Status { get; init; } = [];

    /// <summary>Their definition, as <c>order</c> or <c>order@3</c>; null, the default, means any.</summary>
    public string? Definition { get; init; }

    /// <summary>They have all of these tags, with these values, at most 10; empty, the default, means any.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>They were started at this time or later; null, the default, means at any time.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>They were started before this time; null, the default, means at any time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The id of their parent; null, the default, means any parent, or none.</summary>
    public string? Parent { get; init; }

    /// <summary>A text that occurs in their id, definition, failure or a tag's value, without regard to case; null, the default, means any.</summary>
    public string? Text { get; init; }

    /// <summary>How many runs a page holds, 1 to 1,000; the default is 100. Counts ignore it.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>The end of the previous page: its <see cref="WorkflowPage.Next"/>, with the same filter; null, the default, means that the list begins at the newest run. Counts ignore it.</summary>
    public string? Cursor { get; init; }
}

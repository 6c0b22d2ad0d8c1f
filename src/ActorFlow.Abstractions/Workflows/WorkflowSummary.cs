using System.Collections.Immutable;

namespace ActorFlow;

/// <summary>A run as lists show it. A list may be up to a second behind the run itself.</summary>
public sealed record WorkflowSummary
{
    /// <summary>The id of the run.</summary>
    public required string Id { get; init; }

    /// <summary>The id of this start of the run, which stays unique even if the id is used again.</summary>
    public required Guid RunId { get; init; }

    /// <summary>The name of its definition.</summary>
    public required string Definition { get; init; }

    /// <summary>The version of its definition.</summary>
    public required int Version { get; init; }

    /// <summary>Its status.</summary>
    public required WorkflowStatus Status { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it last recorded anything.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it ended; null means that it is open.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>The id of its parent; null means that it has none.</summary>
    public string? Parent { get; init; }

    /// <summary>Its tags.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Why it failed or is stuck, in short; null means neither.</summary>
    public FailureSummary? Failure { get; init; }
}

/// <summary>Why a run failed, in short.</summary>
/// <param name="Type">The error type.</param>
/// <param name="Message">What went wrong, for people; at most 300 characters.</param>
public sealed record FailureSummary(string Type, string Message);

/// <summary>A page of a list of runs.</summary>
/// <param name="Items">The runs, the newest start first.</param>
/// <param name="Next">The cursor of the next page; null means that this is the last page.</param>
public sealed record WorkflowPage(ImmutableArray<WorkflowSummary> Items, string? Next)
{
    /// <summary>
    /// The time of the list. What the runs of the node that lists had recorded before it is in the list, unless the store cannot write; runs of
    /// other nodes may be a quarter of a second behind.
    /// </summary>
    public DateTimeOffset AsOf { get; init; }
}

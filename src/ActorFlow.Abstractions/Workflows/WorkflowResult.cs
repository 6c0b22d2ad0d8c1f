using System.Collections.Immutable;

namespace ActorFlow;

/// <summary>How a run ended.</summary>
public sealed record WorkflowResult
{
    /// <summary>The id of the run.</summary>
    public required string Id { get; init; }

    /// <summary>The definition that it ran.</summary>
    public required DefinitionReference Definition { get; init; }

    /// <summary><see cref="WorkflowStatus.Completed"/>, <see cref="WorkflowStatus.Failed"/>, <see cref="WorkflowStatus.Cancelled"/> or <see cref="WorkflowStatus.Terminated"/>.</summary>
    public required WorkflowStatus Status { get; init; }

    /// <summary>Its output; null unless it completed.</summary>
    public Payload? Output { get; init; }

    /// <summary>Why it failed; null unless it failed.</summary>
    public TaskError? Failure { get; init; }

    /// <summary>Why it was cancelled or terminated; null unless it was.</summary>
    public string? Reason { get; init; }

    /// <summary>The tasks that failed for good, at most 100, first the one that made the run fail.</summary>
    public ImmutableArray<FailedTask> Failures { get; init; } = [];

    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset ClosedAt { get; init; }
}

using System.Collections.Immutable;

namespace ActorFlow.Runtime.Index;

/// <summary>
/// The row of a run in the index. It is a hint: the journal is the truth. All a run's rows are ordered by <paramref name="Sequence"/>, and
/// those of several runs that used one id by their start.
/// </summary>
/// <param name="WorkflowId">The id of the run.</param>
/// <param name="RunId">The id of this start of the run, which stays unique even if the workflow id is used again.</param>
/// <param name="Sequence">The number of the run's newest event in the row, 1 or more.</param>
/// <param name="Definition">The name of its definition.</param>
/// <param name="Version">The version of its definition.</param>
/// <param name="Status">Its status.</param>
/// <param name="Started">When it started.</param>
/// <param name="Updated">The time of its newest event.</param>
internal sealed record WorkflowIndexRow(
    string WorkflowId,
    Guid RunId,
    long Sequence,
    string Definition,
    int Version,
    WorkflowStatus Status,
    DateTimeOffset Started,
    DateTimeOffset Updated)
{
    private const char Separator = '\u001F';

    /// <summary>The id of the parent; null means that the run has no parent.</summary>
    public string? Parent { get; init; }

    /// <summary>Its tags.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>When it ended; null means that it is open.</summary>
    public DateTimeOffset? Closed { get; init; }

    /// <summary>When it must be in memory, because a wait or timeout falls due; null means that nothing falls due.</summary>
    public DateTimeOffset? WakeAt { get; init; }

    /// <summary>Why it failed, or is stuck; null means neither.</summary>
    public IndexedFailure? Failure { get; init; }

    /// <summary>
    /// Since when it is being purged, which takes several steps if it is large; null means that it is not. A purged run leaves a tombstone
    /// in place of this row.
    /// </summary>
    public DateTimeOffset? Purged { get; init; }

    /// <summary>What the closed run may still owe to other runs. The default is nothing.</summary>
    public RunDebts Owes { get; init; }

    /// <summary>The run as lists show it.</summary>
    internal WorkflowSummary ToSummary() => new()
    {
        Id = WorkflowId,
        RunId = RunId,
        Definition = Definition,
        Version = Version,
        Status = Status,
        StartedAt = Started,
        UpdatedAt = Updated,
        ClosedAt = Closed,
        Parent = Parent,
        Tags = Tags,
        Failure = Failure is { } failure ? new(failure.Type, failure.Message) : null,
    };

    /// <summary>The text that a search looks at, in upper case.</summary>
    internal string SearchText =>
        string.Join(Separator, [WorkflowId, Definition, Failure?.Type, Failure?.Message, .. Tags.Values]).ToUpperInvariant();

    /// <summary>Whether this row replaces the present one: the rule of every store (failure rule 6).</summary>
    /// <remarks>A run that was stuck and has recovered has written nothing since, so its number is the same.</remarks>
    internal bool Supersedes(WorkflowIndexRow present) => RunId == present.RunId
        ? present.Purged is null
            && (Sequence > present.Sequence || (Sequence == present.Sequence && present.Status == WorkflowStatus.Stuck))
        : (Started, RunId).CompareTo((present.Started, present.RunId)) > 0;
}

/// <summary>Why a run failed, in short.</summary>
/// <param name="Type">The error type.</param>
/// <param name="Message">What went wrong, for people; at most <see cref="MessageLimit"/> characters.</param>
internal sealed record IndexedFailure(string Type, string Message)
{
    /// <summary>The length of a message that the index keeps, in UTF-16 units.</summary>
    public const int MessageLimit = 300;

    /// <summary>Makes a failure, with its message cut to <see cref="MessageLimit"/>.</summary>
    public static IndexedFailure Of(string type, string message) =>
        new(type, message.Length <= MessageLimit ? message : string.Concat(message.AsSpan(0, MessageLimit - 3), "..."));
}

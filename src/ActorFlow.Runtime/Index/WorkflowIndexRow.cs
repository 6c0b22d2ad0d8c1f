using System.Collections.Immutable;

namespace ActorFlow.Runtime.Index;

/// <summary>
/// What lists know of a run. A hint: the journal is the truth. All a run's rows are ordered by <paramref name="Sequence"/>, and
/// those of several runs that used one id by their start.
/// </summary>
/// <param name="WorkflowId">The id of the run.</param>
/// <param name="RunId">Names this run for good, even if the workflow id is used again.</param>
/// <param name="Sequence">The number of the run's newest event that the row tells of, 1 or more.</param>
/// <param name="Definition">The name of its definition.</param>
/// <param name="Version">The version of its definition.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Started">When it started.</param>
/// <param name="Updated">The time of its newest event.</param>
public sealed record WorkflowIndexRow(
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

    /// <summary>The id of the run that this one is a child of; none: it stands by itself.</summary>
    public string? Parent { get; init; }

    /// <summary>Words to find it by.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>When it ended; none: it is open.</summary>
    public DateTimeOffset? Closed { get; init; }

    /// <summary>When it has to be in memory, because something of it falls due; none: nothing does.</summary>
    public DateTimeOffset? WakeAt { get; init; }

    /// <summary>Why it failed, or is stuck.</summary>
    public IndexedFailure? Failure { get; init; }

    /// <summary>
    /// Since when it is being purged, which takes several steps where it is large; none: it is not. What is purged leaves a tombstone
    /// in place of this row.
    /// </summary>
    public DateTimeOffset? Purged { get; init; }

    /// <summary>What the run, closed, may still owe to other runs. The default is nothing.</summary>
    public RunDebts Owes { get; init; }

    /// <summary>What a search for text looks at, in upper case.</summary>
    internal string SearchText =>
        string.Join(Separator, [WorkflowId, Definition, Failure?.Type, Failure?.Message, .. Tags.Values]).ToUpperInvariant();

    /// <summary>Whether this row takes the place of the one that is there: the one rule of every store (failure rule 6).</summary>
    /// <remarks>A run that was stuck and has recovered has written nothing since: its number is the same.</remarks>
    internal bool Supersedes(WorkflowIndexRow present) => RunId == present.RunId
        ? present.Purged is null
            && (Sequence > present.Sequence || (Sequence == present.Sequence && present.Status == WorkflowStatus.Stuck))
        : (Started, RunId).CompareTo((present.Started, present.RunId)) > 0;
}

/// <summary>Why a run failed, in short.</summary>
/// <param name="Type">The error type.</param>
/// <param name="Message">What happened, for people; at most <see cref="MessageLimit"/> characters.</param>
public sealed record IndexedFailure(string Type, string Message)
{
    /// <summary>How much of a message the index keeps.</summary>
    public const int MessageLimit = 300;

    /// <summary>A failure with as much of its message as the index keeps.</summary>
    public static IndexedFailure Of(string type, string message) =>
        new(type, message.Length <= MessageLimit ? message : string.Concat(message.AsSpan(0, MessageLimit - 3), "..."));
}

using System.Collections.Immutable;

namespace ActorFlow;

/// <summary>A run at one moment: its tasks by path, what each waits for and since when, and the open questions.</summary>
public sealed record WorkflowDescription
{
    /// <summary>The id of the run.</summary>
    public required string Id { get; init; }

    /// <summary>The id of this start of the run, which stays unique even if the id is used again.</summary>
    public required Guid RunId { get; init; }

    /// <summary>The definition that it runs.</summary>
    public required DefinitionReference Definition { get; init; }

    /// <summary>Its status. At a checkpoint it is that of the moment.</summary>
    public required WorkflowStatus Status { get; init; }

    /// <summary>The generation of its attempts: from 1, raised when settled tasks run again (retry, rewind).</summary>
    public required int Generation { get; init; }

    /// <summary>The input that it was started with.</summary>
    public required Payload Input { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it last recorded anything.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>How it ended; null means that it is open, or that this is a checkpoint.</summary>
    public WorkflowResult? Result { get; init; }

    /// <summary>The id of the parent; null means that the run has no parent.</summary>
    public string? Parent { get; init; }

    /// <summary>The checkpoint that it was forked from; null means that it is not a fork.</summary>
    public ForkOrigin? ForkedFrom { get; init; }

    /// <summary>The tags of the run.</summary>
    public required ImmutableSortedDictionary<string, string> Tags { get; init; }

    /// <summary>Why an open run stops; null while it does not stop.</summary>
    public string? Stopping { get; init; }

    /// <summary>Whether the open run can only wait: for time, signals, people or children.</summary>
    public bool OnlyWaits { get; init; }

    /// <summary>How many tasks and elements there are, have settled, and are outstanding as attempts.</summary>
    public RunProgress Progress { get; init; }

    /// <summary>When the next wait or timeout falls due; null means that nothing waits for time.</summary>
    public DateTimeOffset? NextDue { get; init; }

    /// <summary>When its first task begins; null means that its start was not delayed, or that the delay is over.</summary>
    public DateTimeOffset? BeginsAt { get; init; }

    /// <summary>
    /// Every task in file order; after a fan-out the elements that have begun, after a group the tasks of its instance. The
    /// compensation under way, if any, comes last.
    /// </summary>
    public required ImmutableArray<TaskDescription> Tasks { get; init; }

    /// <summary>Why the run does not move: what its tasks wait for, in the order of <see cref="Tasks"/>. Attempts that a worker runs are not waits.</summary>
    public ImmutableArray<WaitDescription> Waits { get; init; } = [];

    /// <summary>The open questions, by the path of the task that asks.</summary>
    public required ImmutableArray<OpenQuestion> Questions { get; init; }

    /// <summary>Signals that no task has consumed yet, oldest first.</summary>
    public required ImmutableArray<PendingSignal> Signals { get; init; }

    /// <summary>Tasks that failed for good, at most 100.</summary>
    public required ImmutableArray<FailedTask> Failures { get; init; }

    /// <summary>The paths of the executions that would be compensated, in that order.</summary>
    public required ImmutableArray<string> ToUndo { get; init; }

    /// <summary>The number of the checkpoint that is described; null means that the run is described as it is now.</summary>
    public long? Checkpoint { get; init; }

    /// <summary>Why its last checkpoint could not be stored; null means that it was stored.</summary>
    public string? CheckpointFailure { get; init; }
}

/// <summary>The checkpoint that a run was forked from.</summary>
/// <param name="Id">The id of the run that was forked.</param>
/// <param name="Checkpoint">The number of the checkpoint.</param>
public sealed record ForkOrigin(string Id, long Checkpoint);

/// <summary>A signal that no task has consumed yet.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Payload">Its payload.</param>
public sealed record PendingSignal(string Name, Payload Payload);

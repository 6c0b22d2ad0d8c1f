using System.Collections.Immutable;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Workflows;

/// <summary>
/// What a checkpoint keeps of an open run: everything that its events led to, except what can be derived from that (what
/// is ready, what is due, what is outstanding). It is a stored form of its own: fields are only added.
/// </summary>
internal sealed record RunImage
{
    /// <summary>The id of the run.</summary>
    public required string WorkflowId { get; init; }

    /// <summary>The id of this start of the run, which is never used again.</summary>
    public required Guid RunId { get; init; }

    /// <summary>The generation of its attempts.</summary>
    public required int Generation { get; init; }

    /// <summary>The definition that it runs.</summary>
    public required DefinitionReference Definition { get; init; }

    /// <summary>The input that it was started with.</summary>
    public required Payload Input { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The time of the last commit.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The link to the parent; null means that the run has no parent.</summary>
    public ParentLink? Parent { get; init; }

    /// <summary>The checkpoint that it was forked from; null means that it is not a fork.</summary>
    public RunOrigin? Origin { get; init; }

    /// <summary>The further definitions of the same document.</summary>
    public ImmutableArray<DefinitionReference> Companions { get; init; } = [];

    /// <summary>The directory that relative paths of its tasks start from; null means that none was given.</summary>
    public string? Directory { get; init; }

    /// <summary>The trace that it belongs to; null means none.</summary>
    public TraceContext? Trace { get; init; }

    /// <summary>The tags of the run.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init => field = RunTags.Ordinal(value); } = RunTags.None;

    /// <summary>Whether it is paused.</summary>
    public bool Paused { get; init; }

    /// <summary>The scopes that are open, by number.</summary>
    public required ImmutableArray<ScopeImage> Scopes { get; init; }

    /// <summary>The number of the next scope to open.</summary>
    public int NextScope { get; init; }

    /// <summary>The number of elements of all fan-outs so far.</summary>
    public int Elements { get; init; }

    /// <summary>The number of those that have settled.</summary>
    public int SettledElements { get; init; }

    /// <summary>The size in bytes of all payloads that it holds.</summary>
    public long Bytes { get; init; }

    /// <summary>Signals that no task has consumed yet, in the order in which they came.</summary>
    public ImmutableArray<SignalImage> Signals { get; init; } = [];

    /// <summary>The number of the next signal.</summary>
    public long NextSignal { get; init; }

    /// <summary>The number of the next wait for a signal.</summary>
    public long NextWait { get; init; }

    /// <summary>The executions to compensate, newest first.</summary>
    public ImmutableArray<UndoImage> Undos { get; init; } = [];

    /// <summary>Whether compensation has begun.</summary>
    public bool Compensating { get; init; }

    /// <summary>The compensation under way; null means that none is.</summary>
    public UndoingImage? Undoing { get; init; }

    /// <summary>The number of the next compensation.</summary>
    public int UndoNumber { get; init; }

    /// <summary>Tasks that failed for good.</summary>
    public ImmutableArray<FailedTask> Failures { get; init; } = [];

    /// <summary>The last commands that were accepted, oldest first.</summary>
    public ImmutableArray<TakenCommand> Commands { get; init; } = [];

    /// <summary>The checkpoint that the run is being taken back to; null unless it stops for a rewind.</summary>
    public RewindImage? Rewinding { get; init; }
}

/// <summary>A command that was accepted.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Hash">The hash of its content; 0 means that it is not known.</param>
/// <param name="At">When it was accepted; the earliest time means that this is not known.</param>
internal readonly record struct TakenCommand(Guid Id, ulong Hash, DateTimeOffset At);

/// <summary>One open scope.</summary>
/// <param name="Id">Its number; 0 is the run's own.</param>
/// <param name="Owner">The group's execution that it belongs to; it has no meaning for the run's own scope.</param>
/// <param name="Stop">Why it stops; null while it does not stop.</param>
/// <param name="TimeoutAt">When its timeout passes; null means that it has none.</param>
/// <param name="Tasks">Its tasks, in file order.</param>
internal sealed record ScopeImage(int Id, TaskExecutionId Owner, StopImage? Stop, DateTimeOffset? TimeoutAt, ImmutableArray<TaskImage> Tasks)
{
    /// <summary>When its tasks begin; null means that they may.</summary>
    public DateTimeOffset? BeginsAt { get; init; }
}

/// <summary>Why a scope stops.</summary>
internal sealed record StopImage(TaskError? Error, string Reason);

/// <summary>The state of a task.</summary>
internal sealed record TaskImage
{
    /// <summary>Its phase.</summary>
    public TaskPhase Phase { get; init; }

    /// <summary>The number of needs that have not settled.</summary>
    public int Waiting { get; init; }

    /// <summary>The number of needs that arrived.</summary>
    public int Arrived { get; init; }

    /// <summary>Whether the decision to run or skip it was made or is queued.</summary>
    public bool Decided { get; init; }

    /// <summary>How often its executions were started.</summary>
    public int Starts { get; init; }

    /// <summary>Its output; null means that it has none yet.</summary>
    public Payload? Output { get; init; }

    /// <summary>Why it failed; null means that it did not.</summary>
    public TaskError? Error { get; init; }

    /// <summary>Its execution; null for a fan-out, and once it has settled.</summary>
    public TaskExecutionState? Execution { get; init; }

    /// <summary>Its fan-out; null means that it has none.</summary>
    public FanImage? Fan { get; init; }
}

/// <summary>The elements of a task with <c>for-each</c>.</summary>
/// <param name="Items">The evaluated array.</param>
/// <param name="Elements">The execution of each element.</param>
/// <param name="Next">The index of the first element that has not begun.</param>
/// <param name="Active">The number of elements that have begun and not settled.</param>
/// <param name="Unsettled">The number of elements that have not settled.</param>
/// <param name="Failed">The number of elements that failed.</param>
/// <param name="Listed">Whether the next element is listed as ready.</param>
/// <param name="Bytes">The bytes of its items and its elements' outputs.</param>
internal sealed record FanImage(
    ImmutableArray<Payload> Items, ImmutableArray<TaskExecutionState> Elements, int Next, int Active, int Unsettled, int Failed, bool Listed, long Bytes);

/// <summary>The question to a person.</summary>
internal sealed record QuestionImage(string Prompt, Payload? Options, Payload? Assignees);

/// <summary>A child: its id, and its definition once that is resolved, else null.</summary>
internal sealed record ChildImage(string ChildId, DefinitionReference? Definition);

/// <summary>A signal that no task has consumed yet.</summary>
internal sealed record SignalImage(long Number, string Name, Payload Payload);

/// <summary>A completed execution that may have to be compensated.</summary>
/// <param name="TaskOrder">The task's position in the document.</param>
/// <param name="Path">The execution's path.</param>
/// <param name="Undo">The input of its compensation.</param>
internal sealed record UndoImage(int TaskOrder, string Path, UndoInput Undo);

/// <summary>The compensation under way.</summary>
internal sealed record UndoingImage(UndoImage Entry, int Number, TaskExecutionState Execution);

/// <summary>The checkpoint that a run is being taken back to, by its sequence number and image.</summary>
internal sealed record RewindImage(long To, RunImage Image);

using System.Collections.Immutable;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Workflows;

/// <summary>
/// What a checkpoint keeps of an open run: everything that its events led to, and nothing that can be found again from it (what
/// is ready, what is due, what is outstanding). A stored form of its own: fields are only ever added.
/// </summary>
public sealed record RunImage
{
    /// <summary>The id of the run.</summary>
    public required string WorkflowId { get; init; }

    /// <summary>The run, for good.</summary>
    public required Guid RunId { get; init; }

    /// <summary>The generation of its attempts.</summary>
    public required int Generation { get; init; }

    /// <summary>What it runs.</summary>
    public required DefinitionReference Definition { get; init; }

    /// <summary>What it was started with.</summary>
    public required Payload Input { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The time of the last commit.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whose child it is.</summary>
    public ParentLink? Parent { get; init; }

    /// <summary>Where it was forked from.</summary>
    public RunOrigin? Origin { get; init; }

    /// <summary>The further definitions of the same document.</summary>
    public ImmutableArray<DefinitionReference> Companions { get; init; } = [];

    /// <summary>The directory that whoever started the run was in: what relative paths of its tasks mean; null means that none was said.</summary>
    public string? Directory { get; init; }

    /// <summary>Words to find the run by.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init => field = RunTags.Ordinal(value); } = RunTags.None;

    /// <summary>Whether it is paused.</summary>
    public bool Paused { get; init; }

    /// <summary>The scopes that are open, by number.</summary>
    public required ImmutableArray<ScopeImage> Scopes { get; init; }

    /// <summary>The number of the next scope to open.</summary>
    public int NextScope { get; init; }

    /// <summary>Elements of all fan-outs so far.</summary>
    public int Elements { get; init; }

    /// <summary>Those that have settled.</summary>
    public int SettledElements { get; init; }

    /// <summary>Bytes of all payloads held.</summary>
    public long Bytes { get; init; }

    /// <summary>Signals that nobody has consumed yet, in the order in which they came.</summary>
    public ImmutableArray<SignalImage> Signals { get; init; } = [];

    /// <summary>The number of the next signal.</summary>
    public long NextSignal { get; init; }

    /// <summary>The number of the next wait for a signal.</summary>
    public long NextWait { get; init; }

    /// <summary>What there is to undo, newest first.</summary>
    public ImmutableArray<UndoImage> Undos { get; init; } = [];

    /// <summary>Whether compensation has begun.</summary>
    public bool Compensating { get; init; }

    /// <summary>The compensation under way.</summary>
    public UndoingImage? Undoing { get; init; }

    /// <summary>The number of the next compensation.</summary>
    public int UndoNumber { get; init; }

    /// <summary>Tasks that failed for good.</summary>
    public ImmutableArray<FailedTask> Failures { get; init; } = [];

    /// <summary>The commands taken, oldest first.</summary>
    public ImmutableArray<Guid> Commands { get; init; } = [];

    /// <summary>Where the run is being taken back to, while it stops for that.</summary>
    public RewindImage? Rewinding { get; init; }
}

/// <summary>One open instance of a graph.</summary>
/// <param name="Id">Its number; 0 is the run's own.</param>
/// <param name="Owner">The group's execution that it belongs to; for the run's own, meaningless.</param>
/// <param name="Stop">Why nothing new starts in it.</param>
/// <param name="TimeoutAt">When its timeout passes.</param>
/// <param name="Tasks">Its tasks, in file order.</param>
public sealed record ScopeImage(int Id, TaskExecutionId Owner, StopImage? Stop, DateTimeOffset? TimeoutAt, ImmutableArray<TaskImage> Tasks);

/// <summary>Why a scope stops.</summary>
public sealed record StopImage(TaskError? Error, string Reason);

/// <summary>Where a task stands.</summary>
public sealed record TaskImage
{
    /// <summary>Where it stands.</summary>
    public TaskPhase Phase { get; init; }

    /// <summary>Needs that have not settled.</summary>
    public int Waiting { get; init; }

    /// <summary>Needs that arrived.</summary>
    public int Arrived { get; init; }

    /// <summary>Whether it is decided, or queued to be, whether it runs.</summary>
    public bool Decided { get; init; }

    /// <summary>How often an execution was started.</summary>
    public int Starts { get; init; }

    /// <summary>Its output.</summary>
    public Payload? Output { get; init; }

    /// <summary>Why it failed.</summary>
    public TaskError? Error { get; init; }

    /// <summary>Its execution, where it does not fan out.</summary>
    public TaskExecutionState? Execution { get; init; }

    /// <summary>Its fan-out, where it does.</summary>
    public FanImage? Fan { get; init; }
}

/// <summary>The elements of a task with <c>for-each</c>.</summary>
/// <param name="Items">What it fans out over: the array as it was evaluated.</param>
/// <param name="Elements">Where each element stands.</param>
/// <param name="Next">The first element not begun.</param>
/// <param name="Active">Elements begun and not settled.</param>
/// <param name="Unsettled">Elements not settled.</param>
/// <param name="Failed">Elements that failed.</param>
/// <param name="Listed">Whether the next element is listed as ready.</param>
/// <param name="Bytes">The bytes of its items and its elements' outputs.</param>
public sealed record FanImage(
    ImmutableArray<Payload> Items, ImmutableArray<TaskExecutionState> Elements, int Next, int Active, int Unsettled, int Failed, bool Listed, long Bytes);

/// <summary>What a person was asked.</summary>
public sealed record QuestionImage(string Prompt, Payload? Options, Payload? Assignees);

/// <summary>A child: its id, and what it runs once that is known.</summary>
public sealed record ChildImage(string ChildId, DefinitionReference? Definition);

/// <summary>A signal that nobody has consumed yet.</summary>
public sealed record SignalImage(long Number, string Name, Payload Payload);

/// <summary>A completed execution that may have to be undone.</summary>
/// <param name="TaskOrder">The task's position in the document.</param>
/// <param name="Path">The execution's path.</param>
/// <param name="Undo">The input of its compensation.</param>
public sealed record UndoImage(int TaskOrder, string Path, UndoInput Undo);

/// <summary>The compensation under way.</summary>
public sealed record UndoingImage(UndoImage Entry, int Number, TaskExecutionState Execution);

/// <summary>Where a run is being taken back to.</summary>
public sealed record RewindImage(long To, RunImage Image);

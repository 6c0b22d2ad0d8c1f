using System.Collections.Immutable;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>
/// Everything an open run knows. Decisions and replays work on a copy of their own (<see cref="Copy"/>), whose properties they
/// set; once published in a <see cref="WorkflowState"/> an instance is never touched again. All collections are persistent, so a
/// copy costs a few words, and an event costs what it changes, not what the run holds.
/// </summary>
internal sealed partial class RunState
{
    /// <summary>The scope number of executions that are compensations.</summary>
    public const int CompensationScope = -1;

    /// <summary>Whose nodes of <see cref="TransientVector{T}"/> this copy may change in place: its own.</summary>
    private object _edit = new();

    private RunState() { }

    public required WorkflowPlan Plan { get; init; }

    public required string WorkflowId { get; init; }

    public required Guid RunId { get; init; }

    public int Generation { get; private set; } = 1;

    public required DefinitionReference Definition { get; init; }

    public required Payload Input { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public ParentLink? Parent { get; init; }

    public RunOrigin? Origin { get; init; }

    public ImmutableArray<DefinitionReference> Companions { get; init; } = [];

    public string? Directory { get; init; }

    public ImmutableSortedDictionary<string, string> Tags { get; init => field = RunTags.Ordinal(value); } = RunTags.None;

    /// <summary>The time of the last commit.</summary>
    public DateTimeOffset Now { get; set; }

    public ScopeTable Scopes { get; private set; }

    public int NextScope { get; private set; } = 1;

    /// <summary>What it looks at next.</summary>
    public Agenda Agenda;

    /// <summary>Executions with an outstanding attempt.</summary>
    public SmallSortedSet<TaskExecutionId> Active { get; private set; }

    public SmallSortedSet<TaskExecutionId> Touched { get; private set; }

    /// <summary>Executions that wait for a child.</summary>
    public SmallSortedSet<TaskExecutionId> Children { get; private set; }

    /// <summary>What people have been asked, by the path of the execution that asks.</summary>
    public ImmutableSortedDictionary<string, TaskExecutionId> Questions { get; private set; } = NoQuestions;

    /// <summary>Signals that nobody has consumed yet, and who waits for one.</summary>
    public SignalBuffer Signals = new();

    /// <summary>Paths of tasks that have settled and ask for a checkpoint by that name.</summary>
    public ImmutableList<string> CheckpointsDue { get; private set; } = [];

    /// <summary>Whether nothing new starts.</summary>
    public bool Paused { get; private set; }

    /// <summary>Where the run is being taken back to.</summary>
    public RewindImage? Rewinding { get; private set; }

    /// <summary>What there is to undo, and how far that got.</summary>
    public CompensationLog Compensation = new();

    public ImmutableList<FailedTask> Failures { get; private set; } = [];

    /// <summary>What it holds of what it may hold.</summary>
    public Quota Quota;

    /// <summary>Ids of the commands taken so far: a repeat changes nothing.</summary>
    public CommandWindow Commands { get; private set; } = CommandWindow.Empty;

    /// <summary>Set by the closing event.</summary>
    public WorkflowState.Closed? End { get; private set; }

    public ScopeState Root => Scopes[0];

    public bool IsStopping => Root.Stop is not null;

    public RunProgress Progress => new(
        Root.Plan.Tasks.Length + Quota.Elements, Root.Plan.Tasks.Length - Root.Unsettled + Quota.SettledElements, Active.Count);

    /// <summary>How many more attempts may begin.</summary>
    public int FreeParallelism => Plan.Definition.MaxParallel is { } max ? Math.Max(0, max - Active.Count) : int.MaxValue;

    /// <summary>Whether the rules can go on by themselves, without another command.</summary>
    public bool CanAdvance => End is null
        && (!Agenda.Decidables.IsEmpty
            || Signals.Deliverable is not null
            || Agenda.NextDue <= Now
            || CanBegin);

    /// <summary>Whether something new can begin (rule 33: not in a pause).</summary>
    public bool CanBegin => !Paused
        && (!Agenda.ReadyInline.IsEmpty
            || (!Agenda.ReadyUses.IsEmpty && FreeParallelism > 0)
            || (Compensation.HasBegun && Compensation.Current is null or { Execution.Phase: TaskExecutionPhase.Ready }));

    /// <summary>A copy to change.</summary>
    /// <param name="seen">Whether what was touched so far has been seen to.</param>
    public RunState Copy(bool seen)
    {
        var copy = (RunState)MemberwiseClone();
        copy._edit = new();
        copy.Touched = seen ? default : Touched;
        return copy;
    }

    public void Remember(Guid? commandId)
    {
        if (commandId is { } id)
        {
            Commands = Commands.Add(id);
        }

        if (End is { } end)
        {
            end.Commands = Commands;
        }
    }

    private static readonly ImmutableSortedDictionary<string, TaskExecutionId> NoQuestions =
        ImmutableSortedDictionary.Create<string, TaskExecutionId>(StringComparer.Ordinal);

}

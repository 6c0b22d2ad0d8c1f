using System.Collections.Immutable;
using System.Globalization;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>
/// The whole state of an open run. Decisions and replays work on a copy of their own (<see cref="Copy"/>), whose properties they
/// set; once published in a <see cref="WorkflowState"/> an instance is never changed again. All collections are persistent, so a
/// copy costs a few words, and the cost of an event depends on what it changes, not on what the run holds.
/// </summary>
internal sealed class RunState
{
    /// <summary>The scope number of executions that are compensations.</summary>
    public const int CompensationScope = -1;

    /// <summary>The edit of this copy: it may change nodes of <see cref="TransientVector{T}"/> in place only where they belong to it.</summary>
    public object Edit { get; private set; } = new();

    internal RunState() { }

    public required WorkflowPlan Plan { get; init; }

    public required string WorkflowId { get; init; }

    public required Guid RunId { get; init; }

    public int Generation { get; set; } = 1;

    public required DefinitionReference Definition { get; init; }

    public required Payload Input { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public ParentLink? Parent { get; init; }

    public RunOrigin? Origin { get; init; }

    public ImmutableArray<DefinitionReference> Companions { get; init; } = [];

    public string? Directory { get; init; }

    public TraceContext? Trace { get; init; }

    public ImmutableSortedDictionary<string, string> Tags { get; init => field = RunTags.Ordinal(value); } = RunTags.None;

    /// <summary>The time of the last commit.</summary>
    public DateTimeOffset Now { get; set; }

    public ScopeTable Scopes { get; set; }

    public int NextScope { get; set; } = 1;

    /// <summary>What it handles next.</summary>
    public Agenda Agenda;

    /// <summary>Executions with an outstanding attempt.</summary>
    public SmallSortedSet<TaskExecutionId> Active { get; set; }

    public SmallSortedSet<TaskExecutionId> Touched { get; set; }

    /// <summary>Executions that wait for a child.</summary>
    public SmallSortedSet<TaskExecutionId> Children { get; set; }

    /// <summary>The open questions, by the path of the execution that asks.</summary>
    public ImmutableSortedDictionary<string, TaskExecutionId> Questions { get; set; } = NoQuestions;

    /// <summary>Signals that no task has consumed yet, and executions that wait for one.</summary>
    public SignalBuffer Signals = new();

    /// <summary>Paths of tasks that have settled and request a checkpoint of that name.</summary>
    public ImmutableList<string> CheckpointsDue { get; set; } = [];

    /// <summary>Whether nothing new starts.</summary>
    public bool Paused { get; set; }

    /// <summary>The checkpoint that the run is being taken back to; null unless it stops for a rewind.</summary>
    public RewindImage? Rewinding { get; set; }

    /// <summary>The executions to compensate, and the progress of that.</summary>
    public CompensationLog Compensation = new();

    public ImmutableList<FailedTask> Failures { get; set; } = [];

    /// <summary>What it holds against its limits.</summary>
    public Quota Quota;

    /// <summary>The commands taken so far: a repeat changes nothing.</summary>
    public CommandWindow Commands { get; set; } = CommandWindow.Empty;

    /// <summary>The closed state, set by the closing event; null while the run is open.</summary>
    public WorkflowState.Closed? End { get; set; }

    /// <summary>How many runs are above this one.</summary>
    public int Depth => Parent?.Depth ?? 0;

    public ScopeState Root => Scopes[0];

    public bool IsStopping => Root.Stop is not null;

    public RunProgress Progress => new(
        Root.Plan.Tasks.Length + Quota.Elements, Root.Plan.Tasks.Length - Root.Unsettled + Quota.SettledElements, Active.Count);

    /// <summary>How many more attempts may begin.</summary>
    public int FreeParallelism => Plan.Definition.MaxParallel is { } max ? Math.Max(0, max - Active.Count) : int.MaxValue;

    /// <summary>Whether the rules can advance by themselves, without another command.</summary>
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

    /// <summary>Makes a copy to change.</summary>
    /// <param name="seen">Whether the effects of what was touched so far have been seen to.</param>
    public RunState Copy(bool seen)
    {
        var copy = (RunState)MemberwiseClone();
        copy.Edit = new();
        copy.Touched = seen ? default : Touched;
        return copy;
    }

    public void Remember(Guid? commandId, ulong hash)
    {
        if (commandId is { } id)
        {
            Commands = Commands.Add(new(id, hash, Now));
        }

        if (End is { } end)
        {
            end.Commands = Commands;
        }
    }

    public static readonly ImmutableSortedDictionary<string, TaskExecutionId> NoQuestions =
        ImmutableSortedDictionary.Create<string, TaskExecutionId>(StringComparer.Ordinal);

    public TaskPlan PlanOf(TaskExecutionId execution) => Scopes[execution.Scope].Plan.Tasks[execution.Task];

    /// <summary>What a worker runs for the execution: the task's handler, or its compensation's.</summary>
    public TaskExecutionPlan.Uses UsesOf(TaskExecutionId execution) => execution.Scope == CompensationScope
        ? Plan.Tasks[Compensation.Current!.Entry.TaskOrder].Compensate!
        : (TaskExecutionPlan.Uses)PlanOf(execution).Execution;

    /// <summary>The execution of that id, in that iteration; null if there is no such live execution.</summary>
    public TaskExecutionState? Find(TaskExecutionId id)
    {
        if (id.Scope == CompensationScope)
        {
            return Compensation.Current is { } undoing && id == new TaskExecutionId(CompensationScope, undoing.Number, 0, 0) ? undoing.Execution : null;
        }

        if (!Scopes.TryGetValue(id.Scope, out var scope) || (uint)id.Task >= (uint)scope.Tasks.Count)
        {
            return null;
        }

        var task = scope.Tasks[id.Task];
        var execution = task.Fan is { } fan
            ? (uint)id.Element < (uint)fan.Elements.Count ? fan.Elements[id.Element] : null
            : id.Element == 0 ? task.Execution : null;
        return execution?.Iteration == id.Iteration ? execution : null;
    }

    public TaskExecutionState Get(TaskExecutionId id) =>
        Find(id) ?? throw new InvalidOperationException($"The journal names the execution {id}, which is not live.");

    /// <summary>The path for people and for the idempotency key: elements in brackets, iterations after a hash sign.</summary>
    public string PathOf(TaskExecutionId id)
    {
        if (id.Scope == CompensationScope)
        {
            return Compensation.Current!.Entry.Path + "!compensate";
        }

        var scope = Scopes[id.Scope];
        var plan = scope.Plan.Tasks[id.Task];
        var element = plan.ForEach is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"[{id.Element}]");
        var iteration = plan.RepeatCondition is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"#{id.Iteration}");
        return string.Concat(scope.Path, plan.Id, element, iteration);
    }

    /// <summary>The id of a child (rule 11): the parent's id, then a segment for each group around the task and for the task itself.</summary>
    public string ChildIdOf(TaskExecutionId id)
    {
        var scope = Scopes[id.Scope];
        var plan = scope.Plan.Tasks[id.Task];
        var element = plan.ForEach is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $".{id.Element}");
        var iteration = plan.RepeatCondition is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"~{id.Iteration}");
        return string.Concat(scope.IsRoot ? WorkflowId : ChildIdOf(scope.Owner), "/" + plan.Id, element, iteration);
    }

    public string TaskPath(int scope, int task) => Scopes[scope].Path + Scopes[scope].Plan.Tasks[task].Id;

    public TaskOrder? OrderFor(TaskExecutionId id)
    {
        if (Find(id) is not { Phase: TaskExecutionPhase.Attempting, Withdrawn: false } execution || execution.Losses >= Limits.LossesInARow)
        {
            return null;
        }

        var uses = UsesOf(id);
        return new(
            AttemptOf(id, execution), PathOf(id), uses.Handler, uses.Queue, uses.Priority, execution.Input!, execution.Secrets, uses.Timeout, uses.Heartbeat,
            execution.ReadyAt, execution.Progress)
        {
            Directory = Directory,
            Trace = Trace,
        };
    }

    public Payload? InputFor(AttemptId attempt, LeaseId lease) =>
        attempt.RunId == RunId
        && attempt.Generation == Generation
        && Find(attempt.Execution) is { Phase: TaskExecutionPhase.Attempting, Withdrawn: false } execution
        && execution.Attempt == attempt.Number
        && (lease > execution.Lost || execution.Lost == LeaseId.None)
            ? execution.Input
            : null;

    public WithdrawnAttempt? WithdrawnFor(TaskExecutionId id) =>
        Find(id) is { Phase: TaskExecutionPhase.Attempting, Withdrawn: true } execution ? new(AttemptOf(id, execution), UsesOf(id).Queue) : null;

    public AttemptId AttemptOf(TaskExecutionId id, TaskExecutionState execution) => new(RunId, Generation, id, execution.Attempt);

    public void ClearDues(TaskExecutionId id, TaskExecutionState execution)
    {
        ClearDeadline(id, execution);
        ClearWait(id, execution);
    }

    public void ClearWait(TaskExecutionId id, TaskExecutionState execution)
    {
        if (execution.DueAt is { } due)
        {
            Agenda.Remove(new Due(due, execution.Phase == TaskExecutionPhase.Delaying ? DueKind.DelayEnded : DueKind.WaitEnded, id.Scope, id.Task, id.Element));
        }
    }

    public void ClearDeadline(TaskExecutionId id, TaskExecutionState execution)
    {
        if (execution.DeadlineAt is { } deadline)
        {
            Agenda.Remove(new Due(deadline, DueKind.Deadline, id.Scope, id.Task, id.Element));
        }
    }

    private ReadyExecution ReadyKey(int scope, int task, int element)
    {
        var plan = Scopes[scope].Plan.Tasks[task];
        return new(plan.Priority, plan.Order, scope, task, element);
    }

    public void AddReady(int scope, int task, int element) =>
        Agenda.AddReady(ReadyKey(scope, task, element), Scopes[scope].Plan.Tasks[task].IsUses);

    public void RemoveReady(int scope, int task, int element) =>
        Agenda.RemoveReady(ReadyKey(scope, task, element), Scopes[scope].Plan.Tasks[task].IsUses);
}

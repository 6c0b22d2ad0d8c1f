using System.Collections.Immutable;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Workflows;

/// <summary>The state of a run. It is immutable: every commit gives a new state.</summary>
internal abstract class WorkflowState
{
    private protected WorkflowState() { }

    /// <summary>The state before any event.</summary>
    /// <param name="plan">The plan of the run, once it is started.</param>
    public static WorkflowState Initial(WorkflowPlan plan) => new NotStarted(plan);

    /// <summary>The state that an image was taken of.</summary>
    /// <exception cref="InvalidOperationException">The image does not fit the plan.</exception>
    public static WorkflowState Of(WorkflowPlan plan, RunImage image) => new Open(RunImages.Of(plan, image));

    /// <summary>Nothing has happened yet.</summary>
    public sealed class NotStarted : WorkflowState
    {
        internal NotStarted(WorkflowPlan plan) => Plan = plan;

        /// <summary>The plan of the run.</summary>
        public WorkflowPlan Plan { get; }
    }

    /// <summary>The run is open: it works, waits, stops or compensates.</summary>
    public sealed class Open : WorkflowState
    {
        private readonly bool _seen;

        internal Open(RunState run, bool seen = false)
        {
            Run = run;
            _seen = seen;
        }

        /// <summary>The id of this start of the run.</summary>
        public Guid RunId => Run.RunId;

        /// <summary>The definition that it runs.</summary>
        public DefinitionReference Definition => Run.Definition;

        /// <summary>The input that it was started with.</summary>
        public Payload Input => Run.Input;

        /// <summary>Outstanding attempts, withdrawn ones included.</summary>
        public IEnumerable<TaskExecutionId> Outstanding => Run.Active;

        /// <summary>Attempts that the last commits began, ended, withdrew or lost: those whose effects are due after a write.</summary>
        public IEnumerable<TaskExecutionId> Touched => _seen ? [] : Run.Touched;

        /// <summary>When the next wait or timeout falls due; null means that nothing waits for time.</summary>
        public DateTimeOffset? NextDue => Run.Agenda.NextDue;

        /// <summary>Whether the last decision left work that a <see cref="WorkflowCommand.Continue"/> takes up.</summary>
        public bool HasMore => Run.CanAdvance;

        /// <summary>Why the run stops; null while it does not stop.</summary>
        public string? Stopping => Run.Root.Stop?.Reason;

        internal RunState Run { get; }

        /// <summary>The order for an outstanding attempt; null if it is not outstanding, was withdrawn, or is parked as poison.</summary>
        public TaskOrder? OrderFor(TaskExecutionId execution) => Run.OrderFor(execution);

        /// <summary>
        /// The input of an attempt that is about to start; null if the attempt is not the current one, or was withdrawn, or the lease is
        /// known to be lost: it must not start then.
        /// </summary>
        public Payload? InputFor(AttemptId attempt, LeaseId lease) => Run.InputFor(attempt, lease);

        /// <summary>The id of an outstanding attempt.</summary>
        /// <exception cref="InvalidOperationException">The execution has no live state.</exception>
        public AttemptId AttemptOf(TaskExecutionId execution) => Run.AttemptOf(execution, Run.Get(execution));

        /// <summary>Executions that wait for a child.</summary>
        public IEnumerable<TaskExecutionId> Children => Run.Children;

        /// <summary>The child that an execution waits for; null if it waits for none.</summary>
        public ChildOrder? ChildFor(TaskExecutionId execution) => Run.ChildFor(execution);

        /// <summary>The link to the parent; null means that the run has no parent.</summary>
        public ParentLink? Parent => Run.Parent;

        /// <summary>The tags of the run.</summary>
        public ImmutableSortedDictionary<string, string> Tags => Run.Tags;

        /// <summary>The trace that the run belongs to; null means none.</summary>
        public TraceContext? Trace => Run.Trace;

        /// <summary>When it was started.</summary>
        public DateTimeOffset StartedAt => Run.StartedAt;

        /// <summary>The time of the last commit.</summary>
        public DateTimeOffset UpdatedAt => Run.Now;

        /// <summary>Whether nothing new starts until it is resumed.</summary>
        public bool IsPaused => Run.Paused;

        /// <summary>Whether it can only wait: for time, signals, people or children.</summary>
        public bool IsWaiting => Run.Active.IsEmpty && !Run.CanAdvance;

        /// <summary>The open questions, by the path of the task that asks.</summary>
        public IEnumerable<OpenQuestion> Questions => Run.OpenQuestions();

        /// <summary>How many tasks and elements it holds: the cost of a checkpoint depends on this.</summary>
        public int Size => Run.Scopes.Values.Sum(scope => scope.Tasks.Sum(task => 1 + (task.Fan?.Elements.Count ?? 0)));

        /// <summary>What a checkpoint keeps of it.</summary>
        public RunImage ToImage() => Run.ToImage();

        /// <summary>The attempt to withdraw; null unless the execution's attempt is outstanding and withdrawn.</summary>
        public WithdrawnAttempt? WithdrawnFor(TaskExecutionId execution) => Run.WithdrawnFor(execution);

        /// <summary>The same state without touched attempts, once their effects have been seen to.</summary>
        public Open Seen() => _seen || Run.Touched.IsEmpty ? this : new(Run, seen: true);

        /// <summary>Makes a copy to change, without what has been seen to.</summary>
        internal RunState Copy() => Run.Copy(_seen);

        /// <summary>How many tasks and elements there are, have settled, and are outstanding as attempts.</summary>
        public RunProgress Progress => Run.Progress;
    }

    /// <summary>The run has ended.</summary>
    public sealed class Closed : WorkflowState
    {
        internal Closed(RunState run) => Run = run;

        /// <summary>The run as it was when it ended: a retry continues from there.</summary>
        internal RunState Run { get; }

        /// <summary>An image of everything that the run held when it ended.</summary>
        public RunImage ToImage() => Run.ToImage();

        /// <summary>How many tasks and elements there were, had settled, and were outstanding when it ended.</summary>
        public RunProgress Progress => Run.Progress;

        /// <summary>The link to the parent; null means that the run has no parent.</summary>
        public ParentLink? Parent => Run.Parent;

        /// <summary>The tags of the run.</summary>
        public ImmutableSortedDictionary<string, string> Tags => Run.Tags;

        /// <summary>The trace that the run belongs to; null means none.</summary>
        public TraceContext? Trace => Run.Trace;

        /// <summary>Children that were under way when the run was terminated, and what happens to them.</summary>
        public IEnumerable<ChildOrder> LeftChildren => Run.LeftChildren();

        /// <summary>
        /// Whether that start begins a child again: its parent was rewound or retried, and starts it again under the same id.
        /// </summary>
        public bool IsReplacedBy(WorkflowCommand.Start start) =>
            Parent is { } former && start.Parent is { } next && next.Follows(former);

        /// <summary>The commands that were taken: a repeat gets its first answer.</summary>
        internal CommandWindow Commands { get; set; } = CommandWindow.Empty;

        /// <summary>The id of this start of the run.</summary>
        public required Guid RunId { get; init; }

        /// <summary>The definition that it ran.</summary>
        public required DefinitionReference Definition { get; init; }

        /// <summary>The input that it was started with.</summary>
        public required Payload Input { get; init; }

        /// <summary>How it ended.</summary>
        public required RunOutcome Outcome { get; init; }

        /// <summary>The result; the payload <c>null</c> unless it completed.</summary>
        public required Payload Output { get; init; }

        /// <summary>Why it failed; null unless it did.</summary>
        public TaskError? Error { get; init; }

        /// <summary>Why it was cancelled or terminated; null unless it was.</summary>
        public string? Reason { get; init; }

        /// <summary>The tasks that made it fail, and compensations that failed, in order; at most 100.</summary>
        public required ImmutableList<FailedTask> Failures { get; init; }

        /// <summary>When it was started.</summary>
        public required DateTimeOffset StartedAt { get; init; }

        /// <summary>When it ended.</summary>
        public required DateTimeOffset ClosedAt { get; init; }
    }
}

/// <summary>How a run ends.</summary>
internal enum RunOutcome
{
    /// <summary>With a result.</summary>
    Completed,

    /// <summary>Failed.</summary>
    Failed,

    /// <summary>Cancelled in good order.</summary>
    Cancelled,

    /// <summary>Ended at once.</summary>
    Terminated,
}

/// <summary>What a <see cref="RunOutcome"/> is outside the engine.</summary>
internal static class RunOutcomes
{
    /// <summary>The status of a run that ended so.</summary>
    public static WorkflowStatus ToStatus(this RunOutcome outcome) => outcome switch
    {
        RunOutcome.Completed => WorkflowStatus.Completed,
        RunOutcome.Failed => WorkflowStatus.Failed,
        RunOutcome.Cancelled => WorkflowStatus.Cancelled,
        _ => WorkflowStatus.Terminated,
    };
}

/// <summary>An attempt that a run withdraws.</summary>
/// <param name="Attempt">Its id.</param>
/// <param name="Queue">The queue it was offered to.</param>
internal sealed record WithdrawnAttempt(AttemptId Attempt, string Queue);

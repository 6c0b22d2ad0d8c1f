using System.Collections.Immutable;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Workflows;

/// <summary>Where a run stands. A state is never changed: every commit gives a new one.</summary>
public abstract class WorkflowState
{
    private protected WorkflowState() { }

    /// <summary>The state before any event.</summary>
    /// <param name="plan">What will be run, once it is started.</param>
    public static WorkflowState Initial(WorkflowPlan plan) => new NotStarted(plan);

    /// <summary>The state that an image was taken of.</summary>
    /// <exception cref="InvalidOperationException">The image does not fit the plan.</exception>
    public static WorkflowState Of(WorkflowPlan plan, RunImage image) => new Open(RunImages.Of(plan, image));

    /// <summary>Nothing has happened yet.</summary>
    public sealed class NotStarted : WorkflowState
    {
        internal NotStarted(WorkflowPlan plan) => Plan = plan;

        /// <summary>What will be run.</summary>
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

        /// <summary>The run's id for good.</summary>
        public Guid RunId => Run.RunId;

        /// <summary>What it runs.</summary>
        public DefinitionReference Definition => Run.Definition;

        /// <summary>What it was started with.</summary>
        public Payload Input => Run.Input;

        /// <summary>Attempts that ought to be under way, withdrawn ones included.</summary>
        public IEnumerable<TaskExecutionId> Outstanding => Run.Active;

        /// <summary>Attempts that the last commits began, ended, withdrew or lost: the ones to look at after a write.</summary>
        public IEnumerable<TaskExecutionId> Touched => _seen ? [] : Run.Touched;

        /// <summary>When something falls due next; none: nothing waits for time.</summary>
        public DateTimeOffset? NextDue => Run.Agenda.NextDue;

        /// <summary>Whether the last decision left work that a <see cref="WorkflowCommand.Continue"/> takes up.</summary>
        public bool HasMore => Run.CanAdvance;

        /// <summary>Why the run stops; none while it works.</summary>
        public string? Stopping => Run.Root.Stop?.Reason;

        internal RunState Run { get; }

        /// <summary>The order for an outstanding attempt; none if it is not outstanding, was withdrawn, or is parked as poison.</summary>
        public TaskOrder? OrderFor(TaskExecutionId execution) => Run.OrderFor(execution);

        /// <summary>
        /// The input of an attempt that is about to start; none if the attempt is not the current one, or was withdrawn, or the lease is
        /// known to be lost: it must not start then.
        /// </summary>
        public Payload? InputFor(AttemptId attempt, LeaseId lease) => Run.InputFor(attempt, lease);

        /// <summary>The name of an outstanding attempt.</summary>
        /// <exception cref="InvalidOperationException">The execution has no live state.</exception>
        public AttemptId AttemptOf(TaskExecutionId execution) => Run.AttemptOf(execution, Run.Get(execution));

        /// <summary>Executions that wait for a child.</summary>
        public IEnumerable<TaskExecutionId> Children => Run.Children;

        /// <summary>The child that an execution waits for; none if it waits for none.</summary>
        public ChildOrder? ChildFor(TaskExecutionId execution) => Run.ChildFor(execution);

        /// <summary>Whose child the run is; none: nobody's.</summary>
        public ParentLink? Parent => Run.Parent;

        /// <summary>Words to find the run by.</summary>
        public ImmutableSortedDictionary<string, string> Tags => Run.Tags;

        /// <summary>When it was started.</summary>
        public DateTimeOffset StartedAt => Run.StartedAt;

        /// <summary>The time of the last commit.</summary>
        public DateTimeOffset UpdatedAt => Run.Now;

        /// <summary>Whether nothing new starts until it is resumed.</summary>
        public bool IsPaused => Run.Paused;

        /// <summary>Whether it can do nothing but wait: for time, signals, people or children.</summary>
        public bool IsWaiting => Run.Active.IsEmpty && !Run.CanAdvance;

        /// <summary>The questions that are open, by the path of the task that asks.</summary>
        public IEnumerable<OpenQuestion> Questions => Run.OpenQuestions();

        /// <summary>How many tasks and elements it holds: what a checkpoint of it costs goes by that.</summary>
        public int Size => Run.Scopes.Values.Sum(scope => scope.Tasks.Sum(task => 1 + (task.Fan?.Elements.Count ?? 0)));

        /// <summary>What a checkpoint keeps of it.</summary>
        public RunImage ToImage() => Run.ToImage();

        /// <summary>The attempt to withdraw; none unless the execution's attempt is outstanding and withdrawn.</summary>
        public WithdrawnAttempt? WithdrawnFor(TaskExecutionId execution) => Run.WithdrawnFor(execution);

        /// <summary>The same state, with nothing touched: said once effects have been seen to.</summary>
        public Open Seen() => _seen || Run.Touched.IsEmpty ? this : new(Run, seen: true);

        /// <summary>A copy to change, without what has been seen to.</summary>
        internal RunState Copy() => Run.Copy(_seen);

        /// <summary>How many tasks and elements there are, have settled, and are outstanding as attempts.</summary>
        public RunProgress Progress => Run.Progress;
    }

    /// <summary>The run has ended.</summary>
    public sealed class Closed : WorkflowState
    {
        internal Closed(RunState run) => Run = run;

        /// <summary>Everything as it was when the run ended: a retry goes on from there.</summary>
        internal RunState Run { get; }

        /// <summary>Everything that the run held when it ended.</summary>
        public RunImage ToImage() => Run.ToImage();

        /// <summary>How many tasks and elements there were, had settled, and were outstanding when it ended.</summary>
        public RunProgress Progress => Run.Progress;

        /// <summary>Whose child the run is; none: nobody's.</summary>
        public ParentLink? Parent => Run.Parent;

        /// <summary>Words to find the run by.</summary>
        public ImmutableSortedDictionary<string, string> Tags => Run.Tags;

        /// <summary>Children that were under way when the run was terminated, and what is to become of them.</summary>
        public IEnumerable<ChildOrder> LeftChildren => Run.LeftChildren();

        /// <summary>
        /// Whether that start is of a child anew: its parent was taken back or retried, and starts it again under the same id.
        /// </summary>
        public bool IsReplacedBy(WorkflowCommand.Start start) =>
            Parent is { } former && start.Parent is { } next && next.Follows(former);

        /// <summary>The commands that were taken: a repeat gets its first answer.</summary>
        internal CommandWindow Commands { get; set; } = CommandWindow.Empty;

        /// <summary>The run's id for good.</summary>
        public required Guid RunId { get; init; }

        /// <summary>What it ran.</summary>
        public required DefinitionReference Definition { get; init; }

        /// <summary>What it was started with.</summary>
        public required Payload Input { get; init; }

        /// <summary>How it ended.</summary>
        public required RunOutcome Outcome { get; init; }

        /// <summary>The result; <c>null</c> unless it completed.</summary>
        public required Payload Output { get; init; }

        /// <summary>Why it failed.</summary>
        public TaskError? Error { get; init; }

        /// <summary>Why it was cancelled or terminated.</summary>
        public string? Reason { get; init; }

        /// <summary>The tasks that failed it, and compensations that failed, in order; at most 100.</summary>
        public required ImmutableList<FailedTask> Failures { get; init; }

        /// <summary>When it was started.</summary>
        public required DateTimeOffset StartedAt { get; init; }

        /// <summary>When it ended.</summary>
        public required DateTimeOffset ClosedAt { get; init; }
    }
}

/// <summary>How a run ended.</summary>
public enum RunOutcome
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

/// <summary>A task that failed for good.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Type">The error type.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Attempts">How often its execution was attempted.</param>
public sealed record FailedTask(string Path, string Type, string Message, int Attempts);

/// <summary>An attempt that a run takes back.</summary>
/// <param name="Attempt">Its name.</param>
/// <param name="Queue">The queue it was offered to.</param>
public sealed record WithdrawnAttempt(AttemptId Attempt, string Queue);

/// <summary>How far a run is.</summary>
/// <param name="Tasks">Tasks of the run's own graph, and elements of its fan-outs so far.</param>
/// <param name="Settled">Those that have settled.</param>
/// <param name="Outstanding">Attempts that are offered or running.</param>
public readonly record struct RunProgress(int Tasks, int Settled, int Outstanding);

/// <summary>A question that waits for an answer.</summary>
/// <param name="Task">The path of the task that asks.</param>
/// <param name="Title">The task's name for people.</param>
/// <param name="Kind">What sort of answer.</param>
/// <param name="Prompt">The question.</param>
/// <param name="Options">What there is to choose from: an array.</param>
/// <param name="Assignees">Who is asked.</param>
/// <param name="TimeoutAt">When it is no longer waited for; none: never.</param>
public sealed record OpenQuestion(
    string Task, string Title, Definitions.AskKind Kind, string Prompt, Payload? Options, Payload? Assignees, DateTimeOffset? TimeoutAt);

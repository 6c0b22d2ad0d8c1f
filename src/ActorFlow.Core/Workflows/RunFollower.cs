using System.Collections.Immutable;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Workflows;

/// <summary>
/// Follows a run as it is recorded, one event at a time: the text of each event for people, and the progress after it. A commit as a
/// whole would make the counts jump.
/// </summary>
internal sealed class RunFollower
{
    private readonly WorkflowPlan _plan;
    private WorkflowState _state;

    private RunFollower(WorkflowPlan plan, WorkflowState state) => (_plan, _state) = (plan, state);

    /// <summary>Follows a run from its first commit on.</summary>
    /// <param name="state">A state of the run.</param>
    /// <exception cref="ArgumentException">The run has not been started.</exception>
    public static RunFollower FromStart(WorkflowState state)
    {
        var plan = RunOf(state).Plan;
        return new(plan, WorkflowState.Initial(plan));
    }

    /// <summary>Follows a run from its present state.</summary>
    /// <exception cref="ArgumentException">The run has not been started.</exception>
    public static RunFollower From(WorkflowState state) => new(RunOf(state).Plan, state);

    /// <summary>Describes the run at this point, for people.</summary>
    public WorkflowDescription Describe() => RunDescriber.Describe(_plan, RunOf(_state).ToImage());

    /// <summary>Gives the steps of the next commit.</summary>
    /// <param name="commit">What was recorded.</param>
    /// <exception cref="InvalidOperationException">The commit cannot follow those read before.</exception>
    public ImmutableArray<RunStep> Read(WorkflowCommit commit)
    {
        ArgumentNullException.ThrowIfNull(commit);
        var steps = ImmutableArray.CreateBuilder<RunStep>(commit.Events.Length);
        foreach (var @event in commit.Events)
        {
            var next = WorkflowDecider.Evolve(_state, commit with { CommandId = null, Events = [@event] });
            var run = RunOf(next);
            var task = TaskOf(@event);
            var before = task is { } of && _state is not WorkflowState.NotStarted && RunOf(_state) is var known && known.Scopes.ContainsKey(of.Scope) ? known : null;
            steps.Add(new(@event, [.. new EventText(commit.At, _state, next).Of(@event)], run.Progress)
            {
                IsFatal = before?.FailsRun(task!.Value.Scope, task.Value.Task) ?? false,
                IsOfChild = before?.Scopes[task!.Value.Scope].Plan.Tasks[task.Value.Task].Execution is TaskExecutionPlan.Child,
                Phase = task is { } ended && run.Scopes.TryGetValue(ended.Scope, out var open) ? open.Tasks[ended.Task].Phase : null,
            });
            _state = next;
        }

        return steps.MoveToImmutable();
    }

    /// <summary>The name for people of the task that an execution belongs to; null means that it has none, or that there is no such execution.</summary>
    public string? TitleOf(TaskExecutionId execution) =>
        RunOf(_state).Scopes.TryGetValue(execution.Scope, out var scope) ? scope.Plan.Tasks[execution.Task].Definition.Title : null;

    private static RunState RunOf(WorkflowState state) => state switch
    {
        WorkflowState.Open open => open.Run,
        WorkflowState.Closed closed => closed.Run,
        _ => throw new ArgumentException("The run has not been started.", nameof(state)),
    };

    private static (int Scope, int Task)? TaskOf(WorkflowEvent @event) => @event switch
    {
        WorkflowEvent.FanOutOpened e => (e.Scope, e.Task),
        WorkflowEvent.TaskFailed e => (e.Scope, e.Task),
        WorkflowEvent.TaskExecutionCompleted { Execution: var execution } => (execution.Scope, execution.Task),
        WorkflowEvent.TaskExecutionFailed { Execution: var execution } => (execution.Scope, execution.Task),
        WorkflowEvent.TaskExecutionCancelled { Execution: var execution } => (execution.Scope, execution.Task),
        WorkflowEvent.AttemptFailed { Execution: var execution } => (execution.Scope, execution.Task),
        WorkflowEvent.AttemptCancelled { Execution: var execution } => (execution.Scope, execution.Task),
        _ => null,
    };
}

/// <summary>One event of a run that is followed.</summary>
/// <param name="Event">The event.</param>
/// <param name="Lines">Its text for people.</param>
/// <param name="Progress">The progress of the run after it.</param>
internal sealed record RunStep(WorkflowEvent Event, ImmutableArray<HistoryEvent> Lines, RunProgress Progress)
{
    /// <summary>Whether a failure of the task whose execution ended fails the run: neither it nor a group around it has <c>on-error: continue</c>.</summary>
    public bool IsFatal { get; init; }

    /// <summary>Whether the task whose execution ended runs a child.</summary>
    public bool IsOfChild { get; init; }

    /// <summary>The phase of the whole task whose execution ended: a fan-out settles with its last element. Null means that no execution ended, or that its scope is closed.</summary>
    public TaskPhase? Phase { get; init; }
}

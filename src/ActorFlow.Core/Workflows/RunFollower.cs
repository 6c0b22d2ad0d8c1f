using System.Collections.Immutable;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Workflows;

/// <summary>
/// Follows a run as it is recorded, one event at a time: what each says to people, and how far the run is right after it. A commit as a
/// whole would make the counts jump.
/// </summary>
public sealed class RunFollower
{
    private readonly WorkflowPlan _plan;
    private WorkflowState _state;

    private RunFollower(WorkflowPlan plan, WorkflowState state) => (_plan, _state) = (plan, state);

    /// <summary>Follows a run from its first commit on.</summary>
    /// <param name="state">The run at any later moment.</param>
    /// <exception cref="ArgumentException">It has not been started.</exception>
    public static RunFollower FromStart(WorkflowState state)
    {
        var plan = RunOf(state).Plan;
        return new(plan, WorkflowState.Initial(plan));
    }

    /// <summary>Follows a run from where it stands.</summary>
    /// <exception cref="ArgumentException">It has not been started.</exception>
    public static RunFollower From(WorkflowState state) => new(RunOf(state).Plan, state);

    /// <summary>The run now, in the words of people.</summary>
    public RunDescription Describe() => RunDescription.Of(_plan, RunOf(_state).ToImage());

    /// <summary>The steps of the next commit.</summary>
    /// <param name="commit">What was recorded.</param>
    /// <exception cref="InvalidOperationException">It cannot follow those read before.</exception>
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

    /// <summary>The name for people of the task that an execution belongs to; none: it has none, or is not there.</summary>
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
/// <param name="Event">What happened.</param>
/// <param name="Lines">What it says to people.</param>
/// <param name="Progress">How far the run is right after it.</param>
public sealed record RunStep(WorkflowEvent Event, ImmutableArray<HistoryLine> Lines, RunProgress Progress)
{
    /// <summary>Whether a failure of the task whose execution ended fails the run: neither it nor a group around it tolerates one.</summary>
    public bool IsFatal { get; init; }

    /// <summary>Whether the task whose execution ended runs a child.</summary>
    public bool IsOfChild { get; init; }

    /// <summary>Where the task whose execution ended stands as a whole: a fan-out settles with its last element. None: no execution ended, or its scope is gone.</summary>
    public TaskPhase? Phase { get; init; }
}

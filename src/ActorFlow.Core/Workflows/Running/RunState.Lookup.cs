using System.Globalization;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>Finding things: executions, their plans, their paths and orders.</summary>
internal sealed partial class RunState
{
    public TaskPlan PlanOf(TaskExecutionId execution) => Scopes[execution.Scope].Plan.Tasks[execution.Task];

    /// <summary>What a worker runs for the execution: the task's handler, or its compensation's.</summary>
    public TaskExecutionPlan.Uses UsesOf(TaskExecutionId execution) => execution.Scope == CompensationScope
        ? Plan.Tasks[Compensation.Current!.Entry.TaskOrder].Compensate!
        : (TaskExecutionPlan.Uses)PlanOf(execution).Execution;

    /// <summary>The execution under that name, in that very iteration; none if there is no such live execution.</summary>
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

    /// <summary>The path for people, and of the idempotency key: elements in brackets, iterations behind a hash sign.</summary>
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

    /// <summary>Rule 11: the parent's id, then a segment for each group around the task and for the task itself.</summary>
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
}

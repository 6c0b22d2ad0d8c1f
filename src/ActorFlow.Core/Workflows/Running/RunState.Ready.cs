namespace ActorFlow.Core.Workflows.Running;

/// <summary>What waits for its time, and what waits for its turn.</summary>
internal sealed partial class RunState
{
    private void ClearDues(TaskExecutionId id, TaskExecutionState execution)
    {
        ClearDeadline(id, execution);
        ClearWait(id, execution);
    }

    private void ClearWait(TaskExecutionId id, TaskExecutionState execution)
    {
        if (execution.DueAt is { } due)
        {
            Agenda.Remove(new Due(due, execution.Phase == TaskExecutionPhase.Delaying ? DueKind.DelayEnded : DueKind.WaitEnded, id.Scope, id.Task, id.Element));
        }
    }

    private void ClearDeadline(TaskExecutionId id, TaskExecutionState execution)
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

    private void AddReady(int scope, int task, int element) =>
        Agenda.AddReady(ReadyKey(scope, task, element), Scopes[scope].Plan.Tasks[task].IsUses);

    private void RemoveReady(int scope, int task, int element) =>
        Agenda.RemoveReady(ReadyKey(scope, task, element), Scopes[scope].Plan.Tasks[task].IsUses);
}

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
            Dues = Dues.Remove(new(due, execution.Phase == TaskExecutionPhase.Delaying ? DueKind.DelayEnded : DueKind.WaitEnded, id.Scope, id.Task, id.Element));
        }
    }

    private void ClearDeadline(TaskExecutionId id, TaskExecutionState execution)
    {
        if (execution.DeadlineAt is { } deadline)
        {
            Dues = Dues.Remove(new(deadline, DueKind.Deadline, id.Scope, id.Task, id.Element));
        }
    }

    private ReadyExecution ReadyKey(int scope, int task, int element)
    {
        var plan = Scopes[scope].Plan.Tasks[task];
        return new(plan.Priority, plan.Order, scope, task, element);
    }

    private void AddReady(int scope, int task, int element)
    {
        var key = ReadyKey(scope, task, element);
        if (Scopes[scope].Plan.Tasks[task].IsUses)
        {
            ReadyUses = ReadyUses.Add(key);
        }
        else
        {
            ReadyInline = ReadyInline.Add(key);
        }
    }

    private void RemoveReady(int scope, int task, int element)
    {
        var key = ReadyKey(scope, task, element);
        if (Scopes[scope].Plan.Tasks[task].IsUses)
        {
            ReadyUses = ReadyUses.Remove(key);
        }
        else
        {
            ReadyInline = ReadyInline.Remove(key);
        }
    }
}

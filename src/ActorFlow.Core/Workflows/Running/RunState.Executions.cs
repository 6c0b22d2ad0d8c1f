using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>How executions begin, wait, settle and are cancelled.</summary>
internal sealed partial class RunState
{
    private TaskState TaskOf(int scope, int task) => Scopes[scope].Tasks[task];

    private void SetTask(int scope, int task, TaskState state)
    {
        var holder = Scopes[scope];
        var tasks = holder.Tasks.SetItem(task, state, _edit);
        if (!ReferenceEquals(tasks, holder.Tasks))
        {
            Scopes = Scopes.SetItem(scope, holder with { Tasks = tasks });
        }
    }

    private void SetExecution(TaskExecutionId id, TaskExecutionState execution)
    {
        if (id.Scope == CompensationScope)
        {
            Compensation.Set(execution);
            return;
        }

        var task = TaskOf(id.Scope, id.Task);
        SetTask(id.Scope, id.Task, task.Fan is { } fan
            ? task with { Fan = fan with { Elements = fan.Elements.SetItem(id.Element, execution, _edit) } }
            : task with { Execution = execution });
    }

    /// <summary>The execution, taken from its ready list because it begins now (a next attempt included).</summary>
    private TaskExecutionState Started(TaskExecutionId id, bool counted = true)
    {
        if (id.Scope == CompensationScope)
        {
            if (Compensation.Current is null)
            {
                TakeUndo(id.Task);
            }

            return Compensation.Current!.Execution;
        }

        var execution = Get(id);
        RemoveReady(id.Scope, id.Task, id.Element);
        var task = TaskOf(id.Scope, id.Task);
        task = counted ? task with { Starts = task.Starts + 1 } : task;
        if (execution.Phase == TaskExecutionPhase.Queued && task.Fan is { } fan)
        {
            task = task with { Fan = fan with { Next = id.Element + 1, Active = fan.Active + 1, Listed = false } };
            SetTask(id.Scope, id.Task, task);
            ListNext(id.Scope, id.Task);
            return execution;
        }

        if (execution.Phase != TaskExecutionPhase.Ready)
        {
            throw new InvalidOperationException($"The journal starts {PathOf(id)}, which is {execution.Phase}.");
        }

        SetTask(id.Scope, id.Task, task);
        return execution;
    }

    /// <summary>The execution, begun if it settles at once, and freed of its attempt, its timers and its scope.</summary>
    private TaskExecutionState Ended(TaskExecutionId id, bool completed = false)
    {
        var execution = Get(id);
        if (NeedsStart(id, execution))
        {
            // A handler whose input could not be evaluated was never started (rule 22).
            execution = Started(id, counted: !PlanOf(id).IsUses);
        }

        if (execution.Phase == TaskExecutionPhase.Attempting)
        {
            Active = Active.Remove(id);
            Touched = Touched.Add(id);
        }
        else if (execution.Phase == TaskExecutionPhase.Ready && id.Scope != CompensationScope)
        {
            RemoveReady(id.Scope, id.Task, id.Element);
        }
        else if (execution.Phase == TaskExecutionPhase.Open)
        {
            CloseOpened(id, completed);
        }
        else
        {
            StopWaiting(id, execution);
        }

        ClearWait(id, execution);
        return execution.DueAt is null ? execution : execution with { DueAt = null };
    }

    // An execution that ends while ready begins and ends in one step, unless a handler merely waited for a place for its next attempt.
    private bool NeedsStart(TaskExecutionId id, TaskExecutionState execution) =>
        id.Scope != CompensationScope
        && (execution.Phase == TaskExecutionPhase.Queued || (execution.Phase == TaskExecutionPhase.Ready && (execution.Attempt == 0 || !PlanOf(id).IsUses)));

    /// <summary>How often the execution's task was started, this execution included where it begins and ends in one step.</summary>
    public int StartsOf(TaskExecutionId id) => TaskOf(id.Scope, id.Task).Starts + (NeedsStart(id, Get(id)) ? 1 : 0);

    private void LoopOn(TaskExecutionId id, TaskExecutionState execution, Payload output, DateTimeOffset next)
    {
        if (Scopes[id.Scope].Stop is not null)
        {
            SettleExecution(id, new TaskExecutionState { Phase = TaskExecutionPhase.Cancelled, Iteration = execution.Iteration + 1, Output = output });
            return;
        }

        ClearDeadline(id, execution);
        Quota.Hold(output.Length - execution.Bytes);
        var again = new TaskExecutionState { Phase = TaskExecutionPhase.Waiting, Iteration = execution.Iteration + 1, Output = output, DueAt = next };
        SetExecution(id, again);
        var dueNow = next <= Now;
        if (dueNow)
        {
            SetExecution(id, again with { Phase = TaskExecutionPhase.Ready, DueAt = null });
            AddReady(id.Scope, id.Task, id.Element);
        }
        else
        {
            Agenda.Add(new Due(next, DueKind.WaitEnded, id.Scope, id.Task, id.Element));
        }
    }

    private void EndWait(TaskExecutionId id)
    {
        var execution = Get(id);
        Agenda.Remove(new Due(execution.DueAt!.Value, DueKind.WaitEnded, id.Scope, id.Task, id.Element));
        SetExecution(id, execution with { Phase = TaskExecutionPhase.Ready, DueAt = null });
        if (id.Scope != CompensationScope)
        {
            AddReady(id.Scope, id.Task, id.Element);
        }
    }

    private void Fail(TaskExecutionId id, TaskExecutionState execution, TaskError error)
    {
        if (id.Scope == CompensationScope)
        {
            Failures = Failures.Count < Limits.Failures ? Failures.Add(new(error.Task, error.Type, error.Message, execution.Attempt)) : Failures;
            SettleExecution(id, execution);
            return;
        }

        if (error.Task == PathOf(id) || PlanOf(id).Execution is Planning.TaskExecutionPlan.Child)
        {
            AddFailure(id.Scope, id.Task, error, execution.Attempt);
        }

        SettleExecution(id, execution.Leave(TaskExecutionPhase.Failed, error));
        StopIfFatal(id.Scope, id.Task, error);
    }

    private void AddFailure(int scope, int task, TaskError error, int attempts)
    {
        if (Failures.Count < Limits.Failures && FailsRun(scope, task))
        {
            Failures = Failures.Add(new(error.Task, error.Type, error.Message, attempts));
        }
    }

    /// <summary>Whether neither the task nor a group around it tolerates a failure.</summary>
    public bool FailsRun(int scope, int task)
    {
        var holder = Scopes[scope];
        return holder.Plan.Tasks[task].FailsScope && (holder.IsRoot || FailsRun(holder.Owner.Scope, holder.Owner.Task));
    }

    private void StopIfFatal(int scope, int task, TaskError error)
    {
        if (Scopes[scope] is { Stop: null } holder && holder.Plan.Tasks[task].FailsScope)
        {
            StopScope(scope, new(error, error.Message));
        }
    }

    private void SettleExecution(TaskExecutionId id, TaskExecutionState settled)
    {
        if (id.Scope == CompensationScope)
        {
            ClearDeadline(id, Compensation.Current!.Execution);
            Quota.Release(Compensation.Current.Execution.Input);
            Compensation.Settle(id.Task);
            return;
        }

        var before = Get(id);
        ClearDeadline(id, before);
        Quota.Release(before.Bytes);
        var task = TaskOf(id.Scope, id.Task);
        if (task.Fan is { } fan)
        {
            SettleElement(id, settled, task, fan);
            return;
        }

        var phase = settled.Phase switch
        {
            TaskExecutionPhase.Completed => TaskPhase.Completed,
            TaskExecutionPhase.Failed => TaskPhase.Failed,
            _ => TaskPhase.Cancelled,
        };
        SettleTask(id.Scope, id.Task, phase, phase == TaskPhase.Completed ? settled.Output : null, settled.Error, execution: settled);
    }

    private void CancelExecution(TaskExecutionId id)
    {
        var execution = Get(id);
        switch (execution.Phase)
        {
            case TaskExecutionPhase.Attempting when !execution.Withdrawn:
                // It is cancelled now, however late it ends: its deadline no longer matters.
                ClearDeadline(id, execution);
                Withdraw(id, execution with { DeadlineAt = null });
                break;
            case TaskExecutionPhase.Open when Scopes[execution.Opened].Stop is null:
                StopScope(execution.Opened, new(null, "The enclosing scope stopped."));
                break;
            case TaskExecutionPhase.AwaitingChild when !execution.Withdrawn && MayStillRun(id, execution):
                StopWaiting(id, execution);
                SetExecution(id, execution with { Withdrawn = true, TimeoutAt = null });
                Children = Children.Add(id);
                Touched = Touched.Add(id);
                break;
            case TaskExecutionPhase.Ready or TaskExecutionPhase.Waiting or TaskExecutionPhase.Delaying or TaskExecutionPhase.AwaitingSignal or TaskExecutionPhase.AwaitingAnswer:
            case TaskExecutionPhase.AwaitingChild when !execution.Withdrawn:
                StopWaiting(id, execution);
                ClearDues(id, execution);
                RemoveReady(id.Scope, id.Task, id.Element);
                SettleExecution(id, execution.Leave(TaskExecutionPhase.Cancelled, null));
                break;
            default:
                break;
        }
    }

    private void Withdraw(TaskExecutionId id, TaskExecutionState execution)
    {
        SetExecution(id, execution with { Withdrawn = true });
        Touched = Touched.Add(id);
    }
}

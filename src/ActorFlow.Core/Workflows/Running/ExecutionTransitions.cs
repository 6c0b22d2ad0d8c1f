
namespace ActorFlow.Core.Workflows.Running;

/// <summary>How executions begin, wait, settle and are cancelled.</summary>
internal static class ExecutionTransitions
{
    public static TaskState TaskOf(this RunState run, int scope, int task) => run.Scopes[scope].Tasks[task];

    public static void SetTask(this RunState run, int scope, int task, TaskState state)
    {
        var holder = run.Scopes[scope];
        var tasks = holder.Tasks.SetItem(task, state, run.Edit);
        if (!ReferenceEquals(tasks, holder.Tasks))
        {
            run.Scopes = run.Scopes.SetItem(scope, holder with { Tasks = tasks });
        }
    }

    public static void SetExecution(this RunState run, TaskExecutionId id, TaskExecutionState execution)
    {
        if (id.Scope == RunState.CompensationScope)
        {
            run.Compensation.Set(execution);
            return;
        }

        var task = run.TaskOf(id.Scope, id.Task);
        run.SetTask(id.Scope, id.Task, task.Fan is { } fan
            ? task with { Fan = fan with { Elements = fan.Elements.SetItem(id.Element, execution, run.Edit) } }
            : task with { Execution = execution });
    }

    /// <summary>Takes the execution from its ready list because it, or its next attempt, begins now.</summary>
    public static TaskExecutionState Started(this RunState run, TaskExecutionId id, bool counted = true)
    {
        if (id.Scope == RunState.CompensationScope)
        {
            if (run.Compensation.Current is null)
            {
                run.TakeUndo(id.Task);
            }

            return run.Compensation.Current!.Execution;
        }

        var execution = run.Get(id);
        run.RemoveReady(id.Scope, id.Task, id.Element);
        var task = run.TaskOf(id.Scope, id.Task);
        task = counted ? task with { Starts = task.Starts + 1 } : task;
        if (execution.Phase == TaskExecutionPhase.Queued && task.Fan is { } fan)
        {
            task = task with { Fan = fan with { Next = id.Element + 1, Active = fan.Active + 1, Listed = false } };
            run.SetTask(id.Scope, id.Task, task);
            run.ListNext(id.Scope, id.Task);
            return execution;
        }

        if (execution.Phase != TaskExecutionPhase.Ready)
        {
            throw new InvalidOperationException($"The journal starts {run.PathOf(id)}, which is {execution.Phase}.");
        }

        run.SetTask(id.Scope, id.Task, task);
        return execution;
    }

    /// <summary>Ends the execution: begins it if it settles at once, and frees its attempt, its timers and its scope.</summary>
    public static TaskExecutionState Ended(this RunState run, TaskExecutionId id, bool completed = false)
    {
        var execution = run.Get(id);
        if (run.NeedsStart(id, execution))
        {
            // A handler whose input could not be evaluated was never started (rule 22).
            execution = run.Started(id, counted: !run.PlanOf(id).IsUses);
        }

        if (execution.Phase == TaskExecutionPhase.Attempting)
        {
            run.Active = run.Active.Remove(id);
            run.Touched = run.Touched.Add(id);
        }
        else if (execution.Phase == TaskExecutionPhase.Ready && id.Scope != RunState.CompensationScope)
        {
            run.RemoveReady(id.Scope, id.Task, id.Element);
        }
        else if (execution.Phase == TaskExecutionPhase.Open)
        {
            run.CloseOpened(id, completed);
        }
        else
        {
            run.StopWaiting(id, execution);
        }

        run.ClearWait(id, execution);
        return execution.DueAt is null ? execution : execution with { DueAt = null };
    }

    // An execution that ends while it is ready begins and ends in one step, unless only its next attempt waited for a place.
    private static bool NeedsStart(this RunState run, TaskExecutionId id, TaskExecutionState execution) =>
        id.Scope != RunState.CompensationScope
        && (execution.Phase == TaskExecutionPhase.Queued || (execution.Phase == TaskExecutionPhase.Ready && (execution.Attempt == 0 || !run.PlanOf(id).IsUses)));

    /// <summary>How often the execution's task was started, this execution included where it begins and ends in one step.</summary>
    public static int StartsOf(this RunState run, TaskExecutionId id) => run.TaskOf(id.Scope, id.Task).Starts + (run.NeedsStart(id, run.Get(id)) ? 1 : 0);

    public static void LoopOn(this RunState run, TaskExecutionId id, TaskExecutionState execution, Payload output, DateTimeOffset next)
    {
        if (run.Scopes[id.Scope].Stop is not null)
        {
            run.SettleExecution(id, new TaskExecutionState { Phase = TaskExecutionPhase.Cancelled, Iteration = execution.Iteration + 1, Output = output });
            return;
        }

        run.ClearDeadline(id, execution);
        run.Quota.Hold(output.Length - execution.Bytes);
        var again = new TaskExecutionState
        {
            Phase = TaskExecutionPhase.Waiting,
            Iteration = execution.Iteration + 1,
            Output = output,
            ReadyAt = run.Now,
            DueAt = next,
        };
        run.SetExecution(id, again);
        var dueNow = next <= run.Now;
        if (dueNow)
        {
            run.SetExecution(id, again with { Phase = TaskExecutionPhase.Ready, DueAt = null });
            run.AddReady(id.Scope, id.Task, id.Element);
        }
        else
        {
            run.Agenda.Add(new Due(next, DueKind.WaitEnded, id.Scope, id.Task, id.Element));
        }
    }

    public static void EndWait(this RunState run, TaskExecutionId id)
    {
        var execution = run.Get(id);
        run.Agenda.Remove(new Due(execution.DueAt!.Value, DueKind.WaitEnded, id.Scope, id.Task, id.Element));
        run.SetExecution(id, execution with { Phase = TaskExecutionPhase.Ready, ReadyAt = run.Now, DueAt = null });
        if (id.Scope != RunState.CompensationScope)
        {
            run.AddReady(id.Scope, id.Task, id.Element);
        }
    }

    public static void Fail(this RunState run, TaskExecutionId id, TaskExecutionState execution, TaskError error)
    {
        if (id.Scope == RunState.CompensationScope)
        {
            run.Failures = run.Failures.Count < Limits.Failures ? run.Failures.Add(new(error.Task, error.Type, error.Message, execution.Attempt)) : run.Failures;
            run.SettleExecution(id, execution);
            return;
        }

        if (error.Task == run.PathOf(id) || run.PlanOf(id).Execution is Planning.TaskExecutionPlan.Child)
        {
            run.AddFailure(id.Scope, id.Task, error, execution.Attempt);
        }

        run.SettleExecution(id, execution.Leave(TaskExecutionPhase.Failed, error));
        run.StopIfFatal(id.Scope, id.Task, error);
    }

    public static void AddFailure(this RunState run, int scope, int task, TaskError error, int attempts)
    {
        if (run.Failures.Count < Limits.Failures && run.FailsRun(scope, task))
        {
            run.Failures = run.Failures.Add(new(error.Task, error.Type, error.Message, attempts));
        }
    }

    /// <summary>Whether neither the task nor a group around it has <c>on-error: continue</c>.</summary>
    public static bool FailsRun(this RunState run, int scope, int task)
    {
        var holder = run.Scopes[scope];
        return holder.Plan.Tasks[task].FailsScope && (holder.IsRoot || run.FailsRun(holder.Owner.Scope, holder.Owner.Task));
    }

    public static void StopIfFatal(this RunState run, int scope, int task, TaskError error)
    {
        if (run.Scopes[scope] is { Stop: null } holder && holder.Plan.Tasks[task].FailsScope)
        {
            run.StopScope(scope, new(error, error.Message));
        }
    }

    public static void SettleExecution(this RunState run, TaskExecutionId id, TaskExecutionState settled)
    {
        if (id.Scope == RunState.CompensationScope)
        {
            run.ClearDeadline(id, run.Compensation.Current!.Execution);
            run.Quota.Release(run.Compensation.Current.Execution.Input);
            run.Compensation.Settle(id.Task);
            return;
        }

        var before = run.Get(id);
        run.ClearDeadline(id, before);
        run.Quota.Release(before.Bytes);
        var task = run.TaskOf(id.Scope, id.Task);
        if (task.Fan is { } fan)
        {
            run.SettleElement(id, settled, task, fan);
            return;
        }

        var phase = settled.Phase switch
        {
            TaskExecutionPhase.Completed => TaskPhase.Completed,
            TaskExecutionPhase.Failed => TaskPhase.Failed,
            _ => TaskPhase.Cancelled,
        };
        run.SettleTask(id.Scope, id.Task, phase, phase == TaskPhase.Completed ? settled.Output : null, settled.Error, execution: settled);
    }

    public static void CancelExecution(this RunState run, TaskExecutionId id)
    {
        var execution = run.Get(id);
        switch (execution.Phase)
        {
            case TaskExecutionPhase.Attempting when !execution.Withdrawn:
                // It is cancelled now, whenever it ends: its deadline no longer matters.
                run.ClearDeadline(id, execution);
                run.Withdraw(id, execution with { DeadlineAt = null });
                break;
            case TaskExecutionPhase.Open when run.Scopes[execution.Opened].Stop is null:
                run.StopScope(execution.Opened, new(null, "The enclosing scope stopped."));
                break;
            case TaskExecutionPhase.AwaitingChild when !execution.Withdrawn && run.MayStillRun(id, execution):
                run.StopWaiting(id, execution);
                run.SetExecution(id, execution with { Withdrawn = true, TimeoutAt = null });
                run.Children = run.Children.Add(id);
                run.Touched = run.Touched.Add(id);
                break;
            case TaskExecutionPhase.Ready or TaskExecutionPhase.Waiting or TaskExecutionPhase.Delaying or TaskExecutionPhase.AwaitingSignal or TaskExecutionPhase.AwaitingAnswer:
            case TaskExecutionPhase.AwaitingChild when !execution.Withdrawn:
                run.StopWaiting(id, execution);
                run.ClearDues(id, execution);
                run.RemoveReady(id.Scope, id.Task, id.Element);
                run.SettleExecution(id, execution.Leave(TaskExecutionPhase.Cancelled, null));
                break;
            default:
                break;
        }
    }

    public static void Withdraw(this RunState run, TaskExecutionId id, TaskExecutionState execution)
    {
        run.SetExecution(id, execution with { Withdrawn = true });
        run.Touched = run.Touched.Add(id);
    }
}

using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>Opens a closed run again: what completed stays, what failed or was cancelled runs again.</summary>
internal static class RunReopening
{
    public static void Apply(this RunState run, Reopened e)
    {
        run.End = null;
        run.Generation = e.Generation;
        run.Failures = [];
        run.Paused = false;
        run.Agenda.Decided(0, Decidable.WholeScope);
        if (e.From is { } from)
        {
            foreach (var task in run.Downstream(from))
            {
                run.Forget(task);
            }
        }

        run.Revive(0, run.Plan.Definition.Timeout);
    }

    private static SortedSet<int> Downstream(this RunState run, int from)
    {
        var found = new SortedSet<int> { from };
        var next = new Stack<int>(found);
        while (next.TryPop(out var task))
        {
            foreach (var dependant in run.Root.Plan.Tasks[task].Dependants)
            {
                if (found.Add(dependant.Task))
                {
                    next.Push(dependant.Task);
                }
            }
        }

        return found;
    }

    /// <summary>Resets a task as if it had never run; only the number of its starts stays.</summary>
    private static void Forget(this RunState run, int task)
    {
        var state = run.TaskOf(0, task);
        run.Quota.Release(state.Output);
        run.Drop(state.Execution);
        if (state.Fan is { } fan)
        {
            run.Quota.Release(fan.Bytes);
            run.DropAll(fan);
        }

        run.SetTask(0, task, TaskState.Pending(run.Root.Plan.Tasks[task].Needs) with { Phase = TaskPhase.Cancelled, Starts = state.Starts });
    }

    public static void DropAll(this RunState run, FanOut? fan)
    {
        foreach (var element in fan?.Elements ?? Enumerable.Empty<TaskExecutionState>())
        {
            run.Drop(element, counted: false);
        }
    }

    /// <summary>Drops what an execution that did not complete has kept for a retry: its group's instance with all its executions.</summary>
    public static void Drop(this RunState run, TaskExecutionState? execution, bool counted = true)
    {
        run.Quota.Release(counted ? execution?.Output?.Length ?? 0 : 0);
        if (execution is not { Opened: > 0 } || !run.Scopes.TryGetValue(execution.Opened, out var scope))
        {
            return;
        }

        foreach (var task in scope.Tasks)
        {
            run.Quota.Release((task.Output?.Length ?? 0) + (task.Fan?.Bytes ?? 0));
            run.Drop(task.Execution);
            run.DropAll(task.Fan);
        }

        run.Scopes = run.Scopes.Remove(scope.Id);
    }

    private static void Revive(this RunState run, int id, TimeSpan? timeout)
    {
        var scope = run.Scopes[id];
        run.ClearDue(scope);
        var left = Enumerable.Range(0, scope.Tasks.Count).Where(task => ScopeTransitions.IsLeft(scope.Tasks[task].Phase, scope.Plan.Tasks[task])).ToList();
        scope = scope with { Stop = null, DueAt = run.Now + timeout, Unsettled = left.Count };
        run.Scopes = run.Scopes.SetItem(id, scope);
        run.ListDue(scope);
        foreach (var task in left)
        {
            var state = run.TaskOf(id, task);
            run.SetTask(id, task, state with { Phase = TaskPhase.Pending, Error = null, Decided = false });
        }

        foreach (var task in left)
        {
            run.ReviveTask(id, task);
        }

        if (left.Count == 0)
        {
            run.Agenda.DecideScope(id);
        }
    }

    private static void ReviveTask(this RunState run, int scope, int task)
    {
        var state = run.TaskOf(scope, task);
        if (state.Fan is { } fan)
        {
            run.SetTask(scope, task, state with { Phase = TaskPhase.Running, Decided = true });
            run.ReviveFan(scope, task, fan);
        }
        else if (state.Execution is { } execution)
        {
            run.SetTask(scope, task, state with { Phase = TaskPhase.Running, Decided = true });
            run.ReviveExecution(new(scope, task, 0, execution.Iteration), execution);
        }
        else
        {
            run.Recount(scope, task);
        }
    }

    private static void ReviveExecution(this RunState run, TaskExecutionId id, TaskExecutionState execution)
    {
        if (execution.Opened > 0 && run.Scopes.ContainsKey(execution.Opened))
        {
            run.SetExecution(id, execution with { Phase = TaskExecutionPhase.Open, Error = null });
            run.Revive(execution.Opened, ((Planning.TaskExecutionPlan.Group)run.PlanOf(id).Execution).Timeout);
            return;
        }

        run.SetExecution(id, execution with { Phase = TaskExecutionPhase.Ready, Error = null, AttemptBase = execution.Attempt });
        run.AddReady(id.Scope, id.Task, id.Element);
    }

    private static void ReviveFan(this RunState run, int scope, int task, FanOut fan)
    {
        var failsScope = run.Scopes[scope].Plan.Tasks[task].FailsScope;
        var again = Enumerable.Range(0, fan.Elements.Count).Where(element => fan.Elements[element].Phase switch
        {
            TaskExecutionPhase.Cancelled => true,
            TaskExecutionPhase.Failed => failsScope,
            _ => false,
        }).ToList();
        var begun = fan.Elements.TakeWhile(element => element.Phase != TaskExecutionPhase.Queued).Count();
        var unsettled = again.Count + fan.Elements.Count - begun;
        run.Quota.ReopenElements(unsettled);
        fan = fan with
        {
            Next = begun,
            Active = again.Count,
            Unsettled = unsettled,
            Failed = failsScope ? 0 : fan.Failed,
            Listed = false,
        };
        run.SetTask(scope, task, run.TaskOf(scope, task) with { Fan = fan });
        foreach (var element in again)
        {
            // The output of the previous iteration becomes the execution's own again.
            var execution = fan.Elements[element];
            run.SetFan(scope, task, live => live with { Bytes = live.Bytes - (execution.Output?.Length ?? 0) });
            run.ReviveExecution(new(scope, task, element, execution.Iteration), execution);
        }

        run.ListNext(scope, task);
    }

    private static void SetFan(this RunState run, int scope, int task, Func<FanOut, FanOut> change)
    {
        var state = run.TaskOf(scope, task);
        run.SetTask(scope, task, state with { Fan = change(state.Fan!) });
    }

    /// <summary>Counts again what the task waits for. Needs that settled while the scope stopped were not counted.</summary>
    private static void Recount(this RunState run, int scope, int task)
    {
        var holder = run.Scopes[scope];
        var plan = holder.Plan.Tasks[task];
        var (waiting, arrived) = (0, 0);
        foreach (var need in plan.Definition.Needs)
        {
            var needed = holder.Tasks[holder.Plan.Positions[need.Task]];
            if (!needed.IsSettled)
            {
                waiting++;
            }
            else if (ScopeTransitions.Arrives(needed, need.Case, plan.Definition.Join.Count))
            {
                arrived++;
            }
        }

        var join = plan.Definition.Join.Count;
        var decided = waiting == 0 || (join > 0 && arrived >= join);
        run.SetTask(scope, task, holder.Tasks[task] with { Waiting = waiting, Arrived = arrived, Decided = decided });
        if (decided)
        {
            run.Agenda.Decide(scope, task);
        }
    }
}

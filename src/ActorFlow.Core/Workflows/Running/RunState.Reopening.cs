using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>How a run that has ended is opened again: what completed stays, what failed or was cancelled runs again.</summary>
internal sealed partial class RunState
{
    private void Apply(Reopened e)
    {
        End = null;
        Generation = e.Generation;
        Failures = [];
        Paused = false;
        Agenda.Decided(0, Decidable.WholeScope);
        if (e.From is { } from)
        {
            foreach (var task in Downstream(from))
            {
                Forget(task);
            }
        }

        Revive(0, Plan.Definition.Timeout);
    }

    private SortedSet<int> Downstream(int from)
    {
        var found = new SortedSet<int> { from };
        var next = new Stack<int>(found);
        while (next.TryPop(out var task))
        {
            foreach (var dependant in Root.Plan.Tasks[task].Dependants)
            {
                if (found.Add(dependant.Task))
                {
                    next.Push(dependant.Task);
                }
            }
        }

        return found;
    }

    /// <summary>The task as if it had never run; how often it was started is still told.</summary>
    private void Forget(int task)
    {
        var state = TaskOf(0, task);
        Quota.Release(state.Output);
        Drop(state.Execution);
        if (state.Fan is { } fan)
        {
            Quota.Release(fan.Bytes);
            DropAll(fan);
        }

        SetTask(0, task, TaskState.Pending(Root.Plan.Tasks[task].Needs) with { Phase = TaskPhase.Cancelled, Starts = state.Starts });
    }

    private void DropAll(FanOut? fan)
    {
        foreach (var element in fan?.Elements ?? Enumerable.Empty<TaskExecutionState>())
        {
            Drop(element, counted: false);
        }
    }

    /// <summary>What an execution that did not complete has kept for a retry: the instance of its group, and whatever is in that.</summary>
    private void Drop(TaskExecutionState? execution, bool counted = true)
    {
        Quota.Release(counted ? execution?.Output?.Length ?? 0 : 0);
        if (execution is not { Opened: > 0 } || !Scopes.TryGetValue(execution.Opened, out var scope))
        {
            return;
        }

        foreach (var task in scope.Tasks)
        {
            Quota.Release((task.Output?.Length ?? 0) + (task.Fan?.Bytes ?? 0));
            Drop(task.Execution);
            DropAll(task.Fan);
        }

        Scopes = Scopes.Remove(scope.Id);
    }

    private void Revive(int id, TimeSpan? timeout)
    {
        var scope = Scopes[id];
        ClearTimeout(scope);
        var timeoutAt = timeout is { } limit ? Now + limit : (DateTimeOffset?)null;
        if (timeoutAt is { } due)
        {
            Agenda.Add(new Due(due, DueKind.ScopeTimeout, id, 0, 0));
        }

        var left = Enumerable.Range(0, scope.Tasks.Count).Where(task => IsLeft(scope.Tasks[task].Phase, scope.Plan.Tasks[task])).ToList();
        Scopes = Scopes.SetItem(id, scope with { Stop = null, TimeoutAt = timeoutAt, Unsettled = left.Count });
        foreach (var task in left)
        {
            var state = TaskOf(id, task);
            SetTask(id, task, state with { Phase = TaskPhase.Pending, Error = null, Decided = false });
        }

        foreach (var task in left)
        {
            ReviveTask(id, task);
        }

        if (left.Count == 0)
        {
            Agenda.DecideScope(id);
        }
    }

    private void ReviveTask(int scope, int task)
    {
        var state = TaskOf(scope, task);
        if (state.Fan is { } fan)
        {
            SetTask(scope, task, state with { Phase = TaskPhase.Running, Decided = true });
            ReviveFan(scope, task, fan);
        }
        else if (state.Execution is { } execution)
        {
            SetTask(scope, task, state with { Phase = TaskPhase.Running, Decided = true });
            ReviveExecution(new(scope, task, 0, execution.Iteration), execution);
        }
        else
        {
            Recount(scope, task);
        }
    }

    private void ReviveExecution(TaskExecutionId id, TaskExecutionState execution)
    {
        if (execution.Opened > 0 && Scopes.ContainsKey(execution.Opened))
        {
            SetExecution(id, execution with { Phase = TaskExecutionPhase.Open, Error = null });
            Revive(execution.Opened, ((Planning.TaskExecutionPlan.Group)PlanOf(id).Execution).Timeout);
            return;
        }

        SetExecution(id, execution with { Phase = TaskExecutionPhase.Ready, Error = null, AttemptBase = execution.Attempt });
        AddReady(id.Scope, id.Task, id.Element);
    }

    private void ReviveFan(int scope, int task, FanOut fan)
    {
        var failsScope = Scopes[scope].Plan.Tasks[task].FailsScope;
        var again = Enumerable.Range(0, fan.Elements.Count).Where(element => fan.Elements[element].Phase switch
        {
            TaskExecutionPhase.Cancelled => true,
            TaskExecutionPhase.Failed => failsScope,
            _ => false,
        }).ToList();
        var begun = fan.Elements.TakeWhile(element => element.Phase != TaskExecutionPhase.Queued).Count();
        var unsettled = again.Count + fan.Elements.Count - begun;
        Quota.ReopenElements(unsettled);
        fan = fan with
        {
            Next = begun,
            Active = again.Count,
            Unsettled = unsettled,
            Failed = failsScope ? 0 : fan.Failed,
            Listed = false,
        };
        SetTask(scope, task, TaskOf(scope, task) with { Fan = fan });
        foreach (var element in again)
        {
            // What the iteration before left behind counts as the execution's own again.
            var execution = fan.Elements[element];
            SetFan(scope, task, live => live with { Bytes = live.Bytes - (execution.Output?.Length ?? 0) });
            ReviveExecution(new(scope, task, element, execution.Iteration), execution);
        }

        ListNext(scope, task);
    }

    private void SetFan(int scope, int task, Func<FanOut, FanOut> change)
    {
        var state = TaskOf(scope, task);
        SetTask(scope, task, state with { Fan = change(state.Fan!) });
    }

    /// <summary>What the task still waits for. Needs that settled while the scope stopped had told nobody.</summary>
    private void Recount(int scope, int task)
    {
        var holder = Scopes[scope];
        var plan = holder.Plan.Tasks[task];
        var (waiting, arrived) = (0, 0);
        foreach (var need in plan.Definition.Needs)
        {
            var needed = holder.Tasks[holder.Plan.Positions[need.Task]];
            if (!needed.IsSettled)
            {
                waiting++;
            }
            else if (Arrives(needed, need.Case, plan.Definition.Join.Count))
            {
                arrived++;
            }
        }

        var join = plan.Definition.Join.Count;
        var decided = waiting == 0 || (join > 0 && arrived >= join);
        SetTask(scope, task, holder.Tasks[task] with { Waiting = waiting, Arrived = arrived, Decided = decided });
        if (decided)
        {
            Agenda.Decide(scope, task);
        }
    }
}

using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>How scopes open, how tasks in them settle and wake their dependants, and how scopes stop.</summary>
internal sealed partial class RunState
{
    private void OpenScope(int id, ScopePlan plan, TaskExecutionId owner, string path, TimeSpan? timeout)
    {
        var timeoutAt = timeout is { } limit ? Now + limit : (DateTimeOffset?)null;
        Scopes = Scopes.Add(new()
        {
            Id = id,
            Plan = plan,
            Owner = owner,
            Path = path,
            Tasks = plan.Initial,
            Unsettled = plan.Tasks.Length,
            TimeoutAt = timeoutAt,
        });
        if (timeoutAt is { } due)
        {
            Agenda.Add(new Due(due, DueKind.ScopeTimeout, id, 0, 0));
        }

        Agenda.DecideAll(plan.Tasks.Where(task => task.Needs == 0).Select(task => new Decidable(id, task.Index)));
        if (plan.Tasks.IsEmpty)
        {
            Agenda.DecideScope(id);
        }
    }

    /// <summary>Ends a group's instance. One that did not complete is left as it is until its execution settles: a retry may go on in it.</summary>
    private void CloseOpened(TaskExecutionId owner, bool completed)
    {
        var execution = Get(owner);
        var scope = Scopes[execution.Opened];
        ClearTimeout(scope);
        Agenda.Decided(scope.Id, Decidable.WholeScope);
        if (!completed)
        {
            Scopes = Scopes.SetItem(scope.Id, scope with { TimeoutAt = null });
            return;
        }

        foreach (var task in scope.Tasks)
        {
            Quota.Release(task.Output);
        }

        Scopes = Scopes.Remove(scope.Id);
    }

    private void SettleTask(
        int scope, int task, TaskPhase phase, Payload? output, TaskError? error, TaskExecutionState? execution = null, FanOut? fan = null)
    {
        var holder = Scopes[scope];
        var plan = holder.Plan.Tasks[task];
        var settled = holder.Tasks[task] with { Phase = phase, Output = output, Error = error, Execution = null, Fan = null };
        if (IsLeft(phase, plan))
        {
            Quota.Hold(execution?.Output);
            settled = settled with { Execution = execution, Fan = fan };
        }
        else
        {
            Quota.Release(fan?.Bytes ?? 0);
            Drop(execution, counted: false);
            DropAll(fan);
            holder = Scopes[scope];
        }

        Quota.Hold(output);
        holder = holder with { Tasks = holder.Tasks.SetItem(task, settled, _edit), Unsettled = holder.Unsettled - 1 };
        Scopes = Scopes.SetItem(scope, holder);
        if (plan.Definition.Checkpoint && phase != TaskPhase.Cancelled && !IsStopping)
        {
            CheckpointsDue = CheckpointsDue.Add(TaskPath(scope, task));
        }

        if (holder.Stop is null && !(phase == TaskPhase.Failed && plan.FailsScope))
        {
            WakeDependants(holder, plan, settled);
        }

        if (holder.Unsettled == 0)
        {
            Agenda.DecideScope(scope);
        }
    }

    /// <summary>Whether a task that settled so has to run again before its scope can complete.</summary>
    private static bool IsLeft(TaskPhase phase, TaskPlan plan) =>
        phase == TaskPhase.Cancelled || (phase == TaskPhase.Failed && plan.FailsScope);

    private void WakeDependants(ScopeState scope, TaskPlan plan, TaskState settled)
    {
        if (plan.Dependants.IsEmpty)
        {
            return;
        }

        var tasks = scope.Tasks;
        foreach (var dependant in plan.Dependants)
        {
            var waiting = tasks[dependant.Task];
            var join = scope.Plan.Tasks[dependant.Task].Definition.Join.Count;
            waiting = waiting with
            {
                Waiting = waiting.Waiting - 1,
                Arrived = Arrives(settled, dependant.Case, join) ? waiting.Arrived + 1 : waiting.Arrived,
            };
            var ready = join == 0 ? waiting.Waiting == 0 : waiting.Waiting == 0 || waiting.Arrived >= join;
            if (ready && !waiting.Decided)
            {
                waiting = waiting with { Decided = true };
                Agenda.Decide(scope.Id, dependant.Task);
            }

            tasks = tasks.SetItem(dependant.Task, waiting, _edit);
        }

        if (!ReferenceEquals(tasks, scope.Tasks))
        {
            Scopes = Scopes.SetItem(scope.Id, scope with { Tasks = tasks });
        }
    }

    // Rule 2: `all` counts completed, and failed with `continue`; `any` and `n` count completed only. Rule 5: cases.
    private static bool Arrives(TaskState settled, string? @case, int join) => settled.Phase switch
    {
        TaskPhase.Completed => @case is null || settled.Output!.Equals(Payload.FromString(@case)),
        TaskPhase.Failed => @case is null && join == 0,
        _ => false,
    };

    private void ClearTimeout(ScopeState scope)
    {
        if (scope.TimeoutAt is { } due)
        {
            Agenda.Remove(new Due(due, DueKind.ScopeTimeout, scope.Id, 0, 0));
        }
    }

    /// <summary>Nothing new starts in the scope; what waits is cancelled, what runs is withdrawn.</summary>
    private void StopScope(int id, ScopeStop stop)
    {
        var scope = Scopes[id];
        if (scope.Stop is not null)
        {
            return;
        }

        ClearTimeout(scope);
        Scopes = Scopes.SetItem(id, scope with { Stop = stop, TimeoutAt = null });
        CheckpointsDue = IsStopping ? [] : CheckpointsDue;
        for (var task = 0; task < scope.Plan.Tasks.Length; task++)
        {
            StopTask(id, task);
        }
    }

    private void StopTask(int scope, int task)
    {
        var state = TaskOf(scope, task);
        if (state.IsSettled)
        {
            return;
        }

        if (state.Phase == TaskPhase.Pending)
        {
            Agenda.Decided(scope, task);
            SettleTask(scope, task, TaskPhase.Cancelled, null, null);
        }
        else if (state.Fan is { } fan)
        {
            StopFan(scope, task, fan);
        }
        else
        {
            CancelExecution(new(scope, task, 0, state.Execution!.Iteration));
        }
    }

    private void AddUndo(TaskExecutionId id, UndoInput undo)
    {
        Quota.Hold(undo.Input);
        Compensation.Add(new(PlanOf(id).Order, PathOf(id), undo));
    }

    private void TakeUndo(int number)
    {
        Quota.Release(Compensation.Take(number).Undo.Input);
    }
}

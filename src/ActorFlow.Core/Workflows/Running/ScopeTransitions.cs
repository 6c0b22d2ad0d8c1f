using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>How scopes open, how their tasks settle and make dependants ready, and how scopes stop.</summary>
internal static class ScopeTransitions
{
    /// <summary>Opens a scope.</summary>
    /// <param name="run">The run.</param>
    /// <param name="id">The number of the scope.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="owner">The group's execution that it belongs to.</param>
    /// <param name="path">The beginning of the paths of its executions.</param>
    /// <param name="timeout">Its timeout, from when its tasks begin; null means that it has none.</param>
    /// <param name="beginsAt">When its tasks begin; null means now.</param>
    public static void OpenScope(
        this RunState run, int id, ScopePlan plan, TaskExecutionId owner, string path, TimeSpan? timeout, DateTimeOffset? beginsAt = null)
    {
        var scope = new ScopeState
        {
            Id = id,
            Plan = plan,
            Owner = owner,
            Path = path,
            Tasks = plan.Initial,
            Unsettled = plan.Tasks.Length,
            DueAt = beginsAt ?? (run.Now + timeout),
            IsHeld = beginsAt is not null,
        };
        run.Scopes = run.Scopes.Add(scope);
        run.ListDue(scope);
        if (!scope.IsHeld)
        {
            run.ListFirst(scope);
        }
    }

    /// <summary>Lets the tasks of a held scope begin.</summary>
    /// <exception cref="InvalidOperationException">It is not held.</exception>
    public static void BeginScope(this RunState run, int id, TimeSpan? timeout)
    {
        var scope = run.Scopes[id];
        if (!scope.IsHeld)
        {
            throw new InvalidOperationException("The journal lets a run begin that has begun.");
        }

        run.ClearDue(scope);
        scope = scope with { DueAt = run.Now + timeout, IsHeld = false };
        run.Scopes = run.Scopes.SetItem(id, scope);
        run.ListDue(scope);
        run.ListFirst(scope);
    }

    /// <summary>Has what falls due of a scope handled.</summary>
    public static void ListDue(this RunState run, ScopeState scope)
    {
        if (scope.Due is { } due)
        {
            run.Agenda.Add(due);
        }
    }

    private static void ListFirst(this RunState run, ScopeState scope)
    {
        run.Agenda.DecideAll(scope.Plan.Tasks.Where(task => task.Needs == 0).Select(task => new Decidable(scope.Id, task.Index)));
        if (scope.Plan.Tasks.IsEmpty)
        {
            run.Agenda.DecideScope(scope.Id);
        }
    }

    /// <summary>Ends a group's instance. One that did not complete is kept until its execution settles: a retry may continue in it.</summary>
    public static void CloseOpened(this RunState run, TaskExecutionId owner, bool completed)
    {
        var execution = run.Get(owner);
        var scope = run.Scopes[execution.Opened];
        run.ClearDue(scope);
        run.Agenda.Decided(scope.Id, Decidable.WholeScope);
        if (!completed)
        {
            run.Scopes = run.Scopes.SetItem(scope.Id, scope with { DueAt = null });
            return;
        }

        foreach (var task in scope.Tasks)
        {
            run.Quota.Release(task.Output);
        }

        run.Scopes = run.Scopes.Remove(scope.Id);
    }

    public static void SettleTask(
        this RunState run, int scope, int task, TaskPhase phase, Payload? output, TaskError? error, TaskExecutionState? execution = null, FanOut? fan = null)
    {
        var holder = run.Scopes[scope];
        var plan = holder.Plan.Tasks[task];
        var settled = holder.Tasks[task] with { Phase = phase, Output = output, Error = error, Execution = null, Fan = null };
        if (IsLeft(phase, plan))
        {
            run.Quota.Hold(execution?.Output);
            settled = settled with { Execution = execution, Fan = fan };
        }
        else
        {
            run.Quota.Release(fan?.Bytes ?? 0);
            run.Drop(execution, counted: false);
            run.DropAll(fan);
            holder = run.Scopes[scope];
        }

        run.Quota.Hold(output);
        holder = holder with { Tasks = holder.Tasks.SetItem(task, settled, run.Edit), Unsettled = holder.Unsettled - 1 };
        run.Scopes = run.Scopes.SetItem(scope, holder);
        if (plan.Definition.Checkpoint && phase != TaskPhase.Cancelled && !run.IsStopping)
        {
            run.CheckpointsDue = run.CheckpointsDue.Add(run.TaskPath(scope, task));
        }

        if (holder.Stop is null && !(phase == TaskPhase.Failed && plan.FailsScope))
        {
            run.WakeDependants(holder, plan, settled);
        }

        if (holder.Unsettled == 0)
        {
            run.Agenda.DecideScope(scope);
        }
    }

    /// <summary>Whether a task that settled in this phase must run again before its scope can complete.</summary>
    public static bool IsLeft(TaskPhase phase, TaskPlan plan) =>
        phase == TaskPhase.Cancelled || (phase == TaskPhase.Failed && plan.FailsScope);

    private static void WakeDependants(this RunState run, ScopeState scope, TaskPlan plan, TaskState settled)
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
                run.Agenda.Decide(scope.Id, dependant.Task);
            }

            tasks = tasks.SetItem(dependant.Task, waiting, run.Edit);
        }

        if (!ReferenceEquals(tasks, scope.Tasks))
        {
            run.Scopes = run.Scopes.SetItem(scope.Id, scope with { Tasks = tasks });
        }
    }

    // Rule 2: `all` counts completed, and failed with `continue`; `any` and `n` count completed only. Rule 5: cases.
    public static bool Arrives(TaskState settled, string? @case, int join) => settled.Phase switch
    {
        TaskPhase.Completed => @case is null || settled.Output!.Equals(Payload.FromString(@case)),
        TaskPhase.Failed => @case is null && join == 0,
        _ => false,
    };

    public static void ClearDue(this RunState run, ScopeState scope)
    {
        if (scope.Due is { } due)
        {
            run.Agenda.Remove(due);
        }
    }

    /// <summary>Stops a scope: nothing new starts in it, waits are cancelled, and running attempts are withdrawn.</summary>
    public static void StopScope(this RunState run, int id, ScopeStop stop)
    {
        var scope = run.Scopes[id];
        if (scope.Stop is not null)
        {
            return;
        }

        run.ClearDue(scope);
        run.Scopes = run.Scopes.SetItem(id, scope with { Stop = stop, DueAt = null, IsHeld = false });
        run.CheckpointsDue = run.IsStopping ? [] : run.CheckpointsDue;
        for (var task = 0; task < scope.Plan.Tasks.Length; task++)
        {
            run.StopTask(id, task);
        }

        if (scope.IsHeld && scope.Unsettled == 0)
        {
            run.Agenda.DecideScope(id);
        }
    }

    private static void StopTask(this RunState run, int scope, int task)
    {
        var state = run.TaskOf(scope, task);
        if (state.IsSettled)
        {
            return;
        }

        if (state.Phase == TaskPhase.Pending)
        {
            run.Agenda.Decided(scope, task);
            run.SettleTask(scope, task, TaskPhase.Cancelled, null, null);
        }
        else if (state.Fan is { } fan)
        {
            run.StopFan(scope, task, fan);
        }
        else
        {
            run.CancelExecution(new(scope, task, 0, state.Execution!.Iteration));
        }
    }

    public static void AddUndo(this RunState run, TaskExecutionId id, UndoInput undo)
    {
        run.Quota.Hold(undo.Input);
        run.Compensation.Add(new(run.PlanOf(id).Order, run.PathOf(id), undo));
    }

    public static void TakeUndo(this RunState run, int number)
    {
        run.Quota.Release(run.Compensation.Take(number).Undo.Input);
    }
}

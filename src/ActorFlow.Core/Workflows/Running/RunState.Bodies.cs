using ActorFlow.Core.Payloads;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>How bodies begin, wait, settle and are cancelled.</summary>
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

    private void SetBody(BodyId id, BodyState body)
    {
        if (id.Scope == CompensationScope)
        {
            Undoing = Undoing! with { Body = body };
            return;
        }

        var task = TaskOf(id.Scope, id.Task);
        SetTask(id.Scope, id.Task, task.Fan is { } fan
            ? task with { Fan = fan with { Elements = fan.Elements.SetItem(id.Element, body, _edit) } }
            : task with { Body = body });
    }

    /// <summary>The body, taken from its ready list because it begins now (a next attempt included).</summary>
    private BodyState Started(BodyId id, bool counted = true)
    {
        if (id.Scope == CompensationScope)
        {
            if (Undoing is null)
            {
                TakeUndo(id.Task);
            }

            return Undoing!.Body;
        }

        var body = Get(id);
        RemoveReady(id.Scope, id.Task, id.Element);
        var task = TaskOf(id.Scope, id.Task);
        task = counted ? task with { Starts = task.Starts + 1 } : task;
        if (body.Phase == BodyPhase.Queued && task.Fan is { } fan)
        {
            task = task with { Fan = fan with { Next = id.Element + 1, Active = fan.Active + 1, Listed = false } };
            SetTask(id.Scope, id.Task, task);
            ListNext(id.Scope, id.Task);
            return body;
        }

        if (body.Phase != BodyPhase.Ready)
        {
            throw new InvalidOperationException($"The journal starts {PathOf(id)}, which is {body.Phase}.");
        }

        SetTask(id.Scope, id.Task, task);
        return body;
    }

    /// <summary>The body, begun if it settles at once, and freed of its attempt, its timers and its scope.</summary>
    private BodyState Ended(BodyId id, bool completed = false)
    {
        var body = Get(id);
        if (NeedsStart(id, body))
        {
            // A handler whose input could not be evaluated was never started (rule 22).
            body = Started(id, counted: !PlanOf(id).IsUses);
        }

        if (body.Phase == BodyPhase.Attempting)
        {
            Active = Active.Remove(id);
            Touched = Touched.Add(id);
        }
        else if (body.Phase == BodyPhase.Ready && id.Scope != CompensationScope)
        {
            RemoveReady(id.Scope, id.Task, id.Element);
        }
        else if (body.Phase == BodyPhase.Open)
        {
            CloseOpened(id, completed);
        }
        else
        {
            StopWaiting(id, body);
        }

        ClearWait(id, body);
        return body.DueAt is null ? body : body with { DueAt = null };
    }

    // A body that ends while ready begins and ends in one step, unless a handler merely waited for a place for its next attempt.
    private bool NeedsStart(BodyId id, BodyState body) =>
        id.Scope != CompensationScope
        && (body.Phase == BodyPhase.Queued || (body.Phase == BodyPhase.Ready && (body.Attempt == 0 || !PlanOf(id).IsUses)));

    /// <summary>How often the body's task was started, this body included where it begins and ends in one step.</summary>
    public int StartsOf(BodyId id) => TaskOf(id.Scope, id.Task).Starts + (NeedsStart(id, Get(id)) ? 1 : 0);

    private void LoopOn(BodyId id, BodyState body, Payload output, DateTimeOffset next)
    {
        if (Scopes[id.Scope].Stop is not null)
        {
            SettleBody(id, new BodyState { Phase = BodyPhase.Cancelled, Iteration = body.Iteration + 1, Output = output });
            return;
        }

        ClearDeadline(id, body);
        Bytes += output.Length - body.Bytes;
        var again = new BodyState { Phase = BodyPhase.Waiting, Iteration = body.Iteration + 1, Output = output, DueAt = next };
        SetBody(id, again);
        var dueNow = next <= Now;
        if (dueNow)
        {
            SetBody(id, again with { Phase = BodyPhase.Ready, DueAt = null });
            AddReady(id.Scope, id.Task, id.Element);
        }
        else
        {
            Dues = Dues.Add(new(next, DueKind.WaitEnded, id.Scope, id.Task, id.Element));
        }
    }

    private void EndWait(BodyId id)
    {
        var body = Get(id);
        Dues = Dues.Remove(new(body.DueAt!.Value, DueKind.WaitEnded, id.Scope, id.Task, id.Element));
        SetBody(id, body with { Phase = BodyPhase.Ready, DueAt = null });
        if (id.Scope != CompensationScope)
        {
            AddReady(id.Scope, id.Task, id.Element);
        }
    }

    private void Fail(BodyId id, BodyState body, TaskError error)
    {
        if (id.Scope == CompensationScope)
        {
            Failures = Failures.Count < Limits.Failures ? Failures.Add(new(error.Task, error.Type, error.Message, body.Attempt)) : Failures;
            SettleBody(id, body);
            return;
        }

        if (error.Task == PathOf(id) || PlanOf(id).Body is Planning.BodyPlan.Child)
        {
            AddFailure(id.Scope, id.Task, error, body.Attempt);
        }

        SettleBody(id, body.Leave(BodyPhase.Failed, error));
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

    private void SettleBody(BodyId id, BodyState settled)
    {
        if (id.Scope == CompensationScope)
        {
            ClearDeadline(id, Undoing!.Body);
            Bytes -= Undoing.Body.Input?.Length ?? 0;
            Undoing = null;
            UndoNumber = id.Task + 1;
            return;
        }

        var before = Get(id);
        ClearDeadline(id, before);
        Bytes -= before.Bytes;
        var task = TaskOf(id.Scope, id.Task);
        if (task.Fan is { } fan)
        {
            SettleElement(id, settled, task, fan);
            return;
        }

        var phase = settled.Phase switch
        {
            BodyPhase.Completed => TaskPhase.Completed,
            BodyPhase.Failed => TaskPhase.Failed,
            _ => TaskPhase.Cancelled,
        };
        SettleTask(id.Scope, id.Task, phase, phase == TaskPhase.Completed ? settled.Output : null, settled.Error, body: settled);
    }

    private void CancelBody(BodyId id)
    {
        var body = Get(id);
        switch (body.Phase)
        {
            case BodyPhase.Attempting when !body.Withdrawn:
                // It is cancelled now, however late it ends: its deadline no longer matters.
                ClearDeadline(id, body);
                Withdraw(id, body with { DeadlineAt = null });
                break;
            case BodyPhase.Open when Scopes[body.Opened].Stop is null:
                StopScope(body.Opened, new(null, "The enclosing scope stopped."));
                break;
            case BodyPhase.AwaitingChild when !body.Withdrawn && MayStillRun(id, body):
                StopWaiting(id, body);
                SetBody(id, body with { Withdrawn = true, TimeoutAt = null });
                Children = Children.Add(id);
                Touched = Touched.Add(id);
                break;
            case BodyPhase.Ready or BodyPhase.Waiting or BodyPhase.Delaying or BodyPhase.AwaitingSignal or BodyPhase.AwaitingAnswer:
            case BodyPhase.AwaitingChild when !body.Withdrawn:
                StopWaiting(id, body);
                ClearDues(id, body);
                RemoveReady(id.Scope, id.Task, id.Element);
                SettleBody(id, body.Leave(BodyPhase.Cancelled, null));
                break;
            default:
                break;
        }
    }

    private void Withdraw(BodyId id, BodyState body)
    {
        SetBody(id, body with { Withdrawn = true });
        Touched = Touched.Add(id);
    }
}

using ActorFlow.Core.Definitions;
using ActorFlow.Core.Expressions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Core.Workflows.Running;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Deciding;

/// <summary>How a run goes on by itself until it has to wait: what is due, what is decidable, what may begin.</summary>
internal sealed partial class RunDecision
{
    private void Advance()
    {
        while (_run.CanAdvance && _steps > 0)
        {
            if (_run.Agenda.NextDue <= _now)
            {
                Fire(_run.Agenda.Dues.Min);
            }
            else if (!_run.Agenda.Decidables.IsEmpty)
            {
                Decide(_run.Agenda.Decidables.Min);
            }
            else if (_run.Signals.Deliverable is { } signal)
            {
                Deliver(signal);
            }
            else if (!_run.Agenda.ReadyInline.IsEmpty)
            {
                BeginInline(_run.Agenda.ReadyInline.Min);
            }
            else if (_run.Compensation.HasBegun)
            {
                Compensate();
            }
            else
            {
                StartAttempts();
            }

            _steps--;
        }
    }

    private void Fire(Due due)
    {
        if (due.Kind == DueKind.ScopeTimeout)
        {
            Emit(new ScopeTimedOut(due.Scope));
            return;
        }

        var id = TaskExecutionAt(due.Scope, due.Task, due.Element);
        if (IsBlamed(Blame.On(id)))
        {
            FailInternally(id);
            return;
        }

        try
        {
            switch (due.Kind)
            {
                case DueKind.Deadline: Emit(new DeadlinePassed(id)); break;
                case DueKind.WaitEnded: Emit(new WaitEnded(id)); break;
                case DueKind.ExecutionTimeout: TimeOut(id); break;
                default: Complete(id, Payload.Null); break;
            }
        }
        catch (Exception error) when (error is not BlamedException)
        {
            throw Blaming(id, error);
        }
    }

    private void Deliver(string signal)
    {
        var (id, payload) = _run.Signals.NextDelivery(signal);
        if (IsBlamed(Blame.On(id)))
        {
            FailInternally(id);
            return;
        }

        if (TooDeep(id, payload) is var (type, message))
        {
            Emit(new TaskExecutionFailed(id, new(type, message, _run.PathOf(id))));
            return;
        }

        try
        {
            Complete(id, payload);
        }
        catch (Exception error) when (error is not BlamedException)
        {
            throw Blaming(id, error);
        }
    }

    /// <summary>The execution fails, for the engine cannot tell how to go on with it.</summary>
    private void FailInternally(TaskExecutionId id) => Emit(new TaskExecutionFailed(id, DecisionRescue.InternalError(PathOf(id))));

    private string PathOf(TaskExecutionId id) =>
        id.Scope == RunState.CompensationScope && _run.Compensation.Current is null ? _run.Compensation.Next.Path + "!compensate" : _run.PathOf(id);

    private BlamedException Blaming(TaskExecutionId id, Exception cause, BlameKind kind = BlameKind.Execution) => new(Blame.On(id, kind), PathOf(id), cause);

    private TaskExecutionId TaskExecutionAt(int scope, int task, int element)
    {
        if (scope == RunState.CompensationScope)
        {
            return new(scope, task, element, 0);
        }

        var state = _run.Scopes[scope].Tasks[task];
        var execution = state.Fan is { } fan ? fan.Elements[element] : state.Execution!;
        return new(scope, task, element, execution.Iteration);
    }

    private void Decide(Decidable next)
    {
        if (IsBlamed(Blame.On(next)))
        {
            FailInternally(next);
            return;
        }

        try
        {
            DecideOn(next);
        }
        catch (Exception error) when (error is not BlamedException)
        {
            throw new BlamedException(Blame.On(next), PathOf(next), error);
        }
    }

    private void FailInternally(Decidable next)
    {
        var error = DecisionRescue.InternalError(PathOf(next));
        Emit(next.Task != Decidable.WholeScope ? new TaskFailed(next.Scope, next.Task, error)
            : _run.Scopes[next.Scope] is { IsRoot: false } group ? new TaskExecutionFailed(group.Owner, error)
            : _run.Root.Stop is null ? new OutputFailed(error)
            : new Failed(_run.Root.Stop.Error ?? error));
    }

    private string PathOf(Decidable next) =>
        next.Task != Decidable.WholeScope ? _run.TaskPath(next.Scope, next.Task)
        : _run.Scopes[next.Scope] is { IsRoot: false } group ? _run.PathOf(group.Owner)
        : string.Empty;

    private void DecideOn(Decidable next)
    {
        if (next.Task == Decidable.WholeScope)
        {
            SettleScope(_run.Scopes[next.Scope]);
            return;
        }

        var plan = _run.Scopes[next.Scope].Plan.Tasks[next.Task];
        var arrived = _run.Scopes[next.Scope].Tasks[next.Task].Arrived;
        if (plan.Needs > 0 && arrived < Math.Max(1, plan.Definition.Join.Count))
        {
            Emit(new TaskSkipped(next.Scope, next.Task));
            return;
        }

        try
        {
            Begin(next, plan);
        }
        catch (ExpressionException error)
        {
            Emit(new TaskFailed(next.Scope, next.Task, new(error.Type, MessageText.Of(error.Message), _run.TaskPath(next.Scope, next.Task))));
        }
    }

    private void Begin(Decidable next, TaskPlan plan)
    {
        if (plan.If is { } condition && !condition.IsTrue(new ScopeView(_run, next.Scope), $"{plan.Id}.if"))
        {
            Emit(new TaskSkipped(next.Scope, next.Task));
        }
        else if (plan.ForEach is { } forEach)
        {
            FanOut(next, plan, forEach.Evaluate(new ScopeView(_run, next.Scope), $"{plan.Id}.for-each").Value);
        }
        else
        {
            Emit(new TaskReady(next.Scope, next.Task));
        }
    }

    private void FanOut(Decidable next, TaskPlan plan, Payload items)
    {
        if (items.Utf8.Span[0] != (byte)'[')
        {
            throw new ExpressionException($"{plan.Id}.for-each: the value is not an array.");
        }

        var count = ElementsOf(items);
        if (PayloadDoor.TooDeep(items, "The array of the for-each") is var (type, message))
        {
            Emit(new TaskFailed(next.Scope, next.Task, new(type, message, _run.TaskPath(next.Scope, next.Task))));
            return;
        }

        var problem = !_run.Quota.HasRoomForElements(count)
            ? $"The run would fan out over {_run.Quota.Elements + count:n0} elements; at most {Limits.Elements:n0} are allowed."
            : !_run.Quota.HasRoomFor(items.Length) ? $"The run would hold more than {Limits.RunBytes:n0} bytes of payloads." : null;
        if (problem is not null)
        {
            Emit(new TaskFailed(next.Scope, next.Task, new(ErrorTypes.LimitExceeded, problem, _run.TaskPath(next.Scope, next.Task))));
            return;
        }

        Emit(new FanOutOpened(next.Scope, next.Task, items));
    }

    private static int ElementsOf(Payload array)
    {
        using var document = array.ToDocument();
        return document.RootElement.GetArrayLength();
    }

    private void BeginInline(ReadyExecution ready)
    {
        var id = TaskExecutionAt(ready.Scope, ready.Task, ready.Element);
        if (IsBlamed(Blame.On(id)))
        {
            FailInternally(id);
            return;
        }

        var plan = _run.PlanOf(id);
        try
        {
            BeginInline(id, plan, new ScopeView(_run, id.Scope, id));
        }
        catch (ExpressionException error)
        {
            Emit(new TaskExecutionFailed(id, new(error.Type, MessageText.Of(error.Message), _run.PathOf(id))));
        }
        catch (Exception error) when (error is not BlamedException)
        {
            throw Blaming(id, error);
        }
    }

    private void BeginInline(TaskExecutionId id, TaskPlan plan, ScopeView view)
    {
        switch (plan.Execution)
        {
            case TaskExecutionPlan.Set set:
                CompleteInline(id, set.Values.Evaluate(view, $"{plan.Id}.set").Value);
                break;
            case TaskExecutionPlan.Switch choice:
                Complete(id, Choose(choice, plan, view));
                break;
            case TaskExecutionPlan.Delay delay:
                BeginDelay(id, DueOf(delay.For.Evaluate(view, $"{plan.Id}.delay").Value, plan));
                break;
            case TaskExecutionPlan.Fail fail:
                Emit(new TaskExecutionFailed(id, new(ErrorTypes.Failed, MessageText.Of(TextOf(fail.Message.Evaluate(view, $"{plan.Id}.fail").Value)), _run.PathOf(id))));
                break;
            case TaskExecutionPlan.Signal signal:
                Emit(new SignalAwaited(id, _now + signal.Timeout));
                break;
            case TaskExecutionPlan.Ask ask:
                BeginQuestion(id, plan, ask, view);
                break;
            case TaskExecutionPlan.Child child:
                BeginChild(id, plan, child, view);
                break;
            case TaskExecutionPlan.Group:
                Emit(new GroupOpened(id, _run.NextScope));
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"No rule for the kind of task '{plan.Id}'.");
        }
    }

    private void CompleteInline(TaskExecutionId id, Payload output)
    {
        if (TooDeep(id, output) is var (type, message))
        {
            Emit(new TaskExecutionFailed(id, new(type, message, _run.PathOf(id))));
            return;
        }

        if (!_run.Quota.HasRoomFor(output.Length))
        {
            Emit(new TaskExecutionFailed(id, new(
                ErrorTypes.LimitExceeded, $"The run would hold more than {Limits.RunBytes:n0} bytes of payloads.", _run.PathOf(id))));
            return;
        }

        Complete(id, output);
    }

    private static Payload Choose(TaskExecutionPlan.Switch choice, TaskPlan plan, ScopeView view)
    {
        foreach (var (label, condition) in choice.Cases)
        {
            if (condition is null || condition.IsTrue(view, $"{plan.Id}.switch.{label}"))
            {
                return Payload.FromString(label);
            }
        }

        return Payload.Null;
    }

    private void BeginDelay(TaskExecutionId id, DateTimeOffset due)
    {
        if (due <= _now)
        {
            Complete(id, Payload.Null);
        }
        else
        {
            Emit(new DelayStarted(id, due));
        }
    }

    private DateTimeOffset DueOf(Payload value, TaskPlan plan)
    {
        var text = TextOf(value);
        if (Duration.TryParse(text, out var wait))
        {
            return wait > DateTimeOffset.MaxValue - _now ? DateTimeOffset.MaxValue : _now + wait;
        }

        return Timestamp.TryParse(text, out var at)
            ? at
            : throw new ExpressionException($"{plan.Id}.delay: '{Shorten(text)}' is neither a duration like 5m nor an ISO 8601 timestamp.");
    }

    private static string Shorten(string text) => text.Length > 100 ? text[..100] + "…" : text;

    private static string TextOf(Payload value) =>
        value.Utf8.Span[0] == (byte)'"' ? value.To<string>()! : value.ToString();
}

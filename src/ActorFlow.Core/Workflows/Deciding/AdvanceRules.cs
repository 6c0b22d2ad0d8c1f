using ActorFlow.Core.Definitions;
using ActorFlow.Core.Expressions;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Core.Workflows.Running;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Deciding;

/// <summary>Rules of how a run advances by itself until it has to wait: what is due, what is decidable, what may begin.</summary>
internal static class AdvanceRules
{
    public static void Advance(this RunDecision decision)
    {
        while (decision.Run.CanAdvance && decision.Steps > 0)
        {
            if (decision.Run.Agenda.NextDue <= decision.Now)
            {
                decision.Fire(decision.Run.Agenda.Dues.Min);
            }
            else if (!decision.Run.Agenda.Decidables.IsEmpty)
            {
                decision.Decide(decision.Run.Agenda.Decidables.Min);
            }
            else if (decision.Run.Signals.Deliverable is { } signal)
            {
                decision.Deliver(signal);
            }
            else if (!decision.Run.Agenda.ReadyInline.IsEmpty)
            {
                decision.BeginInline(decision.Run.Agenda.ReadyInline.Min);
            }
            else if (decision.Run.Compensation.HasBegun)
            {
                decision.Compensate();
            }
            else
            {
                decision.StartAttempts();
            }

            decision.Steps--;
        }
    }

    private static void Fire(this RunDecision decision, Due due)
    {
        if (due.Kind is DueKind.ScopeTimeout or DueKind.Begin)
        {
            decision.Emit(due.Kind == DueKind.Begin ? new Begun() : new ScopeTimedOut(due.Scope));
            return;
        }

        var id = decision.TaskExecutionAt(due.Scope, due.Task, due.Element);
        if (decision.IsBlamed(Blame.On(id)))
        {
            decision.FailInternally(id);
            return;
        }

        try
        {
            switch (due.Kind)
            {
                case DueKind.Deadline: decision.Emit(new DeadlinePassed(id)); break;
                case DueKind.WaitEnded: decision.Emit(new WaitEnded(id)); break;
                case DueKind.ExecutionTimeout: decision.TimeOut(id); break;
                default: decision.Complete(id, Payload.Null); break;
            }
        }
        catch (Exception error) when (error is not BlamedException)
        {
            throw decision.Blaming(id, error);
        }
    }

    private static void Deliver(this RunDecision decision, string signal)
    {
        var (id, payload) = decision.Run.Signals.NextDelivery(signal);
        if (decision.IsBlamed(Blame.On(id)))
        {
            decision.FailInternally(id);
            return;
        }

        if (decision.TooDeep(id, payload) is var (type, message))
        {
            decision.Emit(new TaskExecutionFailed(id, new(type, message, decision.Run.PathOf(id))));
            return;
        }

        try
        {
            decision.Complete(id, payload);
        }
        catch (Exception error) when (error is not BlamedException)
        {
            throw decision.Blaming(id, error);
        }
    }

    /// <summary>Fails an execution for which the engine cannot decide what is next.</summary>
    public static void FailInternally(this RunDecision decision, TaskExecutionId id) => decision.Emit(new TaskExecutionFailed(id, DecisionRescue.InternalError(decision.PathOf(id))));

    private static string PathOf(this RunDecision decision, TaskExecutionId id) =>
        id.Scope == RunState.CompensationScope && decision.Run.Compensation.Current is null ? decision.Run.Compensation.Next.Path + "!compensate" : decision.Run.PathOf(id);

    public static BlamedException Blaming(this RunDecision decision, TaskExecutionId id, Exception cause, BlameKind kind = BlameKind.Execution) => new(Blame.On(id, kind), decision.PathOf(id), cause);

    public static TaskExecutionId TaskExecutionAt(this RunDecision decision, int scope, int task, int element)
    {
        if (scope == RunState.CompensationScope)
        {
            return new(scope, task, element, 0);
        }

        var state = decision.Run.Scopes[scope].Tasks[task];
        var execution = state.Fan is { } fan ? fan.Elements[element] : state.Execution!;
        return new(scope, task, element, execution.Iteration);
    }

    private static void Decide(this RunDecision decision, Decidable next)
    {
        if (decision.IsBlamed(Blame.On(next)))
        {
            decision.FailInternally(next);
            return;
        }

        try
        {
            decision.DecideOn(next);
        }
        catch (Exception error) when (error is not BlamedException)
        {
            throw new BlamedException(Blame.On(next), decision.PathOf(next), error);
        }
    }

    private static void FailInternally(this RunDecision decision, Decidable next)
    {
        var error = DecisionRescue.InternalError(decision.PathOf(next));
        decision.Emit(next.Task != Decidable.WholeScope ? new TaskFailed(next.Scope, next.Task, error)
            : decision.Run.Scopes[next.Scope] is { IsRoot: false } group ? new TaskExecutionFailed(group.Owner, error)
            : decision.Run.Root.Stop is null ? new OutputFailed(error)
            : new Failed(decision.Run.Root.Stop.Error ?? error));
    }

    private static string PathOf(this RunDecision decision, Decidable next) =>
        next.Task != Decidable.WholeScope ? decision.Run.TaskPath(next.Scope, next.Task)
        : decision.Run.Scopes[next.Scope] is { IsRoot: false } group ? decision.Run.PathOf(group.Owner)
        : string.Empty;

    private static void DecideOn(this RunDecision decision, Decidable next)
    {
        if (next.Task == Decidable.WholeScope)
        {
            decision.SettleScope(decision.Run.Scopes[next.Scope]);
            return;
        }

        var plan = decision.Run.Scopes[next.Scope].Plan.Tasks[next.Task];
        var arrived = decision.Run.Scopes[next.Scope].Tasks[next.Task].Arrived;
        if (plan.Needs > 0 && arrived < Math.Max(1, plan.Definition.Join.Count))
        {
            decision.Emit(new TaskSkipped(next.Scope, next.Task));
            return;
        }

        try
        {
            decision.Begin(next, plan);
        }
        catch (ExpressionException error)
        {
            decision.Emit(new TaskFailed(next.Scope, next.Task, new(error.Type, MessageText.Of(error.Message), decision.Run.TaskPath(next.Scope, next.Task))));
        }
    }

    private static void Begin(this RunDecision decision, Decidable next, TaskPlan plan)
    {
        if (plan.If is { } condition && !condition.IsTrue(new ScopeView(decision.Run, next.Scope), $"{plan.Id}.if"))
        {
            decision.Emit(new TaskSkipped(next.Scope, next.Task));
        }
        else if (plan.ForEach is { } forEach)
        {
            decision.FanOut(next, plan, forEach.Evaluate(new ScopeView(decision.Run, next.Scope), $"{plan.Id}.for-each").Value);
        }
        else
        {
            decision.Emit(new TaskReady(next.Scope, next.Task));
        }
    }

    private static void FanOut(this RunDecision decision, Decidable next, TaskPlan plan, Payload items)
    {
        if (items.Utf8.Span[0] != (byte)'[')
        {
            throw new ExpressionException($"{plan.Id}.for-each: the value is not an array.");
        }

        var count = ElementsOf(items);
        if (PayloadDoor.TooDeep(items, "The array of the for-each") is var (type, message))
        {
            decision.Emit(new TaskFailed(next.Scope, next.Task, new(type, message, decision.Run.TaskPath(next.Scope, next.Task))));
            return;
        }

        var problem = !decision.Run.Quota.HasRoomForElements(count)
            ? $"The run would fan out over {decision.Run.Quota.Elements + count:n0} elements; at most {Limits.Elements:n0} are allowed."
            : !decision.Run.Quota.HasRoomFor(items.Length) ? $"The run would hold more than {Limits.RunBytes:n0} bytes of payloads." : null;
        if (problem is not null)
        {
            decision.Emit(new TaskFailed(next.Scope, next.Task, new(ErrorTypes.LimitExceeded, problem, decision.Run.TaskPath(next.Scope, next.Task))));
            return;
        }

        decision.Emit(new FanOutOpened(next.Scope, next.Task, items));
    }

    public static int ElementsOf(Payload array)
    {
        using var document = array.ToDocument();
        return document.RootElement.GetArrayLength();
    }

    private static void BeginInline(this RunDecision decision, ReadyExecution ready)
    {
        var id = decision.TaskExecutionAt(ready.Scope, ready.Task, ready.Element);
        if (decision.IsBlamed(Blame.On(id)))
        {
            decision.FailInternally(id);
            return;
        }

        var plan = decision.Run.PlanOf(id);
        try
        {
            decision.BeginInline(id, plan, new ScopeView(decision.Run, id.Scope, id));
        }
        catch (ExpressionException error)
        {
            decision.Emit(new TaskExecutionFailed(id, new(error.Type, MessageText.Of(error.Message), decision.Run.PathOf(id))));
        }
        catch (Exception error) when (error is not BlamedException)
        {
            throw decision.Blaming(id, error);
        }
    }

    private static void BeginInline(this RunDecision decision, TaskExecutionId id, TaskPlan plan, ScopeView view)
    {
        switch (plan.Execution)
        {
            case TaskExecutionPlan.Set set:
                decision.CompleteInline(id, set.Values.Evaluate(view, $"{plan.Id}.set").Value);
                break;
            case TaskExecutionPlan.Switch choice:
                decision.Complete(id, Choose(choice, plan, view));
                break;
            case TaskExecutionPlan.Delay delay:
                decision.BeginDelay(id, decision.DueOf(delay.For.Evaluate(view, $"{plan.Id}.delay").Value, plan));
                break;
            case TaskExecutionPlan.Fail fail:
                decision.Emit(new TaskExecutionFailed(id, new(ErrorTypes.Failed, MessageText.Of(TextOf(fail.Message.Evaluate(view, $"{plan.Id}.fail").Value)), decision.Run.PathOf(id))));
                break;
            case TaskExecutionPlan.Signal signal:
                decision.Emit(new SignalAwaited(id, decision.Now + signal.Timeout));
                break;
            case TaskExecutionPlan.Ask ask:
                decision.BeginQuestion(id, plan, ask, view);
                break;
            case TaskExecutionPlan.Child child:
                decision.BeginChild(id, plan, child, view);
                break;
            case TaskExecutionPlan.Group:
                decision.Emit(new GroupOpened(id, decision.Run.NextScope));
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"No rule for the kind of task '{plan.Id}'.");
        }
    }

    public static void CompleteInline(this RunDecision decision, TaskExecutionId id, Payload output)
    {
        if (decision.TooDeep(id, output) is var (type, message))
        {
            decision.Emit(new TaskExecutionFailed(id, new(type, message, decision.Run.PathOf(id))));
            return;
        }

        if (!decision.Run.Quota.HasRoomFor(output.Length))
        {
            decision.Emit(new TaskExecutionFailed(id, new(
                ErrorTypes.LimitExceeded, $"The run would hold more than {Limits.RunBytes:n0} bytes of payloads.", decision.Run.PathOf(id))));
            return;
        }

        decision.Complete(id, output);
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

    private static void BeginDelay(this RunDecision decision, TaskExecutionId id, DateTimeOffset due)
    {
        if (due <= decision.Now)
        {
            decision.Complete(id, Payload.Null);
        }
        else
        {
            decision.Emit(new DelayStarted(id, due));
        }
    }

    private static DateTimeOffset DueOf(this RunDecision decision, Payload value, TaskPlan plan)
    {
        var text = TextOf(value);
        if (Duration.TryParse(text, out var wait))
        {
            return wait > DateTimeOffset.MaxValue - decision.Now ? DateTimeOffset.MaxValue : decision.Now + wait;
        }

        return Timestamp.TryParse(text, out var at)
            ? at
            : throw new ExpressionException($"{plan.Id}.delay: '{Shorten(text)}' is neither a duration like 5m nor an ISO 8601 timestamp.");
    }

    private static string Shorten(string text) => text.Length > 100 ? text[..100] + "…" : text;

    public static string TextOf(Payload value) =>
        value.Utf8.Span[0] == (byte)'"' ? value.To<string>()! : value.ToString();
}

using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Planning;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>What a run waits for from outside: signals, people, children.</summary>
internal sealed partial class RunState
{
    /// <summary>The longest waiting body for the name, and the oldest signal.</summary>
    public (BodyId Body, Payload Payload) NextDelivery(string name) => (SignalWaits[name].Min.Body, Signals[name].Peek().Payload);

    /// <summary>What the runtime has to know of a child: none if the body waits for none.</summary>
    public ChildOrder? ChildFor(BodyId id)
    {
        if (Find(id) is not { Phase: BodyPhase.AwaitingChild, Child: { } child } body)
        {
            return null;
        }

        var plan = (BodyPlan.Child)PlanOf(id).Body;
        var attempt = AttemptOf(id, body);
        return new(
            attempt, child.ChildId, plan.Name, plan.Version, child.Definition, body.Input!, new(WorkflowId, attempt, Depth + 1), Companions)
        {
            Directory = Directory,
            Outlives = plan.ParentClose == ParentClose.Abandon,
            Close = !body.Withdrawn ? null : body.Error is null ? plan.ParentClose : ParentClose.Cancel,
        };
    }

    public IEnumerable<OpenQuestion> OpenQuestions()
    {
        foreach (var (path, id) in Questions)
        {
            var (plan, body) = (PlanOf(id), Get(id));
            var (prompt, options, assignees) = body.Question!;
            yield return new(path, plan.Definition.Title ?? plan.Id, ((BodyPlan.Ask)plan.Body).Kind, prompt, options, assignees, body.TimeoutAt);
        }
    }

    /// <summary>How many runs stand above this one.</summary>
    public int Depth => Parent?.Depth ?? 0;

    private void Apply(SignalReceived e)
    {
        var queue = Signals.GetValueOrDefault(e.Name, []).Enqueue(new(NextSignal, e.Name, e.Payload));
        Signals = Signals.SetItem(e.Name, queue);
        NextSignal++;
        SignalCount++;
        Bytes += e.Payload.Length;
        ListDelivery(e.Name);
    }

    private void TakeSignal(string name)
    {
        var queue = Signals[name].Dequeue(out var signal);
        Signals = queue.IsEmpty ? Signals.Remove(name) : Signals.SetItem(name, queue);
        SignalCount--;
        Bytes -= signal.Payload.Length;
        ListDelivery(name);
    }

    private void Apply(SignalAwaited e)
    {
        var body = Started(e.Body) with { Phase = BodyPhase.AwaitingSignal, TimeoutAt = e.TimeoutAt, Wait = NextWait++ };
        SetBody(e.Body, body);
        AddTimeout(e.Body, e.TimeoutAt);
        ListWait(e.Body, body);
    }

    private void Apply(QuestionAsked e)
    {
        var body = Started(e.Body) with
        {
            Phase = BodyPhase.AwaitingAnswer,
            TimeoutAt = e.TimeoutAt,
            Question = new(e.Prompt, e.Options, e.Assignees),
        };
        SetBody(e.Body, body);
        Bytes += (e.Options?.Length ?? 0) + (e.Assignees?.Length ?? 0);
        AddTimeout(e.Body, e.TimeoutAt);
        Questions = Questions.Add(PathOf(e.Body), e.Body);
    }

    private void Apply(ChildRequested e)
    {
        SetBody(e.Body, Started(e.Body) with
        {
            Phase = BodyPhase.AwaitingChild,
            TimeoutAt = e.TimeoutAt,
            Attempt = e.Number,
            Input = e.Input,
            Child = new(e.ChildId, null),
        });
        Bytes += e.Input.Length;
        AddTimeout(e.Body, e.TimeoutAt);
        Children = Children.Add(e.Body);
        Touched = Touched.Add(e.Body);
    }

    private void Apply(ChildResolved e)
    {
        var body = Get(e.Body);
        SetBody(e.Body, body with { Child = body.Child! with { Definition = e.Definition } });
        Touched = Touched.Add(e.Body);
    }

    private void Apply(ChildTimedOut e)
    {
        var body = Get(e.Body);
        Dues = Dues.Remove(TimeoutOf(e.Body, body.TimeoutAt!.Value));
        var error = new TaskError(Tasks.ErrorTypes.TimedOut, "The child has not ended within its timeout.", PathOf(e.Body));
        if (body.Child!.Definition is null)
        {
            Fail(e.Body, Ended(e.Body), error);
            return;
        }

        SetBody(e.Body, body with { Error = error, Withdrawn = true, TimeoutAt = null });
        Touched = Touched.Add(e.Body);
    }

    private void AddTimeout(BodyId id, DateTimeOffset? at)
    {
        if (at is { } due)
        {
            Dues = Dues.Add(TimeoutOf(id, due));
        }
    }

    private static Due TimeoutOf(BodyId id, DateTimeOffset at) => new(at, DueKind.BodyTimeout, id.Scope, id.Task, id.Element);

    private string SignalOf(BodyId id) => ((BodyPlan.Signal)PlanOf(id).Body).Name;

    private void ListWait(BodyId id, BodyState body)
    {
        var name = SignalOf(id);
        SignalWaits = SignalWaits.SetItem(name, SignalWaits.GetValueOrDefault(name, []).Add(new(body.Wait, id)));
        ListDelivery(name);
    }

    /// <summary>Takes the body from the list of whatever it waits for.</summary>
    private void StopWaiting(BodyId id, BodyState body)
    {
        if (body.TimeoutAt is { } at)
        {
            Dues = Dues.Remove(TimeoutOf(id, at));
        }

        switch (body.Phase)
        {
            case BodyPhase.AwaitingSignal:
                var name = SignalOf(id);
                var rest = SignalWaits[name].Remove(new(body.Wait, id));
                SignalWaits = rest.IsEmpty ? SignalWaits.Remove(name) : SignalWaits.SetItem(name, rest);
                ListDelivery(name);
                break;
            case BodyPhase.AwaitingAnswer:
                Questions = Questions.Remove(PathOf(id));
                break;
            case BodyPhase.AwaitingChild:
                Children = Children.Remove(id);
                Touched = Touched.Add(id);
                break;
            default:
                break;
        }
    }

    private void ListDelivery(string name) =>
        Deliverable = Signals.ContainsKey(name) && SignalWaits.ContainsKey(name) ? Deliverable.Add(name) : Deliverable.Remove(name);

    /// <summary>Whether the child may be running, and is to end with its parent.</summary>
    private bool MayStillRun(BodyId id, BodyState body) =>
        body.Child is { Definition: not null } && ((BodyPlan.Child)PlanOf(id).Body).ParentClose != ParentClose.Abandon;

    /// <summary>The children that a run leaves behind which ends at once, and what is to become of them.</summary>
    public IEnumerable<ChildOrder> LeftChildren()
    {
        foreach (var id in Children)
        {
            if (MayStillRun(id, Get(id)) && ChildFor(id) is { } child)
            {
                yield return child with { Close = child.Close ?? ((BodyPlan.Child)PlanOf(id).Body).ParentClose };
            }
        }
    }
}

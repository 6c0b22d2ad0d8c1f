using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Planning;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>What a run waits for from outside: signals, people, children.</summary>
internal sealed partial class RunState
{
    /// <summary>The longest waiting execution for the name, and the oldest signal.</summary>
    public (TaskExecutionId Execution, Payload Payload) NextDelivery(string name) => (SignalWaits[name].Min.Execution, Signals[name].Peek().Payload);

    /// <summary>What the runtime has to know of a child: none if the execution waits for none.</summary>
    public ChildOrder? ChildFor(TaskExecutionId id)
    {
        if (Find(id) is not { Phase: TaskExecutionPhase.AwaitingChild, Child: { } child } execution)
        {
            return null;
        }

        var plan = (TaskExecutionPlan.Child)PlanOf(id).Execution;
        var attempt = AttemptOf(id, execution);
        return new(
            attempt, child.ChildId, plan.Name, plan.Version, child.Definition, execution.Input!, new(WorkflowId, attempt, Depth + 1), Companions)
        {
            Directory = Directory,
            Outlives = plan.ParentClose == ParentClose.Abandon,
            Close = !execution.Withdrawn ? null : execution.Error is null ? plan.ParentClose : ParentClose.Cancel,
        };
    }

    public IEnumerable<OpenQuestion> OpenQuestions()
    {
        foreach (var (path, id) in Questions)
        {
            var (plan, execution) = (PlanOf(id), Get(id));
            var (prompt, options, assignees) = execution.Question!;
            yield return new(path, plan.Definition.Title ?? plan.Id, ((TaskExecutionPlan.Ask)plan.Execution).Kind, prompt, options, assignees, execution.TimeoutAt);
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
        var execution = Started(e.Execution) with { Phase = TaskExecutionPhase.AwaitingSignal, TimeoutAt = e.TimeoutAt, Wait = NextWait++ };
        SetExecution(e.Execution, execution);
        AddTimeout(e.Execution, e.TimeoutAt);
        ListWait(e.Execution, execution);
    }

    private void Apply(QuestionAsked e)
    {
        var execution = Started(e.Execution) with
        {
            Phase = TaskExecutionPhase.AwaitingAnswer,
            TimeoutAt = e.TimeoutAt,
            Question = new(e.Prompt, e.Options, e.Assignees),
        };
        SetExecution(e.Execution, execution);
        Bytes += (e.Options?.Length ?? 0) + (e.Assignees?.Length ?? 0);
        AddTimeout(e.Execution, e.TimeoutAt);
        Questions = Questions.Add(PathOf(e.Execution), e.Execution);
    }

    private void Apply(ChildRequested e)
    {
        SetExecution(e.Execution, Started(e.Execution) with
        {
            Phase = TaskExecutionPhase.AwaitingChild,
            TimeoutAt = e.TimeoutAt,
            Attempt = e.Number,
            Input = e.Input,
            Child = new(e.ChildId, null),
        });
        Bytes += e.Input.Length;
        AddTimeout(e.Execution, e.TimeoutAt);
        Children = Children.Add(e.Execution);
        Touched = Touched.Add(e.Execution);
    }

    private void Apply(ChildResolved e)
    {
        var execution = Get(e.Execution);
        SetExecution(e.Execution, execution with { Child = execution.Child! with { Definition = e.Definition } });
        Touched = Touched.Add(e.Execution);
    }

    private void Apply(ChildTimedOut e)
    {
        var execution = Get(e.Execution);
        Dues = Dues.Remove(TimeoutOf(e.Execution, execution.TimeoutAt!.Value));
        var error = new TaskError(Tasks.ErrorTypes.TimedOut, "The child has not ended within its timeout.", PathOf(e.Execution));
        if (execution.Child!.Definition is null)
        {
            Fail(e.Execution, Ended(e.Execution), error);
            return;
        }

        SetExecution(e.Execution, execution with { Error = error, Withdrawn = true, TimeoutAt = null });
        Touched = Touched.Add(e.Execution);
    }

    private void AddTimeout(TaskExecutionId id, DateTimeOffset? at)
    {
        if (at is { } due)
        {
            Dues = Dues.Add(TimeoutOf(id, due));
        }
    }

    private static Due TimeoutOf(TaskExecutionId id, DateTimeOffset at) => new(at, DueKind.ExecutionTimeout, id.Scope, id.Task, id.Element);

    private string SignalOf(TaskExecutionId id) => ((TaskExecutionPlan.Signal)PlanOf(id).Execution).Name;

    private void ListWait(TaskExecutionId id, TaskExecutionState execution)
    {
        var name = SignalOf(id);
        SignalWaits = SignalWaits.SetItem(name, SignalWaits.GetValueOrDefault(name, []).Add(new(execution.Wait, id)));
        ListDelivery(name);
    }

    /// <summary>Takes the execution from the list of whatever it waits for.</summary>
    private void StopWaiting(TaskExecutionId id, TaskExecutionState execution)
    {
        if (execution.TimeoutAt is { } at)
        {
            Dues = Dues.Remove(TimeoutOf(id, at));
        }

        switch (execution.Phase)
        {
            case TaskExecutionPhase.AwaitingSignal:
                var name = SignalOf(id);
                var rest = SignalWaits[name].Remove(new(execution.Wait, id));
                SignalWaits = rest.IsEmpty ? SignalWaits.Remove(name) : SignalWaits.SetItem(name, rest);
                ListDelivery(name);
                break;
            case TaskExecutionPhase.AwaitingAnswer:
                Questions = Questions.Remove(PathOf(id));
                break;
            case TaskExecutionPhase.AwaitingChild:
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
    private bool MayStillRun(TaskExecutionId id, TaskExecutionState execution) =>
        execution.Child is { Definition: not null } && ((TaskExecutionPlan.Child)PlanOf(id).Execution).ParentClose != ParentClose.Abandon;

    /// <summary>The children that a run leaves behind which ends at once, and what is to become of them.</summary>
    public IEnumerable<ChildOrder> LeftChildren()
    {
        foreach (var id in Children)
        {
            if (MayStillRun(id, Get(id)) && ChildFor(id) is { } child)
            {
                yield return child with { Close = child.Close ?? ((TaskExecutionPlan.Child)PlanOf(id).Execution).ParentClose };
            }
        }
    }
}

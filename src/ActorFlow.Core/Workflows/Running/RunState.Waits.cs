using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows.Planning;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>What a run waits for from outside: signals, people, children.</summary>
internal sealed partial class RunState
{
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
        Signals.Receive(e.Name, e.Payload);
        Quota.Hold(e.Payload);
    }

    private void Apply(SignalAwaited e)
    {
        var execution = Started(e.Execution) with { Phase = TaskExecutionPhase.AwaitingSignal, TimeoutAt = e.TimeoutAt, Wait = Signals.BeginWait() };
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
        Quota.Hold((e.Options?.Length ?? 0) + (e.Assignees?.Length ?? 0));
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
        Quota.Hold(e.Input);
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
        Agenda.Remove(TimeoutOf(e.Execution, execution.TimeoutAt!.Value));
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
            Agenda.Add(TimeoutOf(id, due));
        }
    }

    private static Due TimeoutOf(TaskExecutionId id, DateTimeOffset at) => new(at, DueKind.ExecutionTimeout, id.Scope, id.Task, id.Element);

    private string SignalOf(TaskExecutionId id) => ((TaskExecutionPlan.Signal)PlanOf(id).Execution).Name;

    private void ListWait(TaskExecutionId id, TaskExecutionState execution) => Signals.AddWait(SignalOf(id), new(execution.Wait, id));

    /// <summary>Takes the execution from the list of whatever it waits for.</summary>
    private void StopWaiting(TaskExecutionId id, TaskExecutionState execution)
    {
        if (execution.TimeoutAt is { } at)
        {
            Agenda.Remove(TimeoutOf(id, at));
        }

        switch (execution.Phase)
        {
            case TaskExecutionPhase.AwaitingSignal:
                Signals.RemoveWait(SignalOf(id), new(execution.Wait, id));
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

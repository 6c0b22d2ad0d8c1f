using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows.Planning;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Running;

/// <summary>How a run waits for signals, people and children.</summary>
internal static class ExternalWaits
{
    /// <summary>The order for a child; null if the execution waits for none.</summary>
    public static ChildOrder? ChildFor(this RunState run, TaskExecutionId id)
    {
        if (run.Find(id) is not { Phase: TaskExecutionPhase.AwaitingChild, Child: { } child } execution)
        {
            return null;
        }

        var plan = (TaskExecutionPlan.Child)run.PlanOf(id).Execution;
        var attempt = run.AttemptOf(id, execution);
        return new(
            attempt, child.ChildId, plan.Name, plan.Version, child.Definition, execution.Input!, new(run.WorkflowId, attempt, run.Depth + 1), run.Companions)
        {
            Directory = run.Directory,
            Trace = run.Trace,
            Outlives = plan.ParentClose == ParentClose.Abandon,
            Close = !execution.Withdrawn ? null : execution.Error is null ? plan.ParentClose : ParentClose.Cancel,
        };
    }

    public static IEnumerable<OpenQuestion> OpenQuestions(this RunState run)
    {
        foreach (var (path, id) in run.Questions)
        {
            var (plan, execution) = (run.PlanOf(id), run.Get(id));
            var (prompt, options, assignees) = execution.Question!;
            yield return new(path, plan.Definition.Title ?? plan.Id, ((TaskExecutionPlan.Ask)plan.Execution).Kind, prompt, options, assignees, execution.TimeoutAt);
        }
    }

    public static void Apply(this RunState run, SignalReceived e)
    {
        run.Signals.Receive(e.Name, e.Payload);
        run.Quota.Hold(e.Payload);
    }

    public static void Apply(this RunState run, SignalAwaited e)
    {
        var execution = run.Started(e.Execution) with
        {
            Phase = TaskExecutionPhase.AwaitingSignal,
            ReadyAt = run.Now,
            TimeoutAt = e.TimeoutAt,
            Wait = run.Signals.BeginWait(),
        };
        run.SetExecution(e.Execution, execution);
        run.AddTimeout(e.Execution, e.TimeoutAt);
        run.ListWait(e.Execution, execution);
    }

    public static void Apply(this RunState run, QuestionAsked e)
    {
        var execution = run.Started(e.Execution) with
        {
            Phase = TaskExecutionPhase.AwaitingAnswer,
            ReadyAt = run.Now,
            TimeoutAt = e.TimeoutAt,
            Question = new(e.Prompt, e.Options, e.Assignees),
        };
        run.SetExecution(e.Execution, execution);
        run.Quota.Hold((e.Options?.Length ?? 0) + (e.Assignees?.Length ?? 0));
        run.AddTimeout(e.Execution, e.TimeoutAt);
        run.Questions = run.Questions.Add(run.PathOf(e.Execution), e.Execution);
    }

    public static void Apply(this RunState run, ChildRequested e)
    {
        run.SetExecution(e.Execution, run.Started(e.Execution) with
        {
            Phase = TaskExecutionPhase.AwaitingChild,
            ReadyAt = run.Now,
            TimeoutAt = e.TimeoutAt,
            Attempt = e.Number,
            Input = e.Input,
            Child = new(e.ChildId, null),
        });
        run.Quota.Hold(e.Input);
        run.AddTimeout(e.Execution, e.TimeoutAt);
        run.Children = run.Children.Add(e.Execution);
        run.Touched = run.Touched.Add(e.Execution);
    }

    public static void Apply(this RunState run, ChildResolved e)
    {
        var execution = run.Get(e.Execution);
        run.SetExecution(e.Execution, execution with { Child = execution.Child! with { Definition = e.Definition } });
        run.Touched = run.Touched.Add(e.Execution);
    }

    public static void Apply(this RunState run, ChildTimedOut e)
    {
        var execution = run.Get(e.Execution);
        run.Agenda.Remove(TimeoutOf(e.Execution, execution.TimeoutAt!.Value));
        var error = new TaskError(ErrorTypes.TimedOut, "The child has not ended within its timeout.", run.PathOf(e.Execution));
        if (execution.Child!.Definition is null)
        {
            run.Fail(e.Execution, run.Ended(e.Execution), error);
            return;
        }

        run.SetExecution(e.Execution, execution with { Error = error, Withdrawn = true, TimeoutAt = null });
        run.Touched = run.Touched.Add(e.Execution);
    }

    public static void AddTimeout(this RunState run, TaskExecutionId id, DateTimeOffset? at)
    {
        if (at is { } due)
        {
            run.Agenda.Add(TimeoutOf(id, due));
        }
    }

    private static Due TimeoutOf(TaskExecutionId id, DateTimeOffset at) => new(at, DueKind.ExecutionTimeout, id.Scope, id.Task, id.Element);

    private static string SignalOf(this RunState run, TaskExecutionId id) => ((TaskExecutionPlan.Signal)run.PlanOf(id).Execution).Name;

    public static void ListWait(this RunState run, TaskExecutionId id, TaskExecutionState execution) => run.Signals.AddWait(run.SignalOf(id), new(execution.Wait, id));

    /// <summary>Takes the execution from the list of what it waits for.</summary>
    public static void StopWaiting(this RunState run, TaskExecutionId id, TaskExecutionState execution)
    {
        if (execution.TimeoutAt is { } at)
        {
            run.Agenda.Remove(TimeoutOf(id, at));
        }

        switch (execution.Phase)
        {
            case TaskExecutionPhase.AwaitingSignal:
                run.Signals.RemoveWait(run.SignalOf(id), new(execution.Wait, id));
                break;
            case TaskExecutionPhase.AwaitingAnswer:
                run.Questions = run.Questions.Remove(run.PathOf(id));
                break;
            case TaskExecutionPhase.AwaitingChild:
                run.Children = run.Children.Remove(id);
                run.Touched = run.Touched.Add(id);
                break;
            default:
                break;
        }
    }

    /// <summary>Whether the child may be running, and must end with its parent.</summary>
    public static bool MayStillRun(this RunState run, TaskExecutionId id, TaskExecutionState execution) =>
        execution.Child is { Definition: not null } && ((TaskExecutionPlan.Child)run.PlanOf(id).Execution).ParentClose != ParentClose.Abandon;

    /// <summary>The children of a run that ends at once, and what happens to them.</summary>
    public static IEnumerable<ChildOrder> LeftChildren(this RunState run)
    {
        foreach (var id in run.Children)
        {
            if (run.MayStillRun(id, run.Get(id)) && run.ChildFor(id) is { } child)
            {
                yield return child with { Close = child.Close ?? ((TaskExecutionPlan.Child)run.PlanOf(id).Execution).ParentClose };
            }
        }
    }
}

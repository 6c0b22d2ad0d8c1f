using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows.Properties.Reference;

/// <summary>Child workflows: their ids, how their ends count, and what becomes of them when they are no longer wanted (rules 11, 14, 15 and 30).</summary>
internal sealed partial class ReferenceRun
{
    private const int LongestId = 200;
    private const int DeepestParent = 20;

    private void AskForChild(Execution execution, TaskKind.Child kind, Payload input)
    {
        var id = Case.Id + ChildSegments(execution);
        if (id.Length > LongestId)
        {
            Fail(execution, new(ErrorTypes.IdTooLong, string.Empty, execution.Path), execution.Started);
            return;
        }

        if (Case.Depth >= DeepestParent)
        {
            Fail(execution, new(ErrorTypes.DepthExceeded, string.Empty, execution.Path), execution.Started);
            return;
        }

        _story.Outside.Add(OutsideLine.Asks(_now, execution.Path, id, input));
        var child = execution.Child = new(execution.Path, ++execution.Started, input);
        execution.Phase = TaskExecutionPhase.AwaitingChild;
        execution.TimeoutAt = _now + execution.Task.Definition.Timeout;
        if (kind.Name == World.Companion.Name && kind.Version is null or 3)
        {
            StartChild(execution, child, "own@3");
        }
        else
        {
            Plan(Case.World.SearchFor(execution.Path, child.Start), () => ChildFound(execution, child, kind));
        }
    }

    /// <summary>Rule 11: a segment for each group around the task and for the task itself.</summary>
    private static string ChildSegments(Execution? execution)
    {
        if (execution is null)
        {
            return string.Empty;
        }

        var task = execution.Task.Definition;
        var element = task.ForEach is null ? string.Empty : $".{execution.Element}";
        var iteration = task.Repeat is null ? string.Empty : $"~{execution.Iteration}";
        return $"{ChildSegments(execution.Task.Scope.Owner)}/{task.Id}{element}{iteration}";
    }

    private void ChildFound(Execution execution, Child child, TaskKind.Child kind)
    {
        if (execution.Child != child || execution.IsSettled)
        {
            return;
        }

        if (kind.Name == World.Unknown)
        {
            Fail(execution, new(ErrorTypes.WorkflowNotFound, string.Empty, execution.Path), child.Start);
        }
        else
        {
            StartChild(execution, child, $"{kind.Name}@{kind.Version ?? World.NewestVersion}");
        }
    }

    private void StartChild(Execution execution, Child child, string definition)
    {
        _story.Outside.Add(OutsideLine.Starts(_now, execution.Path, definition));
        child.Running = new(Case.World, execution.Path, child.Start, child.Input, execution.TimeoutAt is not null, _now);
    }

    /// <summary>The ends of those children that somebody waits for: what becomes of others is of no interest here.</summary>
    private IEnumerable<OutsideEvent> ChildrenEnding() => LiveExecutions()
        .Where(execution => execution.Child is { Running.Ending: not null })
        .Select(execution => new OutsideEvent(execution.Child!.Running!.EndsAt, () => ChildEnded(execution, execution.Child)));

    private void ChildEnded(Execution execution, Child child)
    {
        var ending = child.Running!.Ending!;
        _story.Outside.Add(OutsideLine.Ended(_now, execution.Path, ending.ToString()));
        if (ending.Outcome == RunOutcome.Completed && ending.Output.Length <= LargestPayload)
        {
            Complete(execution, ending.Output);
            return;
        }

        var problem = ending switch
        {
            _ when child.IsLate => new(ErrorTypes.TimedOut, string.Empty, execution.Path),

            // Told because what surrounds the task has stopped: a retry starts it anew.
            _ when child.Running.IsTold => null,
            { Outcome: RunOutcome.Completed } => new(ErrorTypes.PayloadTooLarge, string.Empty, execution.Path),
            { Outcome: null } => new(ending.Type, string.Empty, execution.Path),
            { Outcome: RunOutcome.Failed } => new(ending.Type, ending.Message, ending.Task.Length == 0 ? execution.Path : $"{execution.Path}/{ending.Task}"),
            _ => new Problem(ErrorTypes.ChildCancelled, string.Empty, execution.Path),
        };
        if (problem is not null)
        {
            Fail(execution, problem, child.Start);
        }
        else
        {
            execution.Child = null;
            Settle(execution, TaskExecutionPhase.Cancelled);
        }
    }

    /// <summary>What surrounds the task has stopped. A child that nobody has started, and one that may go on without its parent, are not waited for.</summary>
    private void CancelChild(Execution execution)
    {
        var close = ((TaskKind.Child)execution.Task.Definition.Kind).ParentClose;
        if (execution.Child is { Running.IsTold: true })
        {
            return;
        }

        execution.TimeoutAt = null;
        if (execution.Child!.Running is null || close == ParentClose.Abandon)
        {
            execution.Child = null;
            execution.Phase = TaskExecutionPhase.Cancelled;
        }
        else
        {
            Tell(execution.Child, close);
        }
    }

    private void Tell(Child child, ParentClose close)
    {
        _story.Outside.Add(OutsideLine.Closes(_now, child.Path, close.ToString()));
        child.Running!.Tell(close, _now);
    }

    /// <summary>The run ends at once: its children are told, and it does not wait to see how they take it.</summary>
    private void LeaveChildren()
    {
        foreach (var execution in LiveExecutions().Where(execution => execution.Phase == TaskExecutionPhase.AwaitingChild).ToList())
        {
            CancelChild(execution);
        }
    }
}

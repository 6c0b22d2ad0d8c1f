using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows.Properties.Reference;

/// <summary>Child workflows: their ids, how their ends count, and what becomes of them when they are no longer wanted (rules 11, 14, 15 and 30).</summary>
internal sealed partial class ReferenceRun
{
    private const int LongestId = 200;
    private const int DeepestParent = 20;

    private void AskForChild(Body body, TaskKind.Child kind, Payload input)
    {
        var id = Case.Id + ChildSegments(body);
        if (id.Length > LongestId)
        {
            Fail(body, new(ErrorTypes.IdTooLong, string.Empty, body.Path), body.Started);
            return;
        }

        if (Case.Depth >= DeepestParent)
        {
            Fail(body, new(ErrorTypes.DepthExceeded, string.Empty, body.Path), body.Started);
            return;
        }

        _story.Outside.Add(OutsideLine.Asks(_now, body.Path, id, input));
        var child = body.Child = new(body.Path, ++body.Started, input);
        body.Phase = BodyPhase.AwaitingChild;
        body.TimeoutAt = _now + body.Task.Definition.Timeout;
        if (kind.Name == World.Companion.Name && kind.Version is null or 3)
        {
            StartChild(body, child, "own@3");
        }
        else
        {
            Plan(Case.World.SearchFor(body.Path, child.Start), () => ChildFound(body, child, kind));
        }
    }

    /// <summary>Rule 11: a segment for each group around the task and for the task itself.</summary>
    private static string ChildSegments(Body? body)
    {
        if (body is null)
        {
            return string.Empty;
        }

        var task = body.Task.Definition;
        var element = task.ForEach is null ? string.Empty : $".{body.Element}";
        var iteration = task.Repeat is null ? string.Empty : $"~{body.Iteration}";
        return $"{ChildSegments(body.Task.Scope.Owner)}/{task.Id}{element}{iteration}";
    }

    private void ChildFound(Body body, Child child, TaskKind.Child kind)
    {
        if (body.Child != child || body.IsSettled)
        {
            return;
        }

        if (kind.Name == World.Unknown)
        {
            Fail(body, new(ErrorTypes.WorkflowNotFound, string.Empty, body.Path), child.Start);
        }
        else
        {
            StartChild(body, child, $"{kind.Name}@{kind.Version ?? World.NewestVersion}");
        }
    }

    private void StartChild(Body body, Child child, string definition)
    {
        _story.Outside.Add(OutsideLine.Starts(_now, body.Path, definition));
        child.Running = new(Case.World, body.Path, child.Start, child.Input, body.TimeoutAt is not null, _now);
    }

    /// <summary>The ends of those children that somebody waits for: what becomes of others is of no interest here.</summary>
    private IEnumerable<OutsideEvent> ChildrenEnding() => LiveBodies()
        .Where(body => body.Child is { Running.Ending: not null })
        .Select(body => new OutsideEvent(body.Child!.Running!.EndsAt, () => ChildEnded(body, body.Child)));

    private void ChildEnded(Body body, Child child)
    {
        var ending = child.Running!.Ending!;
        _story.Outside.Add(OutsideLine.Ended(_now, body.Path, ending.ToString()));
        if (ending.Outcome == RunOutcome.Completed && ending.Output.Length <= LargestPayload)
        {
            Complete(body, ending.Output);
            return;
        }

        var problem = ending switch
        {
            _ when child.IsLate => new(ErrorTypes.TimedOut, string.Empty, body.Path),

            // Told because what surrounds the task has stopped: a retry starts it anew.
            _ when child.Running.IsTold => null,
            { Outcome: RunOutcome.Completed } => new(ErrorTypes.PayloadTooLarge, string.Empty, body.Path),
            { Outcome: null } => new(ending.Type, string.Empty, body.Path),
            { Outcome: RunOutcome.Failed } => new(ending.Type, ending.Message, ending.Task.Length == 0 ? body.Path : $"{body.Path}/{ending.Task}"),
            _ => new Problem(ErrorTypes.ChildCancelled, string.Empty, body.Path),
        };
        if (problem is not null)
        {
            Fail(body, problem, child.Start);
        }
        else
        {
            body.Child = null;
            Settle(body, BodyPhase.Cancelled);
        }
    }

    /// <summary>What surrounds the task has stopped. A child that nobody has started, and one that may go on without its parent, are not waited for.</summary>
    private void CancelChild(Body body)
    {
        var close = ((TaskKind.Child)body.Task.Definition.Kind).ParentClose;
        if (body.Child is { Running.IsTold: true })
        {
            return;
        }

        body.TimeoutAt = null;
        if (body.Child!.Running is null || close == ParentClose.Abandon)
        {
            body.Child = null;
            body.Phase = BodyPhase.Cancelled;
        }
        else
        {
            Tell(body.Child, close);
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
        foreach (var body in LiveBodies().Where(body => body.Phase == BodyPhase.AwaitingChild).ToList())
        {
            CancelChild(body);
        }
    }
}

using ActorFlow.Core.Definitions;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Testing.Workflows;

/// <summary>Effects: what the state says is outstanding is made to happen, after a write and after a recovery alike.</summary>
internal sealed partial class TestNode
{
    private void See(LiveRun run)
    {
        switch (run.State)
        {
            case WorkflowState.Open open:
                See(run, open, open.Touched);
                break;
            case WorkflowState.Closed closed:
                End(run, closed);
                break;
            default:
                break;
        }
    }

    private void See(LiveRun run, WorkflowState.Open open, IEnumerable<BodyId> bodies)
    {
        var orders = new List<TaskOrder>();
        foreach (var body in bodies.OrderBy(body => body.Scope).ThenBy(body => body.Task).ThenBy(body => body.Element).ToList())
        {
            if (open.OrderFor(body) is { } order)
            {
                orders.Add(order);
            }
            else if (open.WithdrawnFor(body) is { } withdrawn)
            {
                Withdraw(run, withdrawn.Attempt);
            }
            else
            {
                Forget(run.Id, body);
            }

            if (open.ChildFor(body) is { } child)
            {
                See(run, child);
            }
        }

        foreach (var order in orders.OrderByDescending(order => order.Priority).ThenBy(order => order.ReadyAt))
        {
            Offer(run, order);
        }

        run.State = open.Seen();
        if (open.HasMore)
        {
            Send(new Mail.ToRun(new WorkflowCommand.Continue(run.Id)));
        }
    }

    private void End(LiveRun run, WorkflowState.Closed closed)
    {
        foreach (var attempt in _attempts.Where(attempt => attempt.WorkflowId == run.Id).ToList())
        {
            LetGo(attempt);
        }

        foreach (var child in closed.LeftChildren)
        {
            See(run, child);
        }

        TellParent(closed);
    }

    private void TellParent(WorkflowState.Closed closed)
    {
        if (closed.Parent is { } parent)
        {
            Send(new Mail.ToRun(new WorkflowCommand.ChildEnded(
                parent.WorkflowId, parent.Attempt, closed.Outcome, closed.Output, closed.Error, closed.Reason)));
        }
    }

    /// <summary>A child that goes on by itself begins, even if the run has left it in the decision that asked for it.</summary>
    private void Begin(LiveRun parent, ChildOrder child)
    {
        var isAwaited = parent.State is WorkflowState.Open open && open.ChildFor(child.Attempt.Body) is not null;
        if (!isAwaited && (child.Definition ?? Store.Find(child.Name, child.Version)) is { } definition)
        {
            See(parent, child with { Definition = definition });
        }
    }

    private void See(LiveRun parent, ChildOrder child)
    {
        if (child.Definition is not { } definition)
        {
            Send(new Mail.ToRun(new WorkflowCommand.ResolveChild(parent.Id, child.Attempt, Store.Find(child.Name, child.Version))));
            return;
        }

        var start = new WorkflowCommand.Start(child.ChildId, NewId(), NewId(), definition, child.Input)
        {
            Parent = child.Link,
            Companions = child.Companions,
            Directory = child.Directory,
        };
        Send(new Mail.ToRun(start, decision => OnStarted(parent.Id, child, decision)));
        if (child.Close is { } close)
        {
            // Behind a start, so that a child whose start was lost begins as one that ends.
            Send(new Mail.ToNode(() => Close(parent.Id, child, close)));
        }
    }

    private void OnStarted(string parent, ChildOrder child, Decision decision)
    {
        switch (decision)
        {
            case Decision.Refused refused:
                var type = refused.Code switch
                {
                    "invalid-input" => ErrorTypes.InvalidInput,
                    "id-conflict" => ErrorTypes.IdInUse,
                    "internal" => ErrorTypes.InternalError,
                    "payload-too-large" => ErrorTypes.PayloadTooLarge,
                    "payload-too-deep" => ErrorTypes.PayloadTooDeep,
                    "payload-not-text" => ErrorTypes.PayloadNotText,
                    var other => other,
                };
                Send(new Mail.ToRun(new WorkflowCommand.ChildRefused(parent, child.Attempt, type, refused.Reason)));
                break;
            case Decision.Unchanged when Find(child.ChildId) is { State: WorkflowState.Closed closed }:
                // It had ended before, and its parent has not heard of it.
                TellParent(closed);
                break;
            default:
                break;
        }
    }

    /// <summary>The attempt that asked for the run as its child and left it to itself; none: its parent has heard or will hear how it ended.</summary>
    public AttemptId? WhoLeft(LiveRun child) =>
        child.State is WorkflowState.Closed { Parent: { } link } && Find(link.WorkflowId)?.HasLeft(link.Attempt) == true ? link.Attempt : null;

    private void Close(string parent, ChildOrder child, ParentClose close)
    {
        if (Find(child.ChildId)?.State is WorkflowState.Open open && open.Parent == child.Link)
        {
            var reason = $"The parent '{parent}' no longer waits for it.";
            Send(new Mail.ToRun(close == ParentClose.Terminate
                ? new WorkflowCommand.Terminate(child.ChildId, NewId(), reason)
                : new WorkflowCommand.Cancel(child.ChildId, NewId(), reason)));
        }
    }
}

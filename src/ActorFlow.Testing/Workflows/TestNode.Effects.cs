using ActorFlow.Core.Workflows;

namespace ActorFlow.Testing.Workflows;

/// <summary>Carries out the effects of a state, after a write and after a recovery alike.</summary>
internal sealed partial class TestNode
{
    // Starts of children that were refused for now: repeated once the run with the id has ended.
    private readonly List<(string Parent, ChildOrder Child)> _refusedStarts = [];

    private void ReconcileEffects(LiveRun run)
    {
        switch (run.State)
        {
            case WorkflowState.Open open:
                ReconcileEffects(run, open, open.Touched);
                break;
            case WorkflowState.Closed closed:
                End(run, closed);
                break;
            default:
                break;
        }

        BeginOutliving(run);
    }

    private void ReconcileEffects(LiveRun run, WorkflowState.Open open, IEnumerable<TaskExecutionId> executions)
    {
        var orders = new List<TaskOrder>();
        foreach (var execution in executions.OrderBy(execution => execution.Scope).ThenBy(execution => execution.Task).ThenBy(execution => execution.Element).ToList())
        {
            if (open.OrderFor(execution) is { } order)
            {
                orders.Add(order);
            }
            else if (open.WithdrawnFor(execution) is { } withdrawn)
            {
                Withdraw(run, withdrawn.Attempt);
            }
            else
            {
                Forget(run.Id, execution);
            }

            if (open.ChildFor(execution) is { } child)
            {
                Reconcile(run, child);
            }
        }

        foreach (var order in orders.OrderByDescending(order => order.Priority).ThenBy(order => order.ReadyAt))
        {
            Offer(run, order);
        }

        run.Session.NoteSeen();
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
            Reconcile(run, child);
        }

        TellParent(run.Session);
        foreach (var (parent, child) in _refusedStarts.Where(refused => refused.Child.ChildId == run.Id).ToList())
        {
            _refusedStarts.Remove((parent, child));
            if (Find(parent) is { State: WorkflowState.Open open } waiting && open.ChildFor(child.Attempt.Execution) == child)
            {
                Reconcile(waiting, child);
            }
        }
    }

    private void TellParent(WorkflowSession session)
    {
        if (session.Report is { } report)
        {
            Send(new Mail.ToRun(report));
        }
    }

    private void BeginOutliving(LiveRun run)
    {
        foreach (var child in run.Session.TakeOutliving())
        {
            Begin(run, child);
        }
    }

    /// <summary>Begins a child that continues without its parent, even if the run has left it in the decision that requested it.</summary>
    private void Begin(LiveRun parent, ChildOrder child)
    {
        var isAwaited = parent.State is WorkflowState.Open open && open.ChildFor(child.Attempt.Execution) is not null;
        if (!isAwaited && (child.Definition ?? Store.Find(child.Name, child.Version)) is { } definition)
        {
            Reconcile(parent, child with { Definition = definition });
        }
    }

    private void Reconcile(LiveRun parent, ChildOrder child)
    {
        if (child.Definition is null)
        {
            Send(new Mail.ToRun(new WorkflowCommand.ResolveChild(parent.Id, child.Attempt, Store.Find(child.Name, child.Version))));
            return;
        }

        Send(new Mail.ToRun(child.ToStart(NewId(), NewId()), decision => OnStarted(parent.Id, child, decision)));
        if (child.Close is not null)
        {
            // It follows a start, so that a child whose start was lost begins and then ends.
            Send(new Mail.ToNode(() => Close(child)));
        }
    }

    private void OnStarted(string parent, ChildOrder child, Decision decision)
    {
        if (decision is not Decision.Refused refused)
        {
            return;
        }

        if (ChildOrder.ErrorOfRefusedStart(refused.Code) is { } type)
        {
            Send(new Mail.ToRun(new WorkflowCommand.ChildRefused(parent, child.Attempt, type, refused.Reason)));
        }
        else
        {
            _refusedStarts.Add((parent, child));
        }
    }

    /// <summary>The attempt that requested the run as its child and left it; null means that its parent knows or will learn how it ended.</summary>
    public AttemptId? WhoLeft(LiveRun child) =>
        child.State is WorkflowState.Closed { Parent: { } link } && Find(link.WorkflowId)?.HasLeft(link.Attempt) == true ? link.Attempt : null;

    private void Close(ChildOrder child)
    {
        if (Find(child.ChildId)?.State is WorkflowState.Open open && open.Parent == child.Link)
        {
            Send(new Mail.ToRun(child.ToClose(NewId())));
        }
    }
}

using ActorFlow.Core.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>The run's children, and the run as a child.</summary>
public sealed partial class WorkflowActor
{

    private TimeSpan _lookAt = TimeSpan.MaxValue;
    private Backoff _reportBackoff = new(FirstReport, LongestReport);
    private TimeSpan _reportAt;
    private bool _reportedEnd;

    private static readonly TimeSpan FirstReport = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestReport = TimeSpan.FromSeconds(30);

    private void SeeChildren(WorkflowState.Open open)
    {
        foreach (var execution in open.Touched)
        {
            _children.Reconcile(execution, open.ChildFor(execution), Uptime);
        }

        SeeOutliving();
        ArmLook();
    }

    private void SeeLeftChildren(WorkflowState.Closed closed)
    {
        _children.Clear();
        foreach (var child in closed.LeftChildren)
        {
            _children.Reconcile(child.Attempt.Execution, child, Uptime);
        }

        SeeOutliving();
    }

    /// <summary>Children that were asked for and left again before anybody could see it.</summary>
    private void SeeOutliving()
    {
        foreach (var child in _outliving)
        {
            _children.Begin(child, Uptime);
        }

        _outliving = [];
    }

    private void On(WorkflowReply reply)
    {
        switch (reply)
        {
            case WorkflowReply.Accepted accepted:
                _children.OnAccepted(accepted.WorkflowId, Uptime);
                if (_state is WorkflowState.Closed && _children.IsEmpty)
                {
                    LeaveIfDone();
                }

                break;
            case WorkflowReply.Refused refused when !_passivating && _children.OnRefused(refused, _id) is { } report:
                Enqueue(report, Self);
                break;
            default:
                break;
        }
    }

    /// <summary>Everything that is said again until somebody answers: to children, to the parent, to the index.</summary>
    private void LookAfterAll()
    {
        _lookAt = TimeSpan.MaxValue;
        if (_services.IsLeaving() || _stopping)
        {
            return;
        }

        _children.Repeat(Uptime);
        _index.Repeat(Self, Uptime);
        ReportToParent();
        ArmLook();
    }

    private void ArmLook()
    {
        var at = _children.RepeatAt;
        at = _index.RepeatAt < at ? _index.RepeatAt : at;
        at = OwesReport && _reportAt < at ? _reportAt : at;
        if (at < _lookAt)
        {
            _lookAt = at;
            var wait = at - Uptime;
            _timers.Set(RunTimer.Others, LookAfterOthers.Instance, wait < ShortestTimer ? ShortestTimer : wait);
        }
    }

    /// <summary>Nobody owes the run an answer any more: the timer of a run that waits is one too many.</summary>
    private void ForgetLook()
    {
        if (_lookAt < TimeSpan.MaxValue && _children.IsEmpty && _index.IsAcknowledged && !OwesReport)
        {
            _lookAt = TimeSpan.MaxValue;
            _timers.Cancel(RunTimer.Others);
        }
    }

    /// <summary>Whether a parent waits to hear how the run ended.</summary>
    private bool OwesReport => !_reportedEnd && _state is WorkflowState.Closed { Parent: not null };

    /// <summary>Tells the parent how the run ended, again and again until it says that it knows (failure rule 13).</summary>
    private void ReportToParent()
    {
        if (!OwesReport || Uptime < _reportAt)
        {
            return;
        }

        var closed = (WorkflowState.Closed)_state!;
        var parent = closed.Parent!;
        _reportAt = Uptime + _reportBackoff.Next();
        _services.Runs.Tell(new WorkflowCommand.ChildEnded(
            parent.WorkflowId, parent.Attempt, closed.Outcome, closed.Output, closed.Error, closed.Reason));
    }

    private void On(ChildEndAcknowledged acknowledged)
    {
        if (_state is WorkflowState.Closed { Parent: { } parent } && parent.Attempt == acknowledged.Attempt)
        {
            _reportedEnd = true;
            LeaveIfDone();
        }
    }

    /// <summary>
    /// A parent that was taken back starts its child anew, and the child of before is still open: nobody waits for that any more. It
    /// is ended, and the parent asks again (failure rule 6).
    /// </summary>
    private bool IsInTheWay(WorkflowCommand.Start start) =>
        _state is WorkflowState.Open { Parent: { } former } && start.Parent is { } next && next.WorkflowId == former.WorkflowId
        && (next.Attempt.RunId != former.Attempt.RunId
            || (next.Attempt.Generation, next.Attempt.Number).CompareTo((former.Attempt.Generation, former.Attempt.Number)) > 0);

    private void GiveWay(WorkflowCommand.Start start, IActorRef sender, List<(IActorRef To, object Answer)> answers)
    {
        answers.Add((sender, new WorkflowReply.Refused(_id, "unavailable", "The child of before has not ended yet.")));
        if (_state is WorkflowState.Open { Stopping: null })
        {
            _arrived.Enqueue((new WorkflowCommand.Cancel(_id, start.CommandId, "Its parent starts it anew."), ActorRefs.Nobody));
        }
    }

    private sealed record LookAfterOthers : INoSerializationVerificationNeeded
    {
        public static readonly LookAfterOthers Instance = new();
    }
}

using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace ActorFlow.Runtime.Workflows;

/// <summary>Effects: what the state says is outstanding is made to happen.</summary>
public sealed partial class WorkflowActor
{
    private static readonly TimeSpan ShortestTimer = TimeSpan.FromMilliseconds(1);

    /// <summary>Sees to it that what the state says is outstanding happens: after a write and after a recovery alike.</summary>
    private void ReconcileEffects()
    {
        switch (_state)
        {
            case WorkflowState.Open when _services.IsLeaving():
                break;
            case WorkflowState.Open open:
                if (_offers is not null || open.Outstanding.Any())
                {
                    _offers ??= new(_id, _plan!.Definition.Name, Self, _services.Queues, queue => Context.Watch(queue));
                    _offers.Reconcile(open, Uptime);
                }

                SeeChildren(open);
                _state = open.Seen();
                ArmRepeats();
                ArmDue(open);
                SendRow();
                ArmPark(open);
                break;
            case WorkflowState.Closed closed:
                End(closed);
                break;
            default:
                break;
        }
    }

    private void ArmDue(WorkflowState.Open open)
    {
        if (open.HasMore)
        {
            Self.Tell(new WorkflowCommand.Continue(_id));
        }
        else
        {
            ArmTimer(open);
        }
    }

    /// <summary>A timer that fires before its time, by a clock set back, is set again.</summary>
    private void ArmTimer(WorkflowState.Open open)
    {
        if (open.NextDue is not { } due)
        {
            _timers.Cancel(RunTimer.Due);
            WaitNoLonger();
            return;
        }

        var wait = due - Now;
        if (wait > LongWaits.Horizon)
        {
            _timers.Cancel(RunTimer.Due);
            _waitsLong = true;
            _services.LongWaits.Set(Self, _id, due, Context.System.Scheduler);
            return;
        }

        WaitNoLonger();
        wait = wait < ShortestTimer ? ShortestTimer : wait;
        _timers.Set(RunTimer.Due, new WorkflowCommand.Tick(_id), wait);
    }

    private void WaitNoLonger()
    {
        if (_waitsLong)
        {
            _waitsLong = false;
            _services.LongWaits.Cancel(Self);
        }
    }

    private void LookAfterOffers(object message)
    {
        switch (message)
        {
            case Terminated or RepeatOffers when _services.IsLeaving():
                return;
            case OfferAcknowledged answer:
                _offers?.On(answer, Sender, Uptime);
                break;
            case AttemptsLeased leased:
                _offers?.On(leased, Uptime);
                break;
            case OfferGranted granted:
                _offers?.On(granted, Uptime);
                break;
            case HandlersMissing missing:
                _offers?.On(missing);
                break;
            case Terminated terminated:
                _offers?.OnTerminated(terminated.ActorRef, Uptime);
                break;
            default:
                _repeatAt = TimeSpan.MaxValue;
                _offers?.Repeat(Uptime);
                break;
        }

        ArmRepeats();
    }

    /// <summary>The timer is only ever brought forward, so that a run in full swing does not set one per step.</summary>
    private void ArmRepeats()
    {
        if (_offers is { IsEmpty: false, RepeatAt: var at } && at < _repeatAt)
        {
            _repeatAt = at;
            var wait = at - Uptime;
            _timers.Set(RunTimer.Offers, RepeatOffers.Instance, wait < ShortestTimer ? ShortestTimer : wait);
        }
    }

    private void End(WorkflowState.Closed closed)
    {
        _timers.CancelAll();
        WaitNoLonger();
        (_lookAt, _repeatAt) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        _offers?.End(atOnce: closed.Outcome == RunOutcome.Terminated);
        _offers = null;
        TellWatchers();
        SeeLeftChildren(closed);
        SendRow();
        LeaveIfDone();
    }

    private void Passivate()
    {
        if (!_passivating)
        {
            _passivating = true;
            Context.Parent.Tell(new Passivate(StopWorkflow.Instance));
        }
    }
}

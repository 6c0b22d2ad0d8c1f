using System.Collections.Immutable;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>The side towards the runs: offers come in, wait, are deferred, withdrawn.</summary>
public sealed partial class TaskQueue
{
    private readonly WaitingOrders _waiting;
    private readonly DeferredOffers _deferred;
    private readonly UnroutedOffers _unrouted = new();
    private readonly RecentSuccesses _successes = new();
    private readonly List<Withdraw> _withdrawals = [];
    private (IActorRef Workflow, OfferAcknowledged Answer)? _unanswered;

    /// <summary>How many attempts wait that count towards the capacity. While it is not known who offers what, all do.</summary>
    private int Occupied => _waiting.Count - (_takingStock ? 0 : _waiting.Unroutable);

    private void Admit(Offer offer)
    {
        var accepted = ImmutableArray.CreateBuilder<AttemptId>(offer.Orders.Length);
        ImmutableArray<AttemptId>.Builder? deferred = null;
        foreach (var order in offer.Orders)
        {
            if (Holds(order.Attempt, offer.Workflow) || Enter(order, offer))
            {
                accepted.Add(order.Attempt);
            }
            else
            {
                deferred ??= ImmutableArray.CreateBuilder<AttemptId>();
                deferred.Add(order.Attempt);
            }
        }

        TellMissingAgain(offer.WorkflowId, offer.Workflow);
        var answer = new OfferAcknowledged(_name, _epoch, accepted.DrainToImmutable(), deferred?.DrainToImmutable() ?? []);
        if (offer.KnownEpoch == _epoch && deferred is null && !_takingStock)
        {
            // What it has to say may be said by the leases that it leads to.
            _unanswered = (offer.Workflow, answer);
        }
        else
        {
            offer.Workflow.Tell(answer, Self);
        }
    }

    /// <summary>Answers the offer that was just admitted, before a worker gets any of it: a report must not come first.</summary>
    private void AnswerOffer()
    {
        if (_unanswered is var (workflow, answer) && !_departures.Hold(workflow, answer.Accepted))
        {
            workflow.Tell(answer, Self);
        }

        _unanswered = null;
    }

    /// <summary>Whether the attempt waits, is leased, has just ended, or is being reported as cancelled.</summary>
    private bool Holds(AttemptId attempt, IActorRef workflow)
    {
        if (_waiting.Find(attempt) is { } waiting)
        {
            waiting.Workflow = workflow;
            return true;
        }

        if (_leases.TryGetValue(attempt, out var lease))
        {
            // A run that has just recovered takes it for waiting otherwise, and holds others back for it.
            _departures.Add(lease.WorkflowId, workflow, attempt);
            var moved = !workflow.Equals(lease.Workflow);
            lease.Workflow = workflow;
            if (lease.Ended || moved)
            {
                // The worker reports to an actor that is gone, and hears of the new one only here.
                lease.Worker.Host.Tell(new ReportAgain(_name, _epoch, lease.Worker.Epoch, attempt, workflow), Self);
            }

            return true;
        }

        return _successes.Contains(attempt)
            || (_reports.TryGetValue(attempt, out var pending) && pending.Report.Outcome is TaskOutcome.Cancelled);
    }

    private bool Enter(TaskOrder order, Offer offer)
    {
        _deferred.Redeem(offer.WorkflowId);
        if (!_takingStock && !_waiting.IsOffered(order.Handler))
        {
            if (_waiting.Unroutable >= _options.UnroutableCapacity)
            {
                _unrouted.Remember(order, offer);
                return false;
            }
        }
        else if (Occupied + _deferred.Granted >= _options.Capacity
            || _waiting.WaitingOf(offer.FairnessKey) + _deferred.GrantedTo(offer.FairnessKey) >= _options.CapacityPerKey)
        {
            _deferred.Defer(offer.WorkflowId, offer.FairnessKey, order.ReadyAt);
            return false;
        }

        // Offered again, the attempt is beyond what was last reported of it.
        _reports.Remove(order.Attempt);
        _waiting.Add(offer.WorkflowId, offer.FairnessKey, order, offer.Workflow);
        return true;
    }

    private void TakeBack(Withdraw withdraw)
    {
        if (_takingStock)
        {
            // Whether nobody knows an attempt is not known yet. The run repeats itself: what is too much may be dropped.
            if (_withdrawals.Count < _options.Capacity)
            {
                _withdrawals.Add(withdraw);
            }

            return;
        }

        foreach (var attempt in withdraw.Attempts)
        {
            TakeBack(attempt, withdraw);
        }
    }

    private void TakeBack(AttemptId attempt, Withdraw withdraw)
    {
        if (_leases.TryGetValue(attempt, out var lease))
        {
            lease.Workflow = withdraw.Workflow;
            Cancel(lease, revoked: false);
        }
        else if (_reports.TryGetValue(attempt, out var pending))
        {
            pending.Send(withdraw.Workflow, Self, _clock.Now);
        }
        else
        {
            // A lease of its own makes the report newer than whatever the run has heard of the attempt.
            _waiting.Remove(attempt);
            Tell(withdraw.WorkflowId, attempt, NextLease(), TaskOutcome.Cancelled.Instance, withdraw.Workflow);
        }
    }

    /// <summary>Tells runs that were turned away that there is room.</summary>
    private void LetIn()
    {
        while (_deferred.Count > 0
            && _deferred.Next(_options.Capacity - Occupied - _deferred.Granted, _waiting.WaitingOf, _clock.Now) is { } grant)
        {
            _workflows.Tell(new OfferGranted(_name, _epoch, grant.WorkflowId, grant.Count), Self);
        }
    }
}

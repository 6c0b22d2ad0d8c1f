using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>
/// What one run has offered to which task queue, and how far each offer got. Kept in memory only: after a recovery everything
/// outstanding is offered again under the same names, and the queues take a repeated offer for what it is.
/// </summary>
internal sealed class OfferBook(string workflowId, string fairnessKey, IActorRef workflow, IActorRef queues, Action<IActorRef> watch)
{
    private readonly Dictionary<BodyId, OfferedAttempt> _attempts = [];
    private readonly Dictionary<string, QueueOffers> _links = [];

    /// <summary>Whether anything is left to repeat or to confirm.</summary>
    public bool IsEmpty => _attempts.Count == 0;

    /// <summary>Brings the offers in line with where the run stands.</summary>
    public void Reconcile(WorkflowState.Open run, DateTimeOffset now)
    {
        foreach (var body in run.Touched)
        {
            if (run.OrderFor(body) is { } order)
            {
                Offer(body, order);
            }
            else if (run.WithdrawnFor(body) is { } withdrawn)
            {
                Withdraw(body, withdrawn, now);
            }
            else
            {
                Forget(body);
            }
        }

        Flush(now);
    }

    /// <summary>Takes back everything: the run has ended at once.</summary>
    public void WithdrawAll()
    {
        foreach (var attempts in _attempts.Values.GroupBy(attempt => attempt.Queue))
        {
            LinkTo(attempts.Key).Send(new Withdraw(
                attempts.Key, workflowId, [.. attempts.Select(attempt => attempt.Attempt)], workflow));
        }

        _attempts.Clear();
    }

    public void On(OfferAcknowledged answer, IActorRef queue, DateTimeOffset now)
    {
        var link = LinkTo(answer.Queue);
        if (link.Meet(queue, answer.Epoch, watch))
        {
            OfferAgain(link);
        }

        foreach (var attempt in answer.Accepted)
        {
            Advance(attempt, OfferPhase.Held);
        }

        foreach (var attempt in answer.Deferred)
        {
            Advance(attempt, OfferPhase.Deferred);
        }

        Flush(now);
    }

    public void On(AttemptsLeased leased, DateTimeOffset now)
    {
        foreach (var attempt in leased.Attempts)
        {
            Advance(attempt, OfferPhase.Leased);
        }

        Flush(now);
    }

    public void On(OfferGranted granted, DateTimeOffset now)
    {
        var room = granted.Count;
        foreach (var attempt in _attempts.Values)
        {
            if (room > 0 && attempt.Phase == OfferPhase.Deferred && attempt.Queue == granted.Queue)
            {
                room--;
                Move(attempt, OfferPhase.Unsent);
            }
        }

        Flush(now);
    }

    /// <summary>A queue has gone, and its memory with it.</summary>
    public void OnTerminated(IActorRef queue, DateTimeOffset now)
    {
        foreach (var link in _links.Values.Where(link => queue.Equals(link.Queue)))
        {
            link.Lose();
            OfferAgain(link);
        }

        Flush(now);
    }

    /// <summary>Repeats what was not acknowledged, and now and then confirms the rest.</summary>
    public void Repeat(DateTimeOffset now)
    {
        foreach (var link in _links.Values)
        {
            if (link.RepeatAt > now)
            {
                continue;
            }

            RepeatWithdrawals(link);
            var repeatAll = link.ConfirmAt <= now;
            foreach (var attempt in _attempts.Values)
            {
                if (attempt.Queue == link.Name && (attempt.Phase == OfferPhase.Sent || (repeatAll && attempt.Phase != OfferPhase.Withdrawn)))
                {
                    Move(attempt, OfferPhase.Unsent);
                }
            }

            link.Repeated(now, repeatAll);
        }

        Flush(now);
    }

    private void RepeatWithdrawals(QueueOffers link)
    {
        var withdrawn = _attempts.Values
            .Where(attempt => attempt.Phase == OfferPhase.Withdrawn && attempt.Queue == link.Name)
            .Select(attempt => attempt.Attempt)
            .ToImmutableArray();
        if (!withdrawn.IsEmpty)
        {
            link.Send(new Withdraw(link.Name, workflowId, withdrawn, workflow));
        }
    }

    private void Offer(BodyId body, TaskOrder order)
    {
        if (_attempts.TryGetValue(body, out var known))
        {
            // Touched, still wanted, and known already: its lease was lost, so it starts over.
            Move(known, OfferPhase.Gone);
        }

        var attempt = new OfferedAttempt(order.Queue, order.Attempt, order);
        _attempts[body] = attempt;
        LinkTo(order.Queue).Unsent.Enqueue(attempt, attempt.Rank);
    }

    private void Withdraw(BodyId body, WithdrawnAttempt withdrawn, DateTimeOffset now)
    {
        Forget(body);
        _attempts[body] = new(withdrawn.Queue, withdrawn.Attempt, null) { Phase = OfferPhase.Withdrawn };
        var link = LinkTo(withdrawn.Queue);
        link.Send(new Withdraw(withdrawn.Queue, workflowId, [withdrawn.Attempt], workflow));
        link.Sent(now);
    }

    private void Forget(BodyId body)
    {
        if (_attempts.Remove(body, out var attempt))
        {
            Move(attempt, OfferPhase.Gone);
        }
    }

    private void Advance(AttemptId id, OfferPhase phase)
    {
        if (_attempts.TryGetValue(id.Body, out var attempt) && attempt.Attempt == id && attempt.CanBecome(phase))
        {
            Move(attempt, phase);
        }
    }

    private void Move(OfferedAttempt attempt, OfferPhase phase)
    {
        var link = LinkTo(attempt.Queue);
        link.Unleased += Counts(phase) - Counts(attempt.Phase);
        attempt.Phase = phase;
        if (phase == OfferPhase.Unsent)
        {
            link.Unsent.Enqueue(attempt, attempt.Rank);
        }
    }

    private static int Counts(OfferPhase phase) => phase is OfferPhase.Sent or OfferPhase.Held ? 1 : 0;

    private void OfferAgain(QueueOffers link)
    {
        foreach (var attempt in _attempts.Values)
        {
            if (attempt.Queue == link.Name && attempt.Phase is OfferPhase.Held or OfferPhase.Leased or OfferPhase.Deferred)
            {
                Move(attempt, OfferPhase.Unsent);
            }
        }

        RepeatWithdrawals(link);
    }

    private void Flush(DateTimeOffset now)
    {
        foreach (var link in _links.Values)
        {
            if (link.Unsent.Count == 0 || link.Unleased >= QueueOffers.UnleasedLimit)
            {
                continue;
            }

            var orders = ImmutableArray.CreateBuilder<TaskOrder>();
            while (link.Unleased < QueueOffers.UnleasedLimit && link.Unsent.TryDequeue(out var attempt, out _))
            {
                if (attempt.Phase == OfferPhase.Unsent)
                {
                    Move(attempt, OfferPhase.Sent);
                    orders.Add(attempt.Order!);
                }
            }

            if (orders.Count > 0)
            {
                link.Sent(now);
                link.Send(new Offer(link.Name, workflowId, fairnessKey, orders.DrainToImmutable(), workflow));
            }
        }
    }

    private QueueOffers LinkTo(string queue)
    {
        if (!_links.TryGetValue(queue, out var link))
        {
            _links[queue] = link = new(queue, queues, workflow);
        }

        return link;
    }
}

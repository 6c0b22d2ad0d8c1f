using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Tasks.Attempts;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows.Offers;

/// <summary>
/// The offers of one run to the task queues, and the phase of each. It is kept in memory only: after a recovery everything
/// outstanding is offered again under the same attempt ids, and the queues recognize a repeated offer.
/// </summary>
internal sealed class OfferBook(string workflowId, string fairnessKey, IActorRef workflow, IActorRef queues, Action<IActorRef> watch)
{
    private readonly Dictionary<TaskExecutionId, OfferedAttempt> _attempts = [];
    private readonly Dictionary<string, QueueOffers> _links = [];

    /// <summary>Whether anything is left to repeat or to confirm.</summary>
    public bool IsEmpty => _attempts.Count == 0;

    /// <summary>Descriptions of what attempts wait for that may never come.</summary>
    public ImmutableArray<string> WaitingFor =>
        [.. _links.Values.SelectMany(link => link.Missing).Distinct().Order(StringComparer.Ordinal).Select(WorkflowReply.Status.WorkerFor)];

    /// <summary>Brings the offers in line with the state of the run.</summary>
    public void Reconcile(WorkflowState.Open run, TimeSpan now)
    {
        Dictionary<string, ImmutableArray<AttemptId>.Builder>? taken = null;
        foreach (var execution in run.Touched)
        {
            if (run.OrderFor(execution) is { } order)
            {
                Offer(execution, order);
            }
            else if (run.WithdrawnFor(execution) is { } withdrawn)
            {
                Forget(execution);
                _attempts[execution] = new(withdrawn.Queue, withdrawn.Attempt, null) { Phase = OfferPhase.Withdrawn };
                Add(withdrawn.Queue, withdrawn.Attempt, taken ??= []);
            }
            else if (Forget(execution) is { Phase: OfferPhase.Sent } late)
            {
                // It has ended, but its offer is still on the way to a queue that may not know that.
                Add(late.Queue, late.Attempt, taken ??= []);
            }
        }

        if (taken is not null)
        {
            TakeBack(taken, now);
        }

        Flush(now);
    }

    private void TakeBack(Dictionary<string, ImmutableArray<AttemptId>.Builder> taken, TimeSpan now)
    {
        foreach (var (queue, attempts) in taken)
        {
            var link = LinkTo(queue);
            link.Send(new Withdraw(queue, workflowId, attempts.DrainToImmutable(), workflow));
            link.Sent(now);
        }
    }

    /// <summary>Handles the end of the run. No attempt is left then, unless the run was terminated, or an offer is still on the way.</summary>
    /// <param name="atOnce">Whether attempts may still wait or run.</param>
    public void End(bool atOnce)
    {
        foreach (var attempts in _attempts.Values.Where(attempt => atOnce || attempt.Phase == OfferPhase.Sent).GroupBy(attempt => attempt.Queue))
        {
            LinkTo(attempts.Key).Send(new Withdraw(
                attempts.Key, workflowId, [.. attempts.Select(attempt => attempt.Attempt)], workflow));
        }

        _attempts.Clear();
    }

    public void On(OfferAcknowledged answer, IActorRef queue, TimeSpan now)
    {
        var link = LinkTo(answer.Queue);
        if (link.Connect(queue, answer.Epoch, watch))
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

    public void On(AttemptsLeased leased, TimeSpan now)
    {
        foreach (var attempt in leased.Attempts)
        {
            Advance(attempt, OfferPhase.Leased);
        }

        Flush(now);
    }

    public void On(OfferGranted granted, TimeSpan now)
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

    public void On(HandlersMissing missing)
    {
        if (_links.TryGetValue(missing.Queue, out var link) && link.Epoch == missing.Epoch)
        {
            link.Missing = missing.Handlers;
        }
    }

    /// <summary>Handles the end of a queue, which has lost its memory.</summary>
    public void OnTerminated(IActorRef queue, TimeSpan now)
    {
        foreach (var link in _links.Values.Where(link => queue.Equals(link.Queue)))
        {
            link.Lose();
            OfferAgain(link);
        }

        Flush(now);
    }

    private void Offer(TaskExecutionId execution, TaskOrder order)
    {
        if (_attempts.TryGetValue(execution, out var known))
        {
            // It was touched, is still wanted, and was offered before: its lease was lost, so it starts over.
            Move(known, OfferPhase.Gone);
        }

        var attempt = new OfferedAttempt(order.Queue, order.Attempt, LargeInput.Withhold(order));
        _attempts[execution] = attempt;
        LinkTo(order.Queue).Unsent.Enqueue(attempt, attempt.Rank);
    }

    private static void Add(string queue, AttemptId attempt, Dictionary<string, ImmutableArray<AttemptId>.Builder> taken)
    {
        if (!taken.TryGetValue(queue, out var attempts))
        {
            taken[queue] = attempts = ImmutableArray.CreateBuilder<AttemptId>();
        }

        attempts.Add(attempt);
    }

    /// <summary>Forgets the attempt of an execution, if there is one, and returns the phase of its offer.</summary>
    private (string Queue, AttemptId Attempt, OfferPhase Phase)? Forget(TaskExecutionId execution)
    {
        if (!_attempts.Remove(execution, out var attempt))
        {
            return null;
        }

        var phase = attempt.Phase;
        Move(attempt, OfferPhase.Gone);
        return (attempt.Queue, attempt.Attempt, phase);
    }

    private void Advance(AttemptId id, OfferPhase phase)
    {
        if (_attempts.TryGetValue(id.Execution, out var attempt) && attempt.Attempt == id && attempt.CanBecome(phase))
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

    private QueueOffers LinkTo(string queue)
    {
        if (!_links.TryGetValue(queue, out var link))
        {
            _links[queue] = link = new(queue, queues, workflow);
        }

        return link;
    }

    // Sends offers: as many as a queue may hold, again where there was no answer, and from time to time to confirm them

    /// <summary>When to repeat next, on the same monotonic clock as every <c>now</c> here.</summary>
    public TimeSpan RepeatAt
    {
        get
        {
            var next = TimeSpan.MaxValue;
            foreach (var link in _links.Values)
            {
                next = link.RepeatAt < next ? link.RepeatAt : next;
            }

            return next;
        }
    }

    /// <summary>Repeats offers without an answer, and from time to time confirms the rest.</summary>
    public void Repeat(TimeSpan now)
    {
        var due = _links.Values.Where(link => link.RepeatAt <= now).ToList();
        foreach (var link in due)
        {
            var repeatAll = link.ConfirmAt <= now;
            if (repeatAll)
            {
                link.Confirm(now);
            }

            RepeatWithdrawals(link);
            foreach (var attempt in _attempts.Values)
            {
                if (attempt.Queue == link.Name && attempt.IsRepeated(repeatAll))
                {
                    Move(attempt, OfferPhase.Unsent);
                }
            }
        }

        Flush(now);
        foreach (var link in due)
        {
            link.Repeated(now);
        }
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

    private void OfferAgain(QueueOffers link)
    {
        foreach (var attempt in _attempts.Values)
        {
            if (attempt.Queue == link.Name && attempt.IsRepeated(all: true))
            {
                Move(attempt, OfferPhase.Unsent);
            }
        }

        RepeatWithdrawals(link);
    }

    private void Flush(TimeSpan now)
    {
        foreach (var link in _links.Values)
        {
            if (link.Unsent.Count == 0 || link.Unleased >= QueueOffers.UnleasedLimit)
            {
                continue;
            }

            link.Sent(now);
            while (TakeUnsent(link) is { IsEmpty: false } orders)
            {
                link.Send(new Offer(link.Name, workflowId, fairnessKey, orders, workflow) { KnownEpoch = link.KnownEpoch });
            }
        }
    }

    /// <summary>Takes the next attempts to offer: as many as fit into one message and the queue may hold.</summary>
    private ImmutableArray<TaskOrder> TakeUnsent(QueueOffers link)
    {
        if (link.Unsent.Count == 0)
        {
            return [];
        }

        var orders = ImmutableArray.CreateBuilder<TaskOrder>(Math.Min(link.Unsent.Count, QueueOffers.UnleasedLimit));
        var bytes = 0L;
        while (link.Unleased < QueueOffers.UnleasedLimit
            && bytes < QueueOffers.BytesPerMessage
            && link.Unsent.TryDequeue(out var attempt, out _))
        {
            if (attempt.Phase == OfferPhase.Unsent)
            {
                Move(attempt, OfferPhase.Sent);
                orders.Add(attempt.Order!);
                bytes += LargeInput.BytesIn(attempt.Order!);
            }
        }

        return orders.DrainToImmutable();
    }
}

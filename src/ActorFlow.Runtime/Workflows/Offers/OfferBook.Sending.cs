using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Tasks.Attempts;

namespace ActorFlow.Runtime.Workflows.Offers;

/// <summary>Sends offers: as many as a queue may hold, again where there was no answer, and from time to time to confirm them.</summary>
internal sealed partial class OfferBook
{
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

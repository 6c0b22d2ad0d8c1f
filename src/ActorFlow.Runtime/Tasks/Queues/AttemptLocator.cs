using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Explaining;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>Says where attempts stand, for people.</summary>
internal sealed class AttemptLocator(QueueIncarnation queue, InitialInventory inventory, Backlog waiting, LeaseBook leases, ActorClock clock)
{
    /// <summary>Where the attempts stand that are asked for, as far as the queue knows them.</summary>
    public AttemptPlaces Locate(LocateAttempts asked)
    {
        var holders = leases.All
            .Where(lease => !lease.Ended)
            .CountBy(lease => lease.WorkflowId, StringComparer.Ordinal)
            .OrderByDescending(run => run.Value)
            .ThenBy(run => run.Key, StringComparer.Ordinal)
            .ToList();
        var load = new QueueLoad(
            queue.Name, waiting.Orders.Count, holders.Sum(run => run.Value), [.. holders.Take(QueueLoad.HoldersTold).Select(run => new SlotHolder(run.Key, run.Value))]);
        // Before the inventories are in, a queue takes for waiting what runs, and for missing what is offered.
        return new(load, !inventory.IsDone ? [] : [.. asked.Attempts.Select(PlaceOf).OfType<AttemptPlace>()]);
    }

    private AttemptPlace? PlaceOf(AttemptId attempt)
    {
        if (leases.Find(attempt) is { } lease)
        {
            return new(attempt) { Worker = lease.Worker.Node, Since = lease.Since is { } since ? clock.UtcNow - (clock.Now - since) : null };
        }

        if (waiting.Orders.Find(attempt)?.Order is not { } order)
        {
            return null;
        }

        var isOffered = waiting.Orders.IsOffered(order.Handler);
        var former = isOffered ? null : waiting.Former.Find(order.Handler);
        return new(attempt) { IsOffered = isOffered, LastWorker = former?.Worker, LastOffered = former?.At };
    }
}

using System.Collections.Immutable;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>The attempts that wait in the queue, and the limit on them: offers beyond it are counted per run, and taken later.</summary>
internal sealed class Backlog(TaskQueueOptions options, InitialInventory inventory, TimeProvider time)
{
    private readonly DeferredOffers _deferred = new(options);
    private readonly UnroutedOffers _unrouted = new();

    /// <summary>Who offered handlers that nobody offers now.</summary>
    public FormerOffers Former { get; } = new();

    /// <summary>What waits.</summary>
    public WaitingOrders Orders { get; } = new(options.WaitPerLevel);

    /// <summary>How many attempts wait that count towards the capacity. While it is not known who offers what, all do.</summary>
    private int Occupied => Orders.Count - (inventory.IsDone ? Orders.Unroutable : 0);

    /// <summary>Lets an attempt in.</summary>
    /// <returns>Whether there is room for it.</returns>
    public bool TryEnqueue(TaskOrder order, Offer offer)
    {
        _deferred.Redeem(offer.WorkflowId);
        if (inventory.IsDone && !Orders.IsOffered(order.Handler))
        {
            if (Orders.Unroutable >= options.UnroutableCapacity)
            {
                _unrouted.Track(order, offer);
                return false;
            }
        }
        else if (Occupied + _deferred.Granted >= options.Capacity
            || Orders.WaitingOf(offer.FairnessKey) + _deferred.GrantedTo(offer.FairnessKey) >= options.CapacityPerKey)
        {
            _deferred.Defer(offer.WorkflowId, offer.FairnessKey, order.ReadyAt);
            return false;
        }

        Orders.Enqueue(offer.WorkflowId, offer.FairnessKey, order, offer.Workflow);
        return true;
    }

    /// <summary>Whether runs were turned away that are to be told once there is room.</summary>
    public bool HasDeferred => _deferred.Count > 0;

    /// <summary>The next run that was turned away and for which there is room now; null means that there is none.</summary>
    public Grant? NextGrant(TimeSpan now) => _deferred.Next(options.Capacity - Occupied - _deferred.Granted, Orders.WaitingOf, now);

    /// <summary>A worker offers these handlers from now on, and no others.</summary>
    public void SetHandlers(WorkerLink worker, ImmutableArray<string> handlers)
    {
        if (worker.Handlers.AsSpan().SequenceEqual(handlers.AsSpan()))
        {
            return;
        }

        foreach (var handler in worker.Handlers)
        {
            Orders.StopOffering(handler, worker);
            Former.Track(handler, worker.Node, time.GetUtcNow());
        }

        worker.Handlers = handlers;
        foreach (var handler in handlers)
        {
            Orders.Offer(handler, worker);
            _unrouted.Release(handler, _deferred);
        }
    }

    /// <summary>Looks at the clock: what has waited long gains a level, and grants that nobody came for are void.</summary>
    public void Age(DateTimeOffset utcNow, TimeSpan now)
    {
        Orders.Age(utcNow);
        _deferred.Expire(now);
    }
}

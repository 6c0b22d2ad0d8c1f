using System.Collections.Immutable;
using ActorFlow.Core.Tasks;
using ActorFlow.Runtime.Tasks.Attempts;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks;

/// <summary>A worker host's links with the task queues: whom it obeys, what each is told, and when.</summary>
internal sealed class QueueLinks(
    HostIncarnation host, WorkerNode node, IActorRef queues, IUntypedActorContext context, ActorClock clock, Func<bool> takesWork)
{
    private const int MostChanges = 32;

    private static readonly TimeSpan SearchInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, QueueLink> _links = [];
    private int _changes;
    private bool _flushing;

    /// <summary>The link with a queue, a new one if need be.</summary>
    public QueueLink LinkTo(string queue, int slots = 0)
    {
        if (!_links.TryGetValue(queue, out var link))
        {
            node.QueueEpochs.TryGetValue(queue, out var epoch);
            link = new(queue, slots, epoch);
            _links.Add(queue, link);
            node.Metrics.Observe(link.Gauge);
        }

        return link;
    }

    /// <summary>The link with the queue that sent the message; null means that a newer one is known, and this one is not obeyed.</summary>
    public QueueLink? Connect(string queue, long epoch)
    {
        var link = LinkTo(queue);
        if (!link.Connect(epoch, context.Sender, context))
        {
            return null;
        }

        node.QueueEpochs[queue] = epoch;
        return link;
    }

    public void Handle(InventoryRequest request)
    {
        if (Connect(request.Queue, request.QueueEpoch) is { } link)
        {
            SendInventory(link);
        }
        else
        {
            var refusal = LinkTo(request.Queue).Refusal(host.Name, host.Epoch);
            context.Sender.Tell(new WorkerInventory(refusal, node.HandlerNames, [], host.Self), host.Self);
        }
    }

    public void Handle(InventoryAcknowledged acknowledged)
    {
        if (Connect(acknowledged.Queue, acknowledged.QueueEpoch) is not { } link)
        {
            return;
        }

        link.Unanswered = 0;
        link.IsKnown = true;
        if (link.Track(acknowledged.Newest))
        {
            // A lease was lost on its way: the sooner the queue hears of it, the better.
            SendInventory(link);
        }
    }

    /// <summary>A queue has stopped: the next one is looked for.</summary>
    public void Handle(Terminated terminated)
    {
        foreach (var link in _links.Values)
        {
            if (terminated.ActorRef.Equals(link.Queue))
            {
                link.Disconnect(context);
                SendInventory(link);
            }
        }
    }

    /// <summary>Says everything to the queue: straight, while it answers.</summary>
    public void SendInventory(QueueLink link)
    {
        if (link.Unanswered++ >= 2)
        {
            link.Disconnect(context);
        }

        var held = ImmutableArray.CreateBuilder<HeldLease>();
        foreach (var attempt in node.Held.Values)
        {
            if (attempt.Queue == link.Name && attempt.Outcome is not TaskOutcome.Released)
            {
                held.Add(Describe(attempt));
            }
        }

        link.Introduce();
        link.InventoryDue = clock.Now + (link.Queue is null ? SearchInterval : node.Options.InventoryInterval);
        (link.Queue ?? queues).Tell(
            new WorkerInventory(link.State(host.Name, host.Epoch, takesWork()), node.HandlerNames, held.DrainToImmutable(), host.Self), host.Self);
    }

    /// <summary>Says everything to all queues.</summary>
    public void SendInventories()
    {
        foreach (var link in _links.Values)
        {
            SendInventory(link);
        }
    }

    /// <summary>Says everything to those that have not heard it for long.</summary>
    public void SendDueInventories()
    {
        foreach (var link in _links.Values)
        {
            if (link.InventoryDue <= clock.Now && (link.Slots > 0 || link.Busy > 0))
            {
                SendInventory(link);
            }
        }
    }

    /// <summary>Says what has changed once everything that waits in the mailbox is done, or enough has gathered.</summary>
    public void SendChangesSoon()
    {
        if (++_changes >= MostChanges)
        {
            SendChanges();
        }
        else if (!_flushing)
        {
            _flushing = true;
            host.Self.Tell(FlushChanges.Instance);
        }
    }

    /// <summary>Everything that waited in the mailbox is done.</summary>
    public void HandleFlush()
    {
        _flushing = false;
        SendChanges();
    }

    public void SendChanges()
    {
        _changes = 0;
        foreach (var link in _links.Values)
        {
            if (link.Changed && link.Queue is not null)
            {
                link.Queue.Tell(new SlotsChanged(link.State(host.Name, host.Epoch, takesWork())), host.Self);
            }
        }
    }

    /// <summary>Says how many slots are held by handlers that were asked to stop and did not.</summary>
    public void ReportHealth()
    {
        var (abandoned, slots) = (0, 0);
        foreach (var link in _links.Values)
        {
            abandoned += link.Abandoned;
            slots += link.Slots;
        }

        node.SetHealth(abandoned, slots);
    }

    /// <summary>The host stops: its slots are no longer shown.</summary>
    public void Stop()
    {
        foreach (var link in _links.Values)
        {
            node.Metrics.Forget(link.Gauge);
        }
    }

    private HeldLease Describe(RunningAttempt attempt)
    {
        var assignment = attempt.Assignment;
        return new(
            assignment.Lease,
            assignment.Order.Attempt,
            assignment.WorkflowId,
            attempt.Workflow,
            attempt.Report is not null,
            attempt.RemainingAt(clock.Now));
    }
}

/// <summary>What has changed at a worker host is to be said now.</summary>
internal sealed class FlushChanges : INoSerializationVerificationNeeded
{
    public static readonly FlushChanges Instance = new();
}

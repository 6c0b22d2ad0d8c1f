using System.Collections.Immutable;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>The side towards the workers: who they are, what they say, and when they are gone.</summary>
public sealed partial class TaskQueue
{
    private readonly Dictionary<string, WorkerLink> _workers = [];

    private void Note(WorkerInventory inventory)
    {
        var state = inventory.State;
        if (LinkTo(state, inventory.Host) is not { } worker || !worker.Note(state, _epoch))
        {
            return;
        }

        SetHandlers(worker, inventory.Handlers);
        Settle(worker, state.Settled);
        if (state.QueueEpoch > _epoch)
        {
            Overtaken(state.QueueEpoch);
        }
        else if (state.QueueEpoch < _epoch)
        {
            // What it holds counts only once it obeys no older queue.
            worker.Host.Tell(new InventoryRequest(_name, _epoch), Self);
        }
        else
        {
            Merge(worker, inventory.Held);
            worker.Host.Tell(new InventoryAcknowledged(_name, _epoch, worker.Epoch, worker.Newest), Self);
            if (_takingStock && _answered.Add(worker.Node))
            {
                OpenIfAllHaveAnswered();
            }
        }
    }

    private void Note(SlotsChanged changed)
    {
        var state = changed.State;
        if (_workers.TryGetValue(state.Node, out var worker) && worker.Epoch == state.HostEpoch)
        {
            if (worker.Note(state, _epoch))
            {
                Settle(worker, state.Settled);
            }
        }
        else
        {
            Sender.Tell(new InventoryRequest(_name, _epoch), Self);
        }
    }

    /// <summary>The link that a message belongs to; none if it comes from a former incarnation of the host.</summary>
    private WorkerLink? LinkTo(HostState state, IActorRef host)
    {
        if (_workers.TryGetValue(state.Node, out var known))
        {
            if (known.Epoch >= state.HostEpoch)
            {
                return known.Epoch == state.HostEpoch ? known : null;
            }

            Context.Unwatch(known.Host);
        }

        var link = new WorkerLink(state.Node, state.HostEpoch, host);
        _workers[state.Node] = link;
        Context.Watch(host);
        if (known is not null)
        {
            SetHandlers(known, []);
            Inherit(known, link);
        }

        return link;
    }

    private void SetHandlers(WorkerLink worker, ImmutableArray<string> handlers)
    {
        if (worker.Handlers.AsSpan().SequenceEqual(handlers.AsSpan()))
        {
            return;
        }

        foreach (var handler in worker.Handlers)
        {
            _waiting.StopOffering(handler, worker);
        }

        worker.Handlers = handlers;
        foreach (var handler in handlers)
        {
            _waiting.Offer(handler, worker);
            _unrouted.Release(handler, _deferred);
        }
    }

    private void NoteStopped(Terminated terminated)
    {
        foreach (var worker in _workers.Values)
        {
            if (worker.Host.Equals(terminated.ActorRef))
            {
                SetHandlers(worker, []);
                worker.GoneSince = _clock.Now;
                if (terminated.AddressTerminated)
                {
                    GiveUp(worker);
                }

                return;
            }
        }
    }

    /// <summary>A host that stopped on a live node may come back, with what it ran; not so for ever.</summary>
    private void GiveUpGoneHosts()
    {
        foreach (var worker in _workers.Values)
        {
            if (worker.GoneSince + _options.HostReturn <= _clock.Now)
            {
                GiveUp(worker);
            }
        }
    }

    private void GiveUp(WorkerLink worker)
    {
        _workers.Remove(worker.Node);
        foreach (var lease in worker.Leases.Values)
        {
            Lose(lease);
        }
    }
}

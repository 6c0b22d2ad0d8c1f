using Akka.Actor;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>The worker hosts that the queue has heard of, the newest incarnation of each: who they are, and when they are gone.</summary>
internal sealed class WorkerBook(IActorContext context, TaskQueueOptions options, Backlog waiting, LeaseBook leases)
{
    private readonly Dictionary<string, WorkerLink> _workers = [];

    /// <summary>The link with an incarnation of a host; null means that it is not the one that is known.</summary>
    public WorkerLink? Find(HostState state) =>
        _workers.TryGetValue(state.Node, out var worker) && worker.Epoch == state.HostEpoch ? worker : null;

    /// <summary>The link with an incarnation of a host, a new one if need be; null means that a newer one is known.</summary>
    public WorkerLink? Connect(HostState state, IActorRef host)
    {
        if (_workers.TryGetValue(state.Node, out var known))
        {
            if (known.Epoch >= state.HostEpoch)
            {
                return known.Epoch == state.HostEpoch ? known : null;
            }

            context.Unwatch(known.Host);
        }

        var link = new WorkerLink(state.Node, state.HostEpoch, host);
        _workers[state.Node] = link;
        context.Watch(host);
        if (known is not null)
        {
            waiting.SetHandlers(known, []);
            leases.Inherit(known, link);
        }

        return link;
    }

    /// <summary>A host has stopped. One that did so on a live node may come back, with what it ran; not so for ever.</summary>
    public void Handle(Terminated terminated, TimeSpan now)
    {
        foreach (var worker in _workers.Values)
        {
            if (worker.Host.Equals(terminated.ActorRef))
            {
                waiting.SetHandlers(worker, []);
                worker.GoneSince = now;
                if (terminated.AddressTerminated)
                {
                    Forget(worker, now);
                }

                return;
            }
        }
    }

    /// <summary>Forgets the hosts that had the time to come back.</summary>
    public void ForgetGone(TimeSpan now)
    {
        foreach (var worker in _workers.Values)
        {
            if (worker.GoneSince + options.HostReturn <= now)
            {
                Forget(worker, now);
            }
        }
    }

    private void Forget(WorkerLink worker, TimeSpan now)
    {
        _workers.Remove(worker.Node);
        foreach (var lease in worker.Leases.Values)
        {
            leases.Lose(lease, now);
        }
    }
}

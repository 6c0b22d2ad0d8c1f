using System.Runtime.InteropServices;
using ActorFlow.Runtime.Tasks.Attempts;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>Leases waiting attempts to workers with free slots, then sends each worker its leases in one message.</summary>
internal sealed class LeaseDispatcher(QueueIncarnation queue, WaitingOrders waiting, LeaseBook leases, LeaseNotices notices, ActorClock clock)
{
    private const int AssignmentsPerMessage = 64;
    private const int BytesPerMessage = 256 * 1024;

    private readonly List<WorkerLink> _receiving = [];

    /// <summary>Leases for as long as an attempt waits that a worker with a free slot can run.</summary>
    public void LeaseWaiting()
    {
        while (Choose(out var handler, out var worker))
        {
            var order = waiting.Take(handler);
            if (worker.Outgoing.Count == 0)
            {
                _receiving.Add(worker);
            }

            leases.Assign(order, worker, clock.Now);
            notices.Track(order.WorkflowId, order.Workflow, order.Order!.Attempt);
        }
    }

    /// <summary>Sends the workers what was leased to them.</summary>
    public void Send()
    {
        foreach (var worker in _receiving)
        {
            Send(worker);
        }

        _receiving.Clear();
    }

    /// <summary>The next attempt in order that some worker has room for, and the worker with the most room for it.</summary>
    private bool Choose(out HandlerOrders handler, out WorkerLink worker)
    {
        handler = null!;
        worker = null!;
        foreach (var candidate in waiting.Wanted)
        {
            WorkerLink? freest = null;
            foreach (var host in candidate.Hosts)
            {
                if (host.Available > (freest?.Available ?? 0))
                {
                    freest = host;
                }
            }

            if (freest is not null
                && (handler is null || LaneOrder.Instance.Compare(candidate.Lanes.Min, handler.Lanes.Min) < 0))
            {
                handler = candidate;
                worker = freest;
            }
        }

        return handler is not null;
    }

    private void Send(WorkerLink worker)
    {
        var outgoing = CollectionsMarshal.AsSpan(worker.Outgoing);
        for (var first = 0; first < outgoing.Length;)
        {
            var bytes = LargeInput.BytesIn(outgoing[first].Order);
            var next = first + 1;
            while (next < outgoing.Length && next - first < AssignmentsPerMessage && bytes < BytesPerMessage)
            {
                bytes += LargeInput.BytesIn(outgoing[next++].Order);
            }

            var assignments = ImmutableCollectionsMarshal.AsImmutableArray(outgoing[first..next].ToArray());
            worker.Host.Tell(new AssignAttempts(queue.Name, queue.Epoch, worker.Epoch, assignments), queue.Self);
            first = next;
        }

        worker.Outgoing.Clear();
    }
}

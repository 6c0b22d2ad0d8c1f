using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorFlow.Core.Tasks;
using ActorFlow.Runtime.Tasks.Attempts;
using Akka.Event;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>Who runs what: leases are handed out, compared with what workers say they hold, settled, lost.</summary>
public sealed partial class TaskQueue
{
    private const int AssignmentsPerMessage = 64;
    private const int BytesPerMessage = 256 * 1024;

    private readonly List<WorkerLink> _receiving = [];
    private readonly LeaseNotices _departures = new();

    /// <summary>Hands out for as long as an attempt waits that a worker with a free slot can run.</summary>
    private void HandOut()
    {
        if (_takingStock)
        {
            return;
        }

        while (Choose(out var handler, out var worker))
        {
            var waiting = _waiting.Take(handler);
            var order = waiting.Order!;
            var id = NextLease();
            var lease = new Lease(id, order.Attempt, waiting.WorkflowId, waiting.Workflow, worker, ExpiryAfter(LargeInput.LongestRun(order)));
            _leases.Add(order.Attempt, lease);
            if (worker.Outgoing.Count == 0)
            {
                _receiving.Add(worker);
            }

            worker.HandOut(lease, new Assignment(id, waiting.WorkflowId, order, waiting.Workflow));
            _departures.Add(waiting.WorkflowId, waiting.Workflow, order.Attempt);
        }

        AnswerOffer();
        _departures.Tell(_name, _epoch, Self);
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
        foreach (var candidate in _waiting.Wanted)
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
            worker.Host.Tell(new AssignAttempts(_name, _epoch, worker.Epoch, assignments), Self);
            first = next;
        }

        worker.Outgoing.Clear();
    }

    private TimeSpan ExpiryAfter(TimeSpan remaining) =>
        _clock.Now + (remaining < TimeSpan.FromDays(3650) ? remaining : TimeSpan.FromDays(3650)) + _options.Grace + _options.Backstop;

    /// <summary>The worker says that these leases are over.</summary>
    private void Settle(WorkerLink worker, ImmutableArray<SettledLease> settled)
    {
        foreach (var over in settled)
        {
            if (over.Succeeded)
            {
                // Its run knows: an offer of it that came meanwhile is an old one.
                _successes.Add(over.Attempt, _clock.Now);
                _waiting.Remove(over.Attempt);
            }

            if (worker.Leases.TryGetValue(over.Attempt, out var lease) && lease.Id == over.Lease)
            {
                Drop(lease);
            }
        }
    }

    private void GiveUpOverdueLeases()
    {
        foreach (var lease in _leases.Values)
        {
            if (!lease.Ended && lease.Expires <= _clock.Now)
            {
                _log.Warning("Attempt {0} of {1} is overdue on worker {2}: taken for lost.", lease.Attempt, lease.WorkflowId, lease.Worker.Node);
                Cancel(lease, revoked: true);
                Drop(lease);
                Lose(lease);
            }
        }
    }

    private void Lose(Lease lease)
    {
        _leases.Remove(lease.Attempt);
        Tell(lease.WorkflowId, lease.Attempt, lease.Id, TaskOutcome.Lost.Instance, lease.Workflow);
    }

    private void Drop(Lease lease)
    {
        _leases.Remove(lease.Attempt);
        lease.Worker.Leases.Remove(lease.Attempt);
    }

    private void Cancel(Lease lease, bool revoked) =>
        lease.Worker.Host.Tell(new CancelAttempt(_name, _epoch, lease.Worker.Epoch, lease.Attempt, lease.Id, revoked), Self);
}

using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ActorFlow.Core.Tasks;
using Akka.Event;

namespace ActorFlow.Runtime.Tasks;

/// <summary>Who runs what: leases are handed out, compared with what workers say they hold, settled, lost.</summary>
public sealed partial class TaskQueue
{
    private const int AssignmentsPerMessage = 64;
    private const int BytesPerMessage = 256 * 1024;

    private readonly List<WorkerLink> _receiving = [];
    private readonly Departures _departures = new();

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
            var lease = new Lease(id, order.Attempt, waiting.WorkflowId, waiting.Workflow, worker, ExpiryAfter(order.Timeout));
            _leases.Add(order.Attempt, lease);
            if (worker.Outgoing.Count == 0)
            {
                _receiving.Add(worker);
            }

            worker.HandOut(lease, new Assignment(id, waiting.WorkflowId, order, waiting.Workflow));
            _departures.Add(waiting.WorkflowId, waiting.Workflow, order.Attempt);
        }

        foreach (var worker in _receiving)
        {
            Send(worker);
        }

        _receiving.Clear();
        _departures.Tell(_name, _epoch, Self);
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
            var bytes = outgoing[first].Order.Input.Length;
            var next = first + 1;
            while (next < outgoing.Length && next - first < AssignmentsPerMessage && bytes < BytesPerMessage)
            {
                bytes += outgoing[next++].Order.Input.Length;
            }

            var assignments = ImmutableCollectionsMarshal.AsImmutableArray(outgoing[first..next].ToArray());
            worker.Host.Tell(new Run(_name, _epoch, worker.Epoch, assignments), Self);
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
            if (worker.Leases.TryGetValue(over.Attempt, out var lease) && lease.Id == over.Lease)
            {
                Drop(lease);
                if (over.Succeeded)
                {
                    _successes.Add(over.Attempt, _clock.Now);
                }
            }
        }
    }

    /// <summary>The worker has said all it holds: what it ought to hold and twice did not is lost.</summary>
    private void Merge(WorkerLink worker, ImmutableArray<HeldLease> held)
    {
        foreach (var lease in worker.Leases.Values)
        {
            lease.Missing += lease.Inherited || lease.Id.Epoch != _epoch || lease.Id.Number <= worker.Seen ? 1 : 0;
        }

        foreach (var entry in held)
        {
            if (worker.Leases.TryGetValue(entry.Attempt, out var lease) && lease.Id == entry.Lease)
            {
                lease.Missing = 0;
                lease.Ended = entry.Ended;
            }
            else
            {
                Adopt(worker, entry);
            }
        }

        foreach (var lease in worker.Leases.Values)
        {
            if (lease.Missing >= 2)
            {
                Drop(lease);
                Lose(lease);
            }
        }
    }

    /// <summary>A worker holds a lease that it was not known to hold.</summary>
    private void Adopt(WorkerLink worker, HeldLease held)
    {
        if (held.Lease.Epoch >= _epoch)
        {
            // Handed out here, and since taken for lost: nobody counts on it any more.
            RevokeUnknown(worker, held);
            return;
        }

        // Handed out by a former queue. The older lease wins.
        if (_leases.TryGetValue(held.Attempt, out var known))
        {
            if (known.Id <= held.Lease)
            {
                RevokeUnknown(worker, held);
                return;
            }

            Cancel(known, revoked: true);
            Drop(known);
        }

        if (_waiting.Find(held.Attempt) is not null)
        {
            _waiting.Remove(held.Attempt);
            _departures.Add(held.WorkflowId, held.Workflow, held.Attempt);
        }

        var lease = new Lease(held.Lease, held.Attempt, held.WorkflowId, held.Workflow, worker, ExpiryAfter(held.Remaining)) { Ended = held.Ended };
        _leases.Add(held.Attempt, lease);
        worker.Leases.Add(held.Attempt, lease);
    }

    /// <summary>A host has come back under a new epoch: what it does not say to hold now, it has lost.</summary>
    private void Inherit(WorkerLink former, WorkerLink heir)
    {
        foreach (var lease in former.Leases.Values)
        {
            var inherited = new Lease(lease.Id, lease.Attempt, lease.WorkflowId, lease.Workflow, heir, lease.Expires) { Inherited = true, Missing = 1 };
            _leases[lease.Attempt] = inherited;
            heir.Leases.Add(lease.Attempt, inherited);
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

    private void RevokeUnknown(WorkerLink worker, HeldLease held)
    {
        if (!held.Ended)
        {
            worker.Host.Tell(new CancelAttempt(_name, _epoch, worker.Epoch, held.Attempt, held.Lease, Revoked: true), Self);
        }
    }
}

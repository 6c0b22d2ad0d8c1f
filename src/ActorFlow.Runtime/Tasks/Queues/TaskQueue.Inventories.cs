using System.Collections.Immutable;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>What workers say they hold, compared with what they were handed.</summary>
public sealed partial class TaskQueue
{
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

        var workflow = held.Workflow;
        if (_waiting.Find(held.Attempt) is { } waiting)
        {
            workflow = waiting.Workflow;
            _waiting.Remove(held.Attempt);
            _departures.Add(held.WorkflowId, workflow, held.Attempt);
        }

        if (!workflow.Equals(held.Workflow))
        {
            // The run has recovered since: the worker knows an actor that is gone.
            worker.Host.Tell(new ReportAgain(_name, _epoch, worker.Epoch, held.Attempt, workflow), Self);
        }

        var lease = new Lease(held.Lease, held.Attempt, held.WorkflowId, workflow, worker, ExpiryAfter(held.Remaining)) { Ended = held.Ended };
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

    private void RevokeUnknown(WorkerLink worker, HeldLease held)
    {
        if (!held.Ended)
        {
            worker.Host.Tell(new CancelAttempt(_name, _epoch, worker.Epoch, held.Attempt, held.Lease, Revoked: true), Self);
        }
    }
}

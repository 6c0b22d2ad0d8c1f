using System.Collections.Immutable;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>Compares what workers say they hold with what they were handed.</summary>
internal sealed class InventoryReconciliation(QueueIncarnation queue, WaitingOrders waiting, LeaseBook leases, LeaseNotices notices)
{
    private const int MissingUntilLost = 2;

    /// <summary>The worker has said all it holds: what it ought to hold and twice did not is lost.</summary>
    public void Reconcile(WorkerLink worker, ImmutableArray<HeldLease> held, TimeSpan now)
    {
        foreach (var lease in worker.Leases.Values)
        {
            lease.Missing += lease.Inherited || lease.Id.Epoch != queue.Epoch || lease.Id.Number <= worker.Seen ? 1 : 0;
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
                ReconcileUnknown(worker, entry, now);
            }
        }

        foreach (var lease in worker.Leases.Values)
        {
            if (lease.Missing >= MissingUntilLost)
            {
                leases.Lose(lease, now);
            }
        }
    }

    /// <summary>A worker holds a lease that it was not known to hold.</summary>
    private void ReconcileUnknown(WorkerLink worker, HeldLease held, TimeSpan now)
    {
        if (held.Lease.Epoch >= queue.Epoch)
        {
            // Handed out here, and since taken for lost: nobody counts on it any more.
            Revoke(worker, held);
            return;
        }

        // Handed out by a former queue. The older lease wins.
        if (leases.Find(held.Attempt) is { } known)
        {
            if (known.Id <= held.Lease)
            {
                Revoke(worker, held);
                return;
            }

            leases.Cancel(known, revoked: true);
            leases.Drop(known);
        }

        var workflow = held.Workflow;
        if (waiting.Find(held.Attempt) is { } order)
        {
            workflow = order.Workflow;
            waiting.Remove(held.Attempt);
            notices.Track(held.WorkflowId, workflow, held.Attempt);
        }

        if (!workflow.Equals(held.Workflow))
        {
            // The run has recovered since: the worker knows an actor that is gone.
            worker.Host.Tell(new ReportAgain(queue.Name, queue.Epoch, worker.Epoch, held.Attempt, workflow), queue.Self);
        }

        leases.Adopt(held, workflow, worker, now);
    }

    private void Revoke(WorkerLink worker, HeldLease held)
    {
        if (!held.Ended)
        {
            worker.Host.Tell(new CancelAttempt(queue.Name, queue.Epoch, worker.Epoch, held.Attempt, held.Lease, Revoked: true), queue.Self);
        }
    }
}

using System.Collections.Immutable;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks.Attempts;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>
/// Every lease, from its assignment until its worker reports its end, or until it counts as lost and its run is told.
/// </summary>
internal sealed class LeaseBook(QueueIncarnation queue, TaskQueueOptions options, QueueReports reports)
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromDays(3650);

    private readonly Dictionary<AttemptId, Lease> _leases = [];
    private long _last;

    /// <summary>A name for a lease, newer than all before.</summary>
    public LeaseId NextId() => new(queue.Epoch, ++_last);

    /// <summary>All leases, in no order.</summary>
    public IReadOnlyCollection<Lease> All => _leases.Values;

    public Lease? Find(AttemptId attempt) => _leases.GetValueOrDefault(attempt);

    /// <summary>Hands an attempt to a worker.</summary>
    public void Assign(WaitingOrder waiting, WorkerLink worker, TimeSpan now)
    {
        var order = waiting.Order!;
        var id = NextId();
        var lease = new Lease(
            id, order.Attempt, waiting.WorkflowId, waiting.Workflow, worker, ExpiryAfter(LargeInput.LongestRun(order), now))
        { Since = now };
        _leases.Add(order.Attempt, lease);
        worker.Enqueue(lease, new Assignment(id, waiting.WorkflowId, order, waiting.Workflow));
    }

    /// <summary>Takes up a lease that a former queue has given.</summary>
    public void Adopt(HeldLease held, IActorRef workflow, WorkerLink worker, TimeSpan now)
    {
        var lease = new Lease(held.Lease, held.Attempt, held.WorkflowId, workflow, worker, ExpiryAfter(held.Remaining, now)) { Ended = held.Ended };
        _leases.Add(held.Attempt, lease);
        worker.Leases.Add(held.Attempt, lease);
    }

    /// <summary>A host has come back under a new epoch: what it does not say to hold now, it has lost.</summary>
    public void Inherit(WorkerLink former, WorkerLink heir)
    {
        foreach (var lease in former.Leases.Values)
        {
            var inherited = new Lease(lease.Id, lease.Attempt, lease.WorkflowId, lease.Workflow, heir, lease.Expires) { Inherited = true, Missing = 1 };
            _leases[lease.Attempt] = inherited;
            heir.Leases.Add(lease.Attempt, inherited);
        }
    }

    /// <summary>The worker says that these leases are over.</summary>
    public void Settle(WorkerLink worker, ImmutableArray<SettledLease> settled)
    {
        foreach (var over in settled)
        {
            if (worker.Leases.TryGetValue(over.Attempt, out var lease) && lease.Id == over.Lease)
            {
                Drop(lease);
            }
        }
    }

    /// <summary>Nobody counts on the lease any more.</summary>
    public void Drop(Lease lease)
    {
        _leases.Remove(lease.Attempt);
        lease.Worker.Leases.Remove(lease.Attempt);
    }

    /// <summary>The attempt is taken for lost.</summary>
    public void Lose(Lease lease, TimeSpan now)
    {
        Drop(lease);
        reports.Report(new(lease.WorkflowId, lease.Attempt, lease.Id, TaskOutcome.Lost.Instance), lease.Workflow, now);
    }

    /// <summary>Takes those for lost that were held for too long, whatever their workers say.</summary>
    /// <returns>Them.</returns>
    public IReadOnlyList<Lease> LoseOverdue(TimeSpan now)
    {
        List<Lease>? overdue = null;
        foreach (var lease in _leases.Values)
        {
            if (!lease.Ended && lease.Expires <= now)
            {
                (overdue ??= []).Add(lease);
                Cancel(lease, revoked: true);
                Lose(lease, now);
            }
        }

        return overdue ?? [];
    }

    /// <summary>Has the worker stop an attempt.</summary>
    /// <param name="lease">Its lease.</param>
    /// <param name="revoked">Whether nobody counts on the lease any more; otherwise the run has withdrawn the attempt.</param>
    public void Cancel(Lease lease, bool revoked) =>
        lease.Worker.Host.Tell(new CancelAttempt(queue.Name, queue.Epoch, lease.Worker.Epoch, lease.Attempt, lease.Id, revoked), queue.Self);

    private TimeSpan ExpiryAfter(TimeSpan remaining, TimeSpan now) =>
        now + (remaining < LongestRun ? remaining : LongestRun) + options.Grace + options.Backstop;
}

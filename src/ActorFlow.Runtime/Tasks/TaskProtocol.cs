using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks;

/// <summary>
/// Where a worker host stands with one queue. Sent with every message to it; the queue drops one that is older than the last.
/// </summary>
/// <param name="Queue">The queue.</param>
/// <param name="Node">The worker node's name, the same over all of its host's incarnations.</param>
/// <param name="HostEpoch">The host's incarnation; a greater one replaces those before.</param>
/// <param name="Sequence">Counts this incarnation's messages to the queue, from 1.</param>
/// <param name="QueueEpoch">The newest incarnation of the queue that the host has heard of; 0 for none. It obeys no older one.</param>
/// <param name="Seen">The newest lease number of that incarnation that the host has heard of.</param>
/// <param name="Free">How many more attempts it can run at once, not counting leases after <paramref name="Seen"/>.</param>
/// <param name="Settled">
/// The leases that have ended, and whose reports were acknowledged, since the message before; to a new queue also the recent successes.
/// </param>
internal sealed record HostState(
    string Queue,
    string Node,
    long HostEpoch,
    long Sequence,
    long QueueEpoch,
    long Seen,
    int Free,
    ImmutableArray<SettledLease> Settled);

/// <summary>A lease that is over: its report was acknowledged.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Succeeded">Whether the attempt succeeded, so that a late repeat of its offer is not run again.</param>
internal readonly record struct SettledLease(LeaseId Lease, AttemptId Attempt, bool Succeeded);

/// <summary>
/// A worker host asks for work and says everything it holds: at least every 5 seconds, and when a queue asks for it. Goes through
/// the shard region until the queue has answered.
/// </summary>
/// <param name="State">Where the host stands.</param>
/// <param name="Handlers">The handlers it offers.</param>
/// <param name="Held">Every lease of this queue that runs here, or whose report was not acknowledged yet.</param>
/// <param name="Host">The host; the queue watches it.</param>
internal sealed record WorkerInventory(
    HostState State, ImmutableArray<string> Handlers, ImmutableArray<HeldLease> Held, IActorRef Host) : ITaskQueueMessage
{
    /// <inheritdoc/>
    public string Queue => State.Queue;
}

/// <summary>A worker host's slots or leases have changed. Sent in batches, straight to the queue.</summary>
/// <param name="State">Where the host stands.</param>
internal sealed record SlotsChanged(HostState State) : ITaskQueueMessage
{
    /// <inheritdoc/>
    public string Queue => State.Queue;
}

/// <summary>One lease in a worker host's inventory.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="WorkflowId">The run.</param>
/// <param name="Workflow">The run's actor, as the host knows it.</param>
/// <param name="Ended">Whether the attempt has ended and only the acknowledgement of its report is missing.</param>
/// <param name="Remaining">How long the attempt may still run; before its handler has started, with the time that getting its input may take.</param>
internal sealed record HeldLease(
    LeaseId Lease, AttemptId Attempt, string WorkflowId, IActorRef Workflow, bool Ended, TimeSpan Remaining);

/// <summary>The queue has taken note of a <see cref="WorkerInventory"/>.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="QueueEpoch">The queue's incarnation.</param>
/// <param name="HostEpoch">Whom it is for; another incarnation ignores it.</param>
/// <param name="Newest">The number of the newest lease handed to this host; a host that has not seen it has missed a <see cref="AssignAttempts"/>.</param>
internal sealed record InventoryAcknowledged(string Queue, long QueueEpoch, long HostEpoch, long Newest);

/// <summary>A queue asks a worker host for a <see cref="WorkerInventory"/>: it is new, or does not know the host.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="QueueEpoch">The queue's incarnation; from now on the host obeys no older one.</param>
internal sealed record InventoryRequest(string Queue, long QueueEpoch);

/// <summary>A queue hands attempts to a worker host.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="QueueEpoch">The queue's incarnation.</param>
/// <param name="HostEpoch">Whom it is for; another incarnation ignores it.</param>
/// <param name="Assignments">The attempts, in the order in which they were leased.</param>
internal sealed record AssignAttempts(string Queue, long QueueEpoch, long HostEpoch, ImmutableArray<Assignment> Assignments);

/// <summary>One attempt in a worker's hands.</summary>
/// <param name="Lease">The lease; its epoch is that of the queue.</param>
/// <param name="WorkflowId">The run.</param>
/// <param name="Order">What to run.</param>
/// <param name="Workflow">The run's actor: the first report goes straight to it.</param>
internal sealed record Assignment(LeaseId Lease, string WorkflowId, TaskOrder Order, IActorRef Workflow);

/// <summary>A queue wants an attempt to end.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="QueueEpoch">The queue's incarnation.</param>
/// <param name="HostEpoch">Whom it is for; another incarnation ignores it.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Lease">Its lease.</param>
/// <param name="Revoked">
/// The queue counts on the lease no more (another worker holds the attempt, or it was taken for lost), and the attempt is given
/// back; otherwise its run has withdrawn it.
/// </param>
internal sealed record CancelAttempt(
    string Queue, long QueueEpoch, long HostEpoch, AttemptId Attempt, LeaseId Lease, bool Revoked);

/// <summary>The run has offered an attempt again that has ended on this worker: its report is due now, to this reference.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="QueueEpoch">The queue's incarnation.</param>
/// <param name="HostEpoch">Whom it is for; another incarnation ignores it.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Workflow">The run's actor.</param>
internal sealed record ReportAgain(string Queue, long QueueEpoch, long HostEpoch, AttemptId Attempt, IActorRef Workflow);

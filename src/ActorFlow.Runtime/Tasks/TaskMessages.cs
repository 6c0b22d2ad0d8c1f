using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Explaining;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks;

/// <summary>A message to one task queue; sharding routes by it.</summary>
internal interface ITaskQueueMessage
{
    /// <summary>The queue's name.</summary>
    string Queue { get; }
}

/// <summary>
/// A run offers attempts. An attempt that the queue already holds, or knows to be leased, is a no-op: offers are repeated
/// freely, and that is also how a run asks whether the queue still knows its attempts.
/// </summary>
/// <param name="Queue">The queue.</param>
/// <param name="WorkflowId">The run that offers.</param>
/// <param name="FairnessKey">Runs of one key share the queue fairly with those of another; the definition's name.</param>
/// <param name="Orders">The attempts.</param>
/// <param name="Workflow">The run's actor: the first report goes straight to it.</param>
internal sealed record Offer(
    string Queue, string WorkflowId, string FairnessKey, ImmutableArray<TaskOrder> Orders, IActorRef Workflow) : ITaskQueueMessage
{
    /// <summary>
    /// The incarnation of the queue that the run knows and watches; 0: none. That one may answer by <see cref="AttemptsLeased"/> alone
    /// if all that was offered goes straight to workers, or runs already.
    /// </summary>
    public long KnownEpoch { get; init; }
}

/// <summary>
/// The queue's answer to an <see cref="Offer"/>, unless <see cref="AttemptsLeased"/> says it all. The run watches the sender; an epoch it does not know means a new queue, which
/// has forgotten whatever the former was offered.
/// </summary>
/// <param name="Queue">The queue.</param>
/// <param name="Epoch">The queue's incarnation.</param>
/// <param name="Accepted">What it holds now, or held already.</param>
/// <param name="Deferred">What it has no room for; it remembers the run, and sends <see cref="OfferGranted"/> when it has.</param>
internal sealed record OfferAcknowledged(
    string Queue, long Epoch, ImmutableArray<AttemptId> Accepted, ImmutableArray<AttemptId> Deferred);

/// <summary>A queue that was full has room: the run may offer up to <paramref name="Count"/> of what was deferred.</summary>
internal sealed record OfferGranted(string Queue, long Epoch, string WorkflowId, int Count) : IWorkflowMessage;

/// <summary>Attempts left the queue for a worker: the run may top up what it has offered. May be all the answer that an <see cref="Offer"/> gets.</summary>
internal sealed record AttemptsLeased(string Queue, long Epoch, string WorkflowId, ImmutableArray<AttemptId> Attempts) : IWorkflowMessage;

/// <summary>
/// Which handlers a run's attempts wait for that no worker offers. Sent once it is so, and when it changes; for people only.
/// </summary>
/// <param name="Queue">The queue.</param>
/// <param name="Epoch">The queue's incarnation.</param>
/// <param name="WorkflowId">The run.</param>
/// <param name="Handlers">The names of the handlers, sorted; empty means that every one is offered by now.</param>
internal sealed record HandlersMissing(string Queue, long Epoch, string WorkflowId, ImmutableArray<string> Handlers);

/// <summary>Asks where attempts stand; answered by <see cref="AttemptPlaces"/>, for people only.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Attempts">The attempts.</param>
internal sealed record LocateAttempts(string Queue, ImmutableArray<AttemptId> Attempts) : ITaskQueueMessage;

/// <summary>The answer to <see cref="LocateAttempts"/>.</summary>
/// <param name="Load">What the queue does.</param>
/// <param name="Places">Where the attempts stand that the queue knows; of the others it will hear, or they have ended.</param>
internal sealed record AttemptPlaces(QueueLoad Load, ImmutableArray<AttemptPlace> Places);

/// <summary>
/// A run takes attempts back, repeatedly, until each has ended with a <see cref="WorkflowCommand.Report"/>: one that waits, or that
/// nobody knows, ends as cancelled; one that runs is cancelled on its worker and ends as its handler does.
/// </summary>
internal sealed record Withdraw(string Queue, string WorkflowId, ImmutableArray<AttemptId> Attempts, IActorRef Workflow) : ITaskQueueMessage;

/// <summary>
/// The run's answer to <see cref="Workflows.WorkflowQuery.FetchInput"/>: what the attempt starts with.
/// </summary>
/// <param name="WorkflowId">The run.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Lease">Its lease.</param>
/// <param name="Input">The evaluated <c>with</c>, secrets left out; null means that the attempt is obsolete and must not start.</param>
internal sealed record AttemptInput(string WorkflowId, AttemptId Attempt, LeaseId Lease, Payload? Input);

/// <summary>
/// The run has taken note of a report, durably, or has no use for it (closed, purged, unknown, or another attempt's). Until it
/// comes, the worker keeps the result and repeats the report through the shard region.
/// </summary>
internal sealed record ReportAcknowledged(string WorkflowId, AttemptId Attempt, LeaseId Lease);

using ActorFlow.Core.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>One lease of an attempt, as the queue knows it.</summary>
internal sealed class Lease(LeaseId id, AttemptId attempt, string workflowId, IActorRef workflow, WorkerLink worker, TimeSpan expires)
{
    public LeaseId Id { get; } = id;

    public AttemptId Attempt { get; } = attempt;

    public string WorkflowId { get; } = workflowId;

    public IActorRef Workflow { get; set; } = workflow;

    public WorkerLink Worker { get; } = worker;

    /// <summary>When it is taken for lost, whatever its worker says, on the queue's clock.</summary>
    public TimeSpan Expires { get; } = expires;

    /// <summary>When this queue handed it out, on its clock; null means that a former queue, or a former incarnation of the worker's host, was involved.</summary>
    public TimeSpan? Since { get; init; }

    /// <summary>The attempt has ended on the worker; only the acknowledgement of its report is missing.</summary>
    public bool Ended { get; set; }

    /// <summary>Handed to a former incarnation of the worker's host.</summary>
    public bool Inherited { get; init; }

    /// <summary>How many inventories in a row did not have it that ought to.</summary>
    public int Missing { get; set; }
}

using ActorFlow.Core.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Index;

/// <summary>
/// A run sends its row to the <see cref="IndexWriter"/> of its node. It is repeated every 5 s until it is acknowledged, so that losing it
/// does no harm. It never leaves the node.
/// </summary>
/// <param name="Row">The run's row.</param>
internal sealed record IndexRowChanged(WorkflowIndexRow Row) : INoSerializationVerificationNeeded;

/// <summary>The row is in the index, or a newer one is: rows up to this number need no repeat.</summary>
/// <param name="WorkflowId">The id of the run.</param>
/// <param name="Sequence">The highest number that the run had sent.</param>
internal sealed record IndexRowWritten(string WorkflowId, long Sequence) : INoSerializationVerificationNeeded;

/// <summary>
/// The retention time of a run has passed, and it may owe something to others: once it does not, its actor tells the index and
/// leaves memory, and it is purged (<see cref="IRunPurge"/>). It does not affect an open run, or another run of that id. No sender waits
/// for an answer: runs that are left are found again.
/// </summary>
/// <param name="WorkflowId">The id of the run.</param>
/// <param name="RunId">The run.</param>
internal sealed record PurgeRun(string WorkflowId, Guid RunId) : IWorkflowMessage;

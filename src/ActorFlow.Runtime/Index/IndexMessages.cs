using ActorFlow.Core.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Index;

/// <summary>
/// A run tells the <see cref="IndexWriter"/> of its node where it stands. Repeated every 5 s until acknowledged: whoever forgets it in
/// between does no harm. Never leaves the node.
/// </summary>
/// <param name="Row">The run's row.</param>
public sealed record IndexRowChanged(WorkflowIndexRow Row) : INoSerializationVerificationNeeded;

/// <summary>The row is in the index, or a newer one is: this number, and every lower one, needs no repeating.</summary>
/// <param name="WorkflowId">The id of the run.</param>
/// <param name="Sequence">The highest number that the run had sent.</param>
public sealed record IndexRowWritten(string WorkflowId, long Sequence) : INoSerializationVerificationNeeded;

/// <summary>
/// The retention time of a run has passed, and it may owe something to others: once it does not, its actor says so to the index and
/// leaves memory, and it is purged (<see cref="IRunPurge"/>). A run that is open, or another than this, changes nothing. Nobody waits
/// for an answer: what is left is found again.
/// </summary>
/// <param name="WorkflowId">The id of the run.</param>
/// <param name="RunId">The run.</param>
public sealed record PurgeRun(string WorkflowId, Guid RunId) : IWorkflowMessage;

using System.Collections.Immutable;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Runtime.Checkpoints;

/// <summary>What is stored as the snapshot of a run.</summary>
/// <param name="Sequence">
/// The sequence number of the journal row after which it was taken, 1 or more. A snapshot that is stored under another number is ignored.
/// </param>
/// <param name="Named">The named checkpoints of the run up to here, oldest first.</param>
/// <param name="State">The state of the run after that row.</param>
internal sealed record WorkflowCheckpoint(long Sequence, ImmutableArray<NamedCheckpoint> Named, RunImage State);

/// <summary>A checkpoint that was requested by name: it is kept as long as its run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Sequence">The sequence number of the journal row after which it was taken.</param>
/// <param name="At">When it was taken.</param>
internal sealed record NamedCheckpoint(string Name, long Sequence, DateTimeOffset At);

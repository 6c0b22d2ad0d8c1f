using System.Collections.Immutable;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Runtime.Wire;

/// <summary>
/// One row of a run's journal: the commits of all commands that were decided between two writes. One row is one atomic write.
/// </summary>
internal sealed record CommitBatch(ImmutableArray<WorkflowCommit> Commits)
{
    /// <inheritdoc/>
    public bool Equals(CommitBatch? other) => other is not null && Commits.SequenceEqual(other.Commits);

    /// <inheritdoc/>
    public override int GetHashCode() => Commits.Length;
}

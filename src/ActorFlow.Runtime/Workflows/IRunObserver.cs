using System.Collections.Immutable;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Runtime.Workflows;

/// <summary>
/// Sees what the runs of this node have recorded, for a progress display, say. Called from their actors: must be quick and must
/// not block. What it throws is logged and forgotten.
/// </summary>
public interface IRunObserver
{
    /// <summary>Commits are durable.</summary>
    /// <param name="workflowId">The run.</param>
    /// <param name="commits">What was recorded.</param>
    /// <param name="progress">How far the run is; once it has ended, how far it got.</param>
    void Recorded(string workflowId, ImmutableArray<WorkflowCommit> commits, RunProgress progress);

    /// <summary>A run was read back from its journal.</summary>
    /// <param name="workflowId">The run.</param>
    /// <param name="progress">How far it is.</param>
    void Recovered(string workflowId, RunProgress progress);
}

/// <summary>Sees nothing.</summary>
public sealed class NoRunObserver : IRunObserver
{
    /// <inheritdoc/>
    public void Recorded(string workflowId, ImmutableArray<WorkflowCommit> commits, RunProgress progress)
    {
    }

    /// <inheritdoc/>
    public void Recovered(string workflowId, RunProgress progress)
    {
    }
}

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

    /// <summary>Commits are durable; the run as they left it is told as well. Unless it is wanted, <see cref="Recorded(string, ImmutableArray{WorkflowCommit}, RunProgress)"/> is told.</summary>
    /// <param name="workflowId">The run.</param>
    /// <param name="commits">What was recorded.</param>
    /// <param name="progress">How far the run is; once it has ended, how far it got.</param>
    /// <param name="state">The run.</param>
    void Recorded(string workflowId, ImmutableArray<WorkflowCommit> commits, RunProgress progress, WorkflowState state) =>
        Recorded(workflowId, commits, progress);

    /// <summary>A run was read back from its journal, and is told as well. Unless it is wanted, <see cref="Recovered(string, RunProgress)"/> is told.</summary>
    /// <param name="workflowId">The run.</param>
    /// <param name="progress">How far it is.</param>
    /// <param name="state">The run.</param>
    void Recovered(string workflowId, RunProgress progress, WorkflowState state) => Recovered(workflowId, progress);
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

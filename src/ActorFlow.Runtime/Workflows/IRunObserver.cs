using System.Collections.Immutable;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Runtime.Workflows;

/// <summary>
/// Observes what the runs of this node record, for example for a progress display. It is called from their actors, and must be quick and must
/// not block. Its exceptions are logged and ignored.
/// </summary>
internal interface IRunObserver
{
    /// <summary>Called when commits are durable.</summary>
    /// <param name="workflowId">The id of the run.</param>
    /// <param name="commits">The commits.</param>
    /// <param name="progress">The progress of the run; for a closed run, its progress at the end.</param>
    void Recorded(string workflowId, ImmutableArray<WorkflowCommit> commits, RunProgress progress);

    /// <summary>Called when a run was recovered from its journal.</summary>
    /// <param name="workflowId">The id of the run.</param>
    /// <param name="progress">The progress of the run.</param>
    void Recovered(string workflowId, RunProgress progress);

    /// <summary>Called when commits are durable, with the state after them. The default calls <see cref="Recorded(string, ImmutableArray{WorkflowCommit}, RunProgress)"/>.</summary>
    /// <param name="workflowId">The id of the run.</param>
    /// <param name="commits">The commits.</param>
    /// <param name="progress">The progress of the run; for a closed run, its progress at the end.</param>
    /// <param name="state">The state of the run.</param>
    void Recorded(string workflowId, ImmutableArray<WorkflowCommit> commits, RunProgress progress, WorkflowState state) =>
        Recorded(workflowId, commits, progress);

    /// <summary>Called when a run was recovered from its journal, with its state. The default calls <see cref="Recovered(string, RunProgress)"/>.</summary>
    /// <param name="workflowId">The id of the run.</param>
    /// <param name="progress">The progress of the run.</param>
    /// <param name="state">The state of the run.</param>
    void Recovered(string workflowId, RunProgress progress, WorkflowState state) => Recovered(workflowId, progress);
}

/// <summary>An observer that does nothing.</summary>
internal sealed class NoRunObserver : IRunObserver
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

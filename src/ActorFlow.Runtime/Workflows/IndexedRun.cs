using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Index;

namespace ActorFlow.Runtime.Workflows;

/// <summary>Makes the index row of a run.</summary>
internal static class IndexedRun
{
    /// <summary>The status that the list of runs shows.</summary>
    public static WorkflowStatus StatusOf(WorkflowState.Open run, bool isParkable) =>
        run.IsPaused ? WorkflowStatus.Paused : isParkable ? WorkflowStatus.Waiting : WorkflowStatus.Running;

    /// <summary>Makes the row of an open run.</summary>
    /// <param name="workflowId">The id of the run.</param>
    /// <param name="run">The state of the run.</param>
    /// <param name="sequence">The number of the last row of its journal.</param>
    /// <param name="isParkable">Whether it only waits.</param>
    public static WorkflowIndexRow RowOf(string workflowId, WorkflowState.Open run, long sequence, bool isParkable) => new(
        workflowId, run.RunId, sequence, run.Definition.Name, run.Definition.Version, StatusOf(run, isParkable), run.StartedAt, run.UpdatedAt)
    {
        Parent = run.Parent?.WorkflowId,
        Tags = run.Tags,
        WakeAt = isParkable ? run.NextDue : null,
    };

    /// <summary>Makes the row of a run that has ended.</summary>
    /// <param name="workflowId">The id of the run.</param>
    /// <param name="run">The state of the run.</param>
    /// <param name="sequence">The number of the last row of its journal.</param>
    public static WorkflowIndexRow RowOf(string workflowId, WorkflowState.Closed run, long sequence) => new(
        workflowId, run.RunId, sequence, run.Definition.Name, run.Definition.Version, run.Outcome.ToStatus(), run.StartedAt, run.ClosedAt)
    {
        Parent = run.Parent?.WorkflowId,
        Tags = run.Tags,
        Closed = run.ClosedAt,
        Owes = (run.Parent is null ? RunDebts.None : RunDebts.Report) | (run.LeftChildren.Any() ? RunDebts.Children : RunDebts.None),
        Failure = run.Error is { } error ? IndexedFailure.Of(error.Type, error.Message) : null,
    };
}

using System.Collections.Immutable;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Workflows;

/// <summary>
/// The children with <c>parent-close: abandon</c> that a run requested and left, found in its journal. No event records whether they
/// began, so the recovery of the run starts them again. A repeated start changes nothing.
/// </summary>
internal sealed class AbandonedChildren
{
    private Dictionary<TaskExecutionId, (ChildOrder Order, DateTimeOffset AskedAt)>? _asked;

    /// <summary>The children that the run has left.</summary>
    /// <param name="state">The state that the journal leads to.</param>
    /// <param name="askedSince">Children requested before this time are left out: one may have ended and been purged, and would begin again.</param>
    public ImmutableArray<ChildOrder> LeftBy(WorkflowState state, DateTimeOffset askedSince) => _asked is null
        ? []
        : [.. _asked.Where(asked => asked.Value.AskedAt > askedSince && !IsAwaited(state, asked.Key)).Select(asked => asked.Value.Order)];

    /// <summary>Whether the run left the child of that attempt: it does not know how the child ended and does not wait for its end.</summary>
    /// <param name="state">The state that the journal leads to.</param>
    /// <param name="attempt">The attempt that requested the child.</param>
    public bool HasLeft(WorkflowState state, AttemptId attempt) =>
        _asked is not null && _asked.TryGetValue(attempt.Execution, out var asked) && asked.Order.Attempt == attempt && !IsAwaited(state, attempt.Execution);

    internal void See(RunState run, WorkflowEvent @event, DateTimeOffset at)
    {
        switch (@event)
        {
            case WorkflowEvent.Started:
                _asked = null;
                AskAnew(run, at);
                break;
            case WorkflowEvent.Rewound:
                AskAnew(run, at);
                break;
            case WorkflowEvent.ChildRequested { Execution: var execution }:
                Ask(run, execution, at);
                break;
            case WorkflowEvent.ChildResolved { Execution: var execution }:
                Ask(run, execution, at);
                break;
            case WorkflowEvent.TaskExecutionCompleted { Execution: var execution }:
                _asked?.Remove(execution);
                break;
            case WorkflowEvent.TaskExecutionFailed { Execution: var execution }:
                _asked?.Remove(execution);
                break;
            default:
                break;
        }
    }

    /// <summary>Requests the children of an image that a run begins from or is taken back to: no event of the run records them.</summary>
    private void AskAnew(RunState run, DateTimeOffset at)
    {
        foreach (var execution in run.Children)
        {
            Ask(run, execution, at);
        }
    }

    private void Ask(RunState run, TaskExecutionId execution, DateTimeOffset at)
    {
        if (run.ChildFor(execution) is { Outlives: true, Close: null } order)
        {
            (_asked ??= [])[execution] = (order, at);
        }
    }

    private static bool IsAwaited(WorkflowState state, TaskExecutionId execution) => state is WorkflowState.Open open && open.ChildFor(execution) is not null;
}

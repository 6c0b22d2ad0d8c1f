using System.Collections.Immutable;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Workflows;

/// <summary>
/// The children with <c>parent-close: abandon</c> that a run asked for and left, as its journal tells: whether they began is nowhere
/// recorded, and who recovers the run starts them again. A start that is repeated changes nothing.
/// </summary>
public sealed class AbandonedChildren
{
    private Dictionary<TaskExecutionId, (ChildOrder Order, DateTimeOffset AskedAt)>? _asked;

    /// <summary>Those that the run has left.</summary>
    /// <param name="state">Where the journal led to.</param>
    /// <param name="askedSince">Which are too old: one of before that time may have ended, been purged, and begin again.</param>
    public ImmutableArray<ChildOrder> LeftBy(WorkflowState state, DateTimeOffset askedSince) => _asked is null
        ? []
        : [.. _asked.Where(asked => asked.Value.AskedAt > askedSince && !IsAwaited(state, asked.Key)).Select(asked => asked.Value.Order)];

    internal void See(RunState run, WorkflowEvent @event, DateTimeOffset at)
    {
        switch (@event)
        {
            case WorkflowEvent.Started:
                _asked = null;
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

    private void Ask(RunState run, TaskExecutionId execution, DateTimeOffset at)
    {
        if (run.ChildFor(execution) is { Outlives: true, Close: null } order)
        {
            (_asked ??= [])[execution] = (order, at);
        }
    }

    private static bool IsAwaited(WorkflowState state, TaskExecutionId execution) => state is WorkflowState.Open open && open.ChildFor(execution) is not null;
}

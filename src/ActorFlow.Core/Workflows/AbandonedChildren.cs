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

    /// <summary>Whether the run left the child of that attempt to itself: it has not heard how the child ended, and never will.</summary>
    /// <param name="state">Where the journal led to.</param>
    /// <param name="attempt">The attempt that asked for the child.</param>
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

    /// <summary>A run that begins or goes on from an image asks for what that waits for, and no event of its own says so.</summary>
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

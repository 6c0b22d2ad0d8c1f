using System.Collections.Immutable;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Workflows;

/// <summary>
/// The children with <c>parent-close: abandon</c> that a run asked for and left, as its journal tells: whether they began is nowhere
/// recorded, and who recovers the run starts them again. A start that is repeated changes nothing.
/// </summary>
public sealed class AbandonedChildren
{
    private Dictionary<BodyId, (ChildOrder Order, DateTimeOffset AskedAt)>? _asked;

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
            case WorkflowEvent.ChildRequested { Body: var body }:
                Ask(run, body, at);
                break;
            case WorkflowEvent.ChildResolved { Body: var body }:
                Ask(run, body, at);
                break;
            case WorkflowEvent.BodyCompleted { Body: var body }:
                _asked?.Remove(body);
                break;
            case WorkflowEvent.BodyFailed { Body: var body }:
                _asked?.Remove(body);
                break;
            default:
                break;
        }
    }

    private void Ask(RunState run, BodyId body, DateTimeOffset at)
    {
        if (run.ChildFor(body) is { Outlives: true, Close: null } order)
        {
            (_asked ??= [])[body] = (order, at);
        }
    }

    private static bool IsAwaited(WorkflowState state, BodyId body) => state is WorkflowState.Open open && open.ChildFor(body) is not null;
}

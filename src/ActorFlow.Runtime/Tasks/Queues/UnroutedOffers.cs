using ActorFlow.Core.Workflows;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>
/// Attempts beyond the bound that wait for a worker that offers their handler: only counted, per run. They are let in when the
/// first worker offers it.
/// </summary>
internal sealed class UnroutedOffers
{
    private readonly Dictionary<string, Dictionary<string, Counted>> _handlers = [];

    /// <summary>Counts an attempt.</summary>
    public void Track(TaskOrder order, Offer offer)
    {
        if (!_handlers.TryGetValue(order.Handler, out var runs))
        {
            _handlers.Add(order.Handler, runs = []);
        }

        runs[offer.WorkflowId] = runs.TryGetValue(offer.WorkflowId, out var before)
            ? before with { Count = before.Count + 1, Oldest = before.Oldest < order.ReadyAt ? before.Oldest : order.ReadyAt }
            : new(offer.FairnessKey, 1, order.ReadyAt);
    }

    /// <summary>A worker offers the handler: its attempts are now as welcome as any that was turned away.</summary>
    public void Release(string handler, DeferredOffers deferred)
    {
        if (_handlers.Remove(handler, out var runs))
        {
            foreach (var (workflowId, run) in runs)
            {
                deferred.Defer(workflowId, run.FairnessKey, run.Oldest, run.Count);
            }
        }
    }

    private readonly record struct Counted(string FairnessKey, int Count, DateTimeOffset Oldest);
}

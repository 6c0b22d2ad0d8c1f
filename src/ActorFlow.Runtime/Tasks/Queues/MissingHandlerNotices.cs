using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>Runs are told of handlers that no worker offers, so that their status can say what they wait for.</summary>
internal sealed class MissingHandlerNotices(QueueIncarnation queue, ILoggingAdapter log)
{
    private readonly Dictionary<string, (IActorRef Workflow, ImmutableArray<string> Handlers)> _told = [];
    private readonly MissingHandlerLog _log = new(queue.Name, log);

    /// <summary>Tells every run for which something has changed.</summary>
    public void Notify(WaitingOrders waiting, TimeSpan now)
    {
        if (waiting.Unroutable == 0 && _told.Count == 0)
        {
            return;
        }

        _log.Report(waiting.Unrouted(), now);
        var missing = new Dictionary<string, (IActorRef Workflow, SortedSet<string> Handlers)>();
        foreach (var order in waiting.Unrouted())
        {
            missing.TryAdd(order.WorkflowId, (order.Workflow, new(StringComparer.Ordinal)));
            missing[order.WorkflowId].Handlers.Add(order.Order!.Handler);
        }

        foreach (var (workflowId, (workflow, handlers)) in missing)
        {
            if (!_told.TryGetValue(workflowId, out var told) || !handlers.SetEquals(told.Handlers))
            {
                Notify(workflowId, workflow, [.. handlers]);
            }
        }

        foreach (var (workflowId, told) in _told)
        {
            if (!missing.ContainsKey(workflowId))
            {
                Notify(workflowId, told.Workflow, []);
                _told.Remove(workflowId);
            }
        }
    }

    /// <summary>A run that offers again may have recovered, or missed what it was told: it is told once more.</summary>
    public void NotifyAgain(string workflowId, IActorRef workflow)
    {
        if (_told.ContainsKey(workflowId))
        {
            _told[workflowId] = (workflow, []);
        }
    }

    private void Notify(string workflowId, IActorRef workflow, ImmutableArray<string> handlers)
    {
        _told[workflowId] = (workflow, handlers);
        workflow.Tell(new HandlersMissing(queue.Name, queue.Epoch, workflowId, handlers), queue.Self);
    }
}

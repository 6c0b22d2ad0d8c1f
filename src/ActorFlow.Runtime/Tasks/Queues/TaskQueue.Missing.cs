using System.Collections.Immutable;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>Runs are told of handlers that no worker offers, so that their status can say what they wait for.</summary>
public sealed partial class TaskQueue
{
    private readonly Dictionary<string, (IActorRef Workflow, ImmutableArray<string> Handlers)> _toldMissing = [];
    private readonly MissingHandlerLog _missingLog;

    private void TellMissing()
    {
        if (_takingStock || (_waiting.Unroutable == 0 && _toldMissing.Count == 0))
        {
            return;
        }

        _missingLog.Note(_waiting.Unrouted(), _clock.Now);
        var missing = new Dictionary<string, (IActorRef Workflow, SortedSet<string> Handlers)>();
        foreach (var order in _waiting.Unrouted())
        {
            missing.TryAdd(order.WorkflowId, (order.Workflow, new(StringComparer.Ordinal)));
            missing[order.WorkflowId].Handlers.Add(order.Order!.Handler);
        }

        foreach (var (workflowId, (workflow, handlers)) in missing)
        {
            if (!_toldMissing.TryGetValue(workflowId, out var told) || !handlers.SetEquals(told.Handlers))
            {
                TellMissing(workflowId, workflow, [.. handlers]);
            }
        }

        foreach (var (workflowId, told) in _toldMissing)
        {
            if (!missing.ContainsKey(workflowId))
            {
                TellMissing(workflowId, told.Workflow, []);
                _toldMissing.Remove(workflowId);
            }
        }
    }

    private void TellMissing(string workflowId, IActorRef workflow, ImmutableArray<string> handlers)
    {
        _toldMissing[workflowId] = (workflow, handlers);
        workflow.Tell(new HandlersMissing(_name, _epoch, workflowId, handlers), Self);
    }

    /// <summary>A run that offers again may have recovered, or missed what it was told: it is told once more.</summary>
    private void TellMissingAgain(string workflowId, IActorRef workflow)
    {
        if (_toldMissing.ContainsKey(workflowId))
        {
            _toldMissing[workflowId] = (workflow, []);
        }
    }
}

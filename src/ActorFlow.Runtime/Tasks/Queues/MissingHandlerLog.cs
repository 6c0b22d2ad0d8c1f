using Akka.Event;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>
/// Warns of attempts that wait for a handler which no worker offers: a misspelt name, or a worker that was not started, looks like
/// patience otherwise. Once a minute for each handler, and not before a worker had time to come.
/// </summary>
internal sealed class MissingHandlerLog(string queue, ILoggingAdapter log)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, TimeSpan> _due = [];

    /// <summary>Logs what is due.</summary>
    /// <param name="unrouted">All that waits so.</param>
    /// <param name="now">A monotonic time.</param>
    public void Report(IEnumerable<WaitingOrder> unrouted, TimeSpan now)
    {
        var waiting = new Dictionary<string, (int Count, WaitingOrder First)>(StringComparer.Ordinal);
        foreach (var order in unrouted)
        {
            var handler = order.Order!.Handler;
            waiting[handler] = waiting.TryGetValue(handler, out var before) ? before with { Count = before.Count + 1 } : (1, order);
        }

        foreach (var handler in _due.Keys.Where(handler => !waiting.ContainsKey(handler)).ToList())
        {
            _due.Remove(handler);
        }

        foreach (var (handler, (count, first)) in waiting)
        {
            if (_due.TryAdd(handler, now + Patience) || now < _due[handler])
            {
                continue;
            }

            _due[handler] = now + Interval;
            log.Warning(
                "No worker of the queue '{0}' offers the handler '{1}': {2} attempts wait for it, among them task {3} of run {4}. "
                + "Register it on a worker of this queue with AddTask, or correct the name in the definition.",
                queue, handler, count, first.Order!.Path, first.WorkflowId);
        }
    }
}

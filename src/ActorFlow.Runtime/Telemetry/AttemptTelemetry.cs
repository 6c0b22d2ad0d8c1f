using System.Diagnostics;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;

namespace ActorFlow.Runtime.Telemetry;

/// <summary>
/// Measures one attempt on its worker. It is made where somebody listens, or where the run belongs to a trace, which then
/// reaches the handler and its HTTP calls even if nobody listens here.
/// </summary>
internal sealed class AttemptTelemetry
{
    private readonly WorkerNode _node;
    private readonly Activity? _span;
    private readonly TimeSpan _begun;
    private long _handlerEnded;

    private AttemptTelemetry(WorkerNode node, Activity? span) => (_node, _span, _begun) = (node, span, node.Now);

    /// <summary>Begins to measure, in the context in which the handler is about to be called.</summary>
    /// <returns>Null means that nobody listens, and that the run belongs to no trace.</returns>
    public static AttemptTelemetry? Begin(Assignment assignment, WorkerNode node)
    {
        var (order, metrics) = (assignment.Order, node.Metrics);
        var isTraced = order.Trace is not null || ActorFlowTelemetry.Source.HasListeners();
        if (!isTraced && !metrics.AttemptDuration.Enabled && !metrics.ScheduleToStart.Enabled)
        {
            return null;
        }

        try
        {
            if (metrics.ScheduleToStart.Enabled)
            {
                // The time it was ready is by the clock of its run's node.
                var waited = node.Time.GetUtcNow() - order.ReadyAt;
                metrics.ScheduleToStart.Record(Math.Max(0, waited.TotalSeconds), HandlerOf(order), QueueOf(order));
            }

            return new(node, isTraced ? SpanOf(assignment) : null);
        }
        catch (Exception)
        {
            // A listener threw: that must not fail the attempt.
            return null;
        }
    }

    /// <summary>Counts an attempt that has an outcome.</summary>
    /// <param name="order">The attempt.</param>
    /// <param name="outcome">Its outcome.</param>
    /// <param name="node">The worker.</param>
    /// <param name="telemetry">What measures the attempt; null means that its handler was not called, or that nobody listened then.</param>
    public static void End(TaskOrder order, TaskOutcome outcome, WorkerNode node, AttemptTelemetry? telemetry)
    {
        if (telemetry is null && !node.Metrics.Attempts.Enabled)
        {
            return;
        }

        try
        {
            Count(order, outcome, node.Metrics);
            telemetry?.End(order, outcome);
        }
        catch (Exception)
        {
            // A listener threw: that must not keep the report from being sent.
        }
    }

    /// <summary>Notes that the handler has ended; its outcome follows, from another thread.</summary>
    public void OnHandlerEnded()
    {
        // What follows in this context is the engine's, and belongs to no trace.
        Activity.Current = null;
        Volatile.Write(ref _handlerEnded, _node.Now.Ticks);
    }

    private void End(TaskOrder order, TaskOutcome outcome)
    {
        // A handler that was abandoned has not ended.
        var ended = Volatile.Read(ref _handlerEnded) is var ticks and not 0 ? new TimeSpan(ticks) : _node.Now;
        var took = ended > _begun ? ended - _begun : TimeSpan.Zero;
        _node.Metrics.AttemptDuration.Record(took.TotalSeconds, HandlerOf(order), QueueOf(order), new(TagNames.Outcome, NameOf(outcome)));
        if (_span is null)
        {
            return;
        }

        _span.SetTag(TagNames.Outcome, NameOf(outcome));
        if (outcome is TaskOutcome.Failed failed)
        {
            _span.SetTag(TagNames.ErrorType, failed.Type);
            _span.SetStatus(ActivityStatusCode.Error, failed.Message);
        }

        _span.SetEndTime(_span.StartTimeUtc + took);
        _span.Stop();
    }

    private static void Count(TaskOrder order, TaskOutcome outcome, NodeMetrics metrics)
    {
        var result = new KeyValuePair<string, object?>(TagNames.Outcome, NameOf(outcome));
        if (outcome is TaskOutcome.Failed failed)
        {
            metrics.Attempts.Add(1, HandlerOf(order), QueueOf(order), result, new(TagNames.ErrorType, failed.Type));
        }
        else
        {
            metrics.Attempts.Add(1, HandlerOf(order), QueueOf(order), result);
        }
    }

    private static Activity? SpanOf(Assignment assignment)
    {
        var order = assignment.Order;
        var parent = TraceContexts.ToParent(order.Trace);
        var span = ActorFlowTelemetry.Source.StartActivity(SpanNames.Attempt, ActivityKind.Consumer, parent);
        if (span is null)
        {
            return parent == default ? null : Unheard(parent);
        }

        span.DisplayName = $"attempt {order.Handler}";
        span.SetTag(TagNames.WorkflowId, assignment.WorkflowId);
        span.SetTag(TagNames.RunId, order.Attempt.RunId.ToString("n"));
        span.SetTag(TagNames.Task, order.Path);
        span.SetTag(TagNames.Attempt, order.Attempt.Number);
        span.SetTag(TagNames.Handler, order.Handler);
        span.SetTag(TagNames.Queue, order.Queue);
        return span;
    }

    /// <summary>An activity that nobody hears of: it only passes the trace on.</summary>
    private static Activity Unheard(ActivityContext parent) =>
        new Activity(SpanNames.Attempt) { TraceStateString = parent.TraceState }
            .SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags)
            .Start();

    private static KeyValuePair<string, object?> HandlerOf(TaskOrder order) => new(TagNames.Handler, order.Handler);

    private static KeyValuePair<string, object?> QueueOf(TaskOrder order) => new(TagNames.Queue, order.Queue);

    private static string NameOf(TaskOutcome outcome) => outcome switch
    {
        TaskOutcome.Succeeded => "succeeded",
        TaskOutcome.Failed => "failed",
        TaskOutcome.Cancelled => "cancelled",
        TaskOutcome.Abandoned => "abandoned",
        TaskOutcome.Released => "released",
        _ => "lost",
    };
}

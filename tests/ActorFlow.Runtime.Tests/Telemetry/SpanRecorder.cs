using System.Collections.Concurrent;
using System.Diagnostics;
using ActorFlow.Runtime.Telemetry;

namespace ActorFlow.Runtime.Tests.Telemetry;

/// <summary>Listens to the spans of all nodes in the process.</summary>
internal sealed class SpanRecorder : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<Activity> _ended = [];

    public SpanRecorder()
    {
        _listener = new()
        {
            ShouldListenTo = static source => source.Name == ActorFlowTelemetry.SourceName,
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The spans of one run, or of its start, in the order of their ends.</summary>
    public IReadOnlyList<Activity> Of(string workflowId, string name) =>
        [.. _ended.Where(span => span.OperationName == name && (string?)span.GetTagItem("actorflow.workflow.id") == workflowId)];

    public void Dispose() => _listener.Dispose();
}

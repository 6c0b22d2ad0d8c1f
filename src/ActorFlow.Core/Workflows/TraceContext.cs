namespace ActorFlow.Core.Workflows;

/// <summary>
/// The trace that a run belongs to, as the headers of W3C Trace Context hold it. The rules only pass it on: the run's children and
/// attempts belong to the same trace.
/// </summary>
/// <param name="Parent">The header <c>traceparent</c>.</param>
/// <param name="State">The header <c>tracestate</c>; null means that there is none.</param>
internal sealed record TraceContext(string Parent, string? State);

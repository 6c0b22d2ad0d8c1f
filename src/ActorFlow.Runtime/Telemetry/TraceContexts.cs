using System.Diagnostics;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Runtime.Telemetry;

/// <summary>The trace of a run, to and from what .NET knows of it.</summary>
internal static class TraceContexts
{
    /// <summary>The longest <c>tracestate</c> that is kept: more need not be passed on.</summary>
    private const int LongestState = 512;

    /// <summary>The trace of an activity; null means that it has none in the format of W3C.</summary>
    public static TraceContext? Of(Activity? activity) => activity is { IdFormat: ActivityIdFormat.W3C, Id: { } id }
        ? new(id, StateOf(activity.TraceStateString))
        : null;

    /// <summary>The parent of a run's spans; the default means that they have none.</summary>
    public static ActivityContext ToParent(TraceContext? trace) =>
        trace is not null && ActivityContext.TryParse(trace.Parent, trace.State, isRemote: true, out var parent) ? parent : default;

    /// <summary>A state that is no header value is left out: it would be refused wherever it is sent.</summary>
    private static string? StateOf(string? state) =>
        state is { Length: > 0 and <= LongestState } && !state.AsSpan().ContainsAnyExceptInRange(' ', '~') ? state : null;
}

using System.Diagnostics;

namespace ActorFlow.Runtime.Telemetry;

/// <summary>The names under which a node is observed. <c>docs/telemetry.md</c> lists every metric and span.</summary>
public static class ActorFlowTelemetry
{
    /// <summary>The name of the <see cref="ActivitySource"/> of all spans.</summary>
    public const string SourceName = "ActorFlow";

    /// <summary>The name of the <see cref="System.Diagnostics.Metrics.Meter"/> of all metrics.</summary>
    public const string MeterName = "ActorFlow";

    /// <summary>The version of the source and of the meter.</summary>
    internal static string? Version { get; } = typeof(ActorFlowTelemetry).Assembly.GetName().Version?.ToString(3);

    /// <summary>The source of all spans.</summary>
    internal static ActivitySource Source { get; } = new(SourceName, Version);
}

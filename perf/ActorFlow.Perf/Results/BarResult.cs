using System.Text.Json.Serialization;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Running;

namespace ActorFlow.Perf.Results;

/// <summary>A bar, and whether the median of its metric meets it.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Limit">The limit, in the metric's unit.</param>
/// <param name="AtLeast">Whether the limit is the least allowed rather than the most.</param>
/// <param name="Passed">Whether it is met.</param>
/// <param name="Message">The bar in words.</param>
internal sealed record BarResult(string Metric, double Limit, bool AtLeast, bool Passed, string Message)
{
    /// <summary><c>met</c> or <c>MISSED</c>.</summary>
    [JsonIgnore]
    public string Verdict => Passed ? "met" : "MISSED";

    /// <summary>Holds a metric against a bar.</summary>
    public static BarResult Judge(BarAttribute bar, MetricResult metric)
    {
        var atLeast = double.IsNaN(bar.AtMost);
        var limit = atLeast ? bar.AtLeast : bar.AtMost;
        var passed = atLeast ? metric.Median >= limit : metric.Median <= limit;
        return new(bar.Metric, limit, atLeast, passed, $"{(atLeast ? "≥" : "≤")} {Figure.Format(limit)} {metric.Unit}");
    }

    /// <summary>Whether it decides.</summary>
    /// <param name="spec">The spec that it belongs to.</param>
    /// <param name="quick">Whether only bars count that are steady on any machine.</param>
    public bool Counts(SpecResult spec, bool quick) => !quick || (spec.Metric(Metric) is { } metric && IsSteady(metric.Kind));

    /// <summary>Whether quick runs look at it: what is steady on any machine.</summary>
    public static bool IsSteady(MetricKind kind) => kind is MetricKind.Allocated or MetricKind.Count;
}

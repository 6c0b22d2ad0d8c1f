using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Results;
using ActorFlow.Perf.Running;

namespace ActorFlow.Perf.Tests;

/// <summary>Runs as they could have been measured.</summary>
internal static class Sample
{
    public static MetricResult Metric(string name, MetricKind kind, params double[] values) =>
        new(name, kind == MetricKind.Throughput ? "/s" : "ms", kind, kind == MetricKind.Throughput, values);

    public static SpecResult Spec(string id, params MetricResult[] metrics) =>
        new() { Id = id, Name = $"Specs+{id}", Description = $"about {id}", Metrics = metrics, WarmUpRounds = 3 };

    public static SpecResult With(this SpecResult spec, BarAttribute bar) =>
        spec with { Bars = [.. spec.Bars, BarResult.Judge(bar, spec.Metric(bar.Metric)!)] };

    public static PerfRun Run(params SpecResult[] specs) => new()
    {
        CreatedUtc = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Commit = "abc1234",
        Store = "sqlite",
        Durability = "SQLite, WAL, synchronous=FULL",
        Host = new("Some OS", 2, "10.0.1", false),
        Specs = specs,
    };
}

using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Results;
using ActorFlow.Perf.Running;

namespace ActorFlow.Perf.Tests.Results;

public sealed class SpecResultTests
{
    [Fact]
    public void What_several_processes_measured_are_the_rounds_of_one_spec()
    {
        var parts = new[] { 10.0, 30.0, 20.0 }
            .Select((value, i) => Sample.Spec("P5", Sample.Metric("idle", MetricKind.Share, value), Counter(value), Sample.Metric("tasks/s", MetricKind.Throughput, 100 * value))
                with
            { Seconds = i + 1 })
            .ToList();

        var whole = SpecResult.Of(parts, [new BarAttribute("idle") { AtMost = 20 }, new BarAttribute("tasks/s") { AtLeast = 2_001 }]);

        Assert.Equal([10, 30, 20], whole.Metric("idle")!.Values);
        Assert.Equal(20, whole.Metric("idle")!.Median);
        Assert.Equal(2_000, whole.Metric("tasks")!.PerSecond!.Median);
        Assert.Equal(6, whole.Seconds);
        Assert.Equal([true, false], whole.Bars.Select(bar => bar.Passed));
    }

    private static MetricResult Counter(double value) =>
        new("tasks", "", MetricKind.Count, false, [value], Statistics.Of([100 * value]));
}

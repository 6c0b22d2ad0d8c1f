using ActorFlow.Perf.Measurements;

namespace ActorFlow.Perf.Tests.Measurements;

public sealed class FigureTests
{
    [Theory]
    [InlineData("ms", MetricKind.Time, false)]
    [InlineData("s", MetricKind.Time, false)]
    [InlineData("KB", MetricKind.Memory, false)]
    [InlineData("%", MetricKind.Share, false)]
    [InlineData("1/s", MetricKind.Throughput, true)]
    [InlineData("runs", MetricKind.Count, false)]
    public void The_unit_says_what_a_figure_is_of(string unit, MetricKind kind, bool moreIsBetter)
    {
        var metric = new FigureAttribute("f", unit).Metric;

        Assert.Equal((kind, moreIsBetter), (metric.Kind, metric.MoreIsBetter));
    }

    [Fact]
    public void What_timing_decides_of_allocations_is_not_steady()
    {
        Assert.Equal((MetricKind.Allocated, MetricKind.Allocated), (new AllocatedAttribute().Metric.Kind, new AllocatedPerTaskAttribute().Metric.Kind));
        Assert.Equal((MetricKind.Churn, MetricKind.Churn), (new AllocatedAttribute { Varies = true }.Metric.Kind, new AllocatedPerTaskAttribute { Varies = true }.Metric.Kind));
    }

    [Fact]
    public void A_figure_is_the_median_of_what_was_set_and_nothing_once_it_is_forgotten()
    {
        var figures = new Figures();
        Parallel.For(0, 100, i => figures[$"f{i % 10}"] = i);

        Assert.Equal(46, figures.ValueOf("f1"));
        figures.Forget("f1");
        Assert.True(double.IsNaN(figures.ValueOf("f1")));
    }

    [Fact]
    public void Names_of_metrics_are_equal_by_name()
    {
        MeasuredName[] names = [new("a", "ms", MetricKind.Time), new("a", "s", MetricKind.Time), new("b", "ms", MetricKind.Time)];

        Assert.Equal(2, names.Distinct().Count());
        Assert.False(names[0].Equals("a"));
    }

    [Fact]
    public void Every_measurement_has_a_configurator_of_its_own()
    {
        var types = typeof(MeasuredAttribute).Assembly.GetTypes();
        var configured = types.Where(type => type.BaseType is { IsGenericType: true } parent && parent.GetGenericTypeDefinition() == typeof(MeasuredConfigurator<>))
            .Select(type => type.BaseType!.GenericTypeArguments[0]);

        Assert.Equal(types.Where(type => type.IsSubclassOf(typeof(MeasuredAttribute))).ToHashSet(), configured.ToHashSet());
    }

    [Fact]
    public void The_peak_of_the_resident_set_is_at_least_its_size()
    {
        var watch = ResidentSet.Watch();
        var block = new byte[64 * 1024 * 1024];
        Array.Fill(block, (byte)1);
        var now = ResidentSet.Now;
        GC.KeepAlive(block);

        Assert.InRange(watch.Stop(), Math.Max(now - (16 * 1024 * 1024), 64 * 1024 * 1024), long.MaxValue);
        Assert.InRange(now, Environment.WorkingSet / 2, Environment.WorkingSet * 2);
    }

    [Fact]
    public void To_look_at_the_resident_set_allocates_nothing()
    {
        _ = ResidentSet.Now;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var sum = 0L;
        for (var i = 0; i < 100; i++)
        {
            sum += ResidentSet.Now;
        }

        Assert.True(sum > 0);
        Assert.True(!OperatingSystem.IsLinux() || GC.GetAllocatedBytesForCurrentThread() == before);
    }
}

using ActorFlow.Perf.Baselines;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Results;

namespace ActorFlow.Perf.Tests.Baselines;

public sealed class ComparisonTests
{
    [Theory]
    [InlineData(MetricKind.Time, 100, 129, false)]
    [InlineData(MetricKind.Time, 100, 131, true)]
    [InlineData(MetricKind.Time, 100, 10, false)]
    [InlineData(MetricKind.Cpu, 0.1, 0.129, false)]
    [InlineData(MetricKind.Cpu, 0.1, 0.131, true)]
    [InlineData(MetricKind.Throughput, 1_300, 1_001, false)]
    [InlineData(MetricKind.Throughput, 1_300, 999, true)]
    [InlineData(MetricKind.Throughput, 1_000, 5_000, false)]
    [InlineData(MetricKind.Allocated, 1_000, 1_099, false)]
    [InlineData(MetricKind.Allocated, 1_000, 1_101, true)]
    [InlineData(MetricKind.Count, 100, 109, false)]
    [InlineData(MetricKind.Count, 100, 111, true)]
    [InlineData(MetricKind.Count, 0, 1, false)]
    [InlineData(MetricKind.Count, 0, 2, true)]
    [InlineData(MetricKind.Memory, 1, 5, false)]
    [InlineData(MetricKind.Memory, 100, 131, true)]
    [InlineData(MetricKind.Share, 0.5, 2, false)]
    [InlineData(MetricKind.Share, 5, 8, true)]
    [InlineData(MetricKind.Time, 0.01, 0.05, false)]
    [InlineData(MetricKind.Tail, 3, 20, false)]
    [InlineData(MetricKind.Tail, 100, 190, false)]
    [InlineData(MetricKind.Tail, 100, 210, true)]
    public void A_median_regresses_beyond_the_threshold_of_its_kind(MetricKind kind, double before, double now, bool regresses)
    {
        var comparison = Compare(Sample.Run(Sample.Spec("a", Sample.Metric("m", kind, before))), Sample.Run(Sample.Spec("a", Sample.Metric("m", kind, now))));

        Assert.Equal(regresses ? 1 : 0, comparison.Failures.Count());
        Assert.Equal(now / before, Assert.Single(comparison.Metrics).Ratio);
    }

    [Theory]
    [InlineData(new double[] { 98, 99, 100, 101, 102 }, new double[] { 130, 131, 132, 133, 134 }, true)]
    [InlineData(new double[] { 98, 99, 100, 101, 300 }, new double[] { 90, 131, 132, 133, 134 }, true)]
    [InlineData(new double[] { 90, 95, 100, 135, 140 }, new double[] { 90, 130, 132, 133, 134 }, false)]
    [InlineData(new double[] { 98, 99, 100, 101, 102 }, new double[] { 80, 101, 132, 170, 190 }, false)]
    public void A_median_beyond_the_threshold_is_noise_where_the_middle_halves_overlap(double[] before, double[] now, bool regresses)
    {
        var comparison = Compare(
            Sample.Run(Sample.Spec("a", Sample.Metric("m", MetricKind.Time, before))), Sample.Run(Sample.Spec("a", Sample.Metric("m", MetricKind.Time, now))));

        Assert.Equal(regresses, Assert.Single(comparison.Metrics).IsRegression);
    }

    [Fact]
    public void A_regression_names_the_spec_first()
    {
        var comparison = Compare(Times(("a", 100), ("b", 100)), Times(("a", 100), ("b", 200)));

        Assert.Equal("b: time went from 100 to 200 ms (x2.00)", Assert.Single(comparison.Failures));
        Assert.Contains(comparison.Lines(), line => line.StartsWith('b') && line.EndsWith("x2.00  REGRESSED", StringComparison.Ordinal));
    }

    [Fact]
    public void A_figure_that_was_0_has_no_ratio() =>
        Assert.Equal("a: time went from 0 to 100 ms (from 0)", Assert.Single(Compare(Times(("a", 0)), Times(("a", 100))).Failures));

    [Fact]
    public void A_spec_that_disappeared_is_a_failure_and_a_new_one_a_note()
    {
        var comparison = Compare(Times(("a", 1), ("gone", 1)), Times(("a", 1), ("new", 1)));

        Assert.Equal("gone: it was in the baseline and has not run", Assert.Single(comparison.Failures));
        Assert.Equal(["new"], comparison.Added);
    }

    [Fact]
    public void A_spec_that_is_skipped_now_has_disappeared()
    {
        var now = Times(("a", 1)) with { Specs = [Sample.Spec("a") with { Skipped = "no data" }] };

        Assert.Equal("a: it was in the baseline and has not run", Assert.Single(Compare(Times(("a", 1)), now).Failures));
    }

    [Fact]
    public void What_was_not_meant_has_not_disappeared() =>
        Assert.Empty(Comparison.Of(Times(("a", 1), ("b", 1)), Times(("a", 1)), spec => spec.Id == "a").Failures);

    [Fact]
    public void What_was_skipped_in_the_baseline_has_not_disappeared() =>
        Assert.Empty(Compare(Sample.Run(Sample.Spec("a") with { Skipped = "no data" }), Sample.Run()).Failures);

    [Theory]
    [InlineData(MetricKind.Time, false)]
    [InlineData(MetricKind.Throughput, false)]
    [InlineData(MetricKind.Allocated, true)]
    [InlineData(MetricKind.Churn, false)]
    [InlineData(MetricKind.Count, true)]
    public void In_a_quick_run_only_what_is_steady_counts(MetricKind kind, bool counts)
    {
        var (before, now) = kind == MetricKind.Throughput ? (1_000, 10) : (10, 1_000);
        var quick = Sample.Run(Sample.Spec("a", Sample.Metric("m", kind, now))) with { Quick = true };
        var comparison = Compare(Sample.Run(Sample.Spec("a", Sample.Metric("m", kind, before))), quick);

        Assert.Equal(counts ? 1 : 0, comparison.Failures.Count());
        Assert.True(Assert.Single(comparison.Metrics).IsRegression);
    }

    [Fact]
    public void Another_machine_or_store_is_noted()
    {
        var other = Times(("a", 1)) with { Store = "memory", Quick = true, Host = new("Other OS", 64, "10.0.1", true) };

        Assert.Equal(3, Compare(other, Times(("a", 1))).Notes.Count);
        Assert.Empty(Compare(Times(("a", 1)), Times(("a", 1))).Notes);
    }

    [Fact]
    public void A_metric_that_is_no_longer_measured_is_noted() =>
        Assert.Contains("a: time is no longer measured in ms.", Compare(Times(("a", 1)), Sample.Run(Sample.Spec("a"))).Notes);

    [Fact]
    public void A_metric_in_another_unit_is_noted_and_not_compared()
    {
        var comparison = Compare(Times(("a", 1)), Sample.Run(Sample.Spec("a", Sample.Metric("time", MetricKind.Time, 900) with { Unit = "us" })));

        Assert.Empty(comparison.Metrics);
        Assert.Contains("a: time is no longer measured in ms.", comparison.Notes);
    }

    private static Comparison Compare(PerfRun baseline, PerfRun run) => Comparison.Of(baseline, run, _ => true);

    private static PerfRun Times(params (string Id, double Time)[] specs) =>
        Sample.Run([.. specs.Select(spec => Sample.Spec(spec.Id, Sample.Metric("time", MetricKind.Time, spec.Time)))]);
}

using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Results;

namespace ActorFlow.Perf.Tests.Results;

public sealed class BarResultTests
{
    [Theory]
    [InlineData(4.9, true)]
    [InlineData(5, true)]
    [InlineData(5.1, false)]
    public void At_most_holds_up_to_its_limit(double median, bool met)
    {
        var result = BarResult.Judge(new("p50") { AtMost = 5 }, Sample.Metric("p50", MetricKind.Time, median));

        Assert.Equal((met, met ? "met" : "MISSED", "≤ 5 ms"), (result.Passed, result.Verdict, result.Message));
    }

    [Theory]
    [InlineData(999, false)]
    [InlineData(1_000, true)]
    [InlineData(1_001, true)]
    public void At_least_holds_from_its_limit_on(double median, bool met)
    {
        var result = BarResult.Judge(new("workflows/s") { AtLeast = 1_000 }, Sample.Metric("workflows/s", MetricKind.Throughput, median));

        Assert.Equal((met, "≥ 1,000 /s"), (result.Passed, result.Message));
    }

    [Fact]
    public void The_median_counts_not_a_single_run() =>
        Assert.True(BarResult.Judge(new("p50") { AtMost = 5 }, Sample.Metric("p50", MetricKind.Time, 4, 90, 3)).Passed);

    [Theory]
    [InlineData(MetricKind.Time, true, false)]
    [InlineData(MetricKind.Throughput, true, false)]
    [InlineData(MetricKind.Allocated, true, true)]
    [InlineData(MetricKind.Count, true, true)]
    public void A_missed_bar_fails_a_full_run_and_a_quick_one_where_it_is_steady(MetricKind kind, bool full, bool quick)
    {
        var spec = Sample.Spec("a", Sample.Metric("m", kind, 10)).With(kind == MetricKind.Throughput ? new("m") { AtLeast = 20 } : new("m") { AtMost = 5 });

        Assert.Equal((full, quick), (spec.Fails(quick: false), spec.Fails(quick: true)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_fault_always_fails(bool quick) => Assert.True((Sample.Spec("a") with { Errors = ["a wrong answer"] }).Fails(quick));

    [Fact]
    public void The_table_has_a_line_for_each_bar_and_the_time_of_a_spec_without()
    {
        var time = Sample.Metric("time", MetricKind.Time, 8, 7, 9);
        var lines = ResultTable.Lines(Sample.Run(
            Sample.Spec("one", time).With(new("time") { AtMost = 10 }).With(new("time") { AtMost = 1 }),
            Sample.Spec("two", time),
            Sample.Spec("three") with { Errors = ["wrong"] },
            Sample.Spec("four") with { Skipped = "there is no file" })).ToList();

        Assert.Equal(6, lines.Count);
        Assert.Matches(@"^one +about one +3 +time +8 ms +7 to 9 +≤ 10 ms +met$", lines[1]);
        Assert.EndsWith("≤ 1 ms   MISSED", lines[2]);
        Assert.EndsWith("7 to 9", lines[3]);
        Assert.EndsWith("FAULTED", lines[4]);
        Assert.EndsWith("skipped", lines[5]);
    }
}

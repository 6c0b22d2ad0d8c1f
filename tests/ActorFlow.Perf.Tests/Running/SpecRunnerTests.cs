using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Results;
using ActorFlow.Perf.Running;

namespace ActorFlow.Perf.Tests.Running;

public sealed class SpecRunnerTests
{
    private static readonly IReadOnlyList<Spec> Specs = Spec.In(typeof(SpecRunnerTests).Assembly);

    [Fact]
    public void A_body_is_warmed_rehearsed_once_by_NBench_and_measured()
    {
        SampleSpecs.Executions = 0;
        var result = Run("sample");

        Assert.InRange(result.WarmUpRounds, WarmUp.Quick.FewestRounds, WarmUp.Quick.MostRounds);
        Assert.Equal(result.WarmUpRounds + 1 + 3, SampleSpecs.Executions);
        Assert.All(result.Metrics, metric => Assert.Equal(3, metric.Values.Count));
    }

    [Fact]
    public void The_first_time_counts_where_nothing_is_to_be_warm()
    {
        SampleSpecs.Executions = 0;
        var result = Run("sample-once");

        Assert.Equal((1, 0), (SampleSpecs.Executions, result.WarmUpRounds));
        Assert.Equal([4.0], result.Metric("value")!.Values);
    }

    [Fact]
    public void Metrics_have_names_units_and_values()
    {
        var result = Run("sample");

        Assert.Equal(
            ["allocated", "calls", "calls/s", "gc gen2", "gc pause", "peak rss", "rss", "rss growth", "time", "value"],
            result.Metrics.Select(metric => metric.Name).Order(StringComparer.Ordinal));
        Assert.Equal([10.0, 10, 10], result.Metric("calls")!.Values);
        Assert.True(result.Metric("calls/s")!.MoreIsBetter);
        Assert.Equal([4.0, 4, 4], result.Metric("value")!.Values);
        Assert.InRange(result.Metric("allocated")!.Median, 1_000_000 / 1024.0, 1_500_000 / 1024.0);
        Assert.InRange(result.Metric("peak rss")!.Min, result.Metric("rss growth")!.Min, 100_000);
        Assert.InRange(result.Metric("rss")!.Median, 10, 100_000);
    }

    [Theory]
    [InlineData("memory", "value", "≤ 5 ms", true)]
    [InlineData("sqlite", "value", "≤ 1 ms", false)]
    public void The_bar_of_the_store_counts(string store, string metric, string message, bool passed)
    {
        var bar = Assert.Single(Run("sample", store).Bars);

        Assert.Equal((metric, message, passed), (bar.Metric, bar.Message, bar.Passed));
    }

    [Fact]
    public void A_fast_wrong_answer_faults()
    {
        SampleSpecs.Fault = "9 handlers ran instead of 10.";
        try
        {
            var result = Run("sample");

            Assert.Equal(["9 handlers ran instead of 10."], result.Errors);
            Assert.True(result.Fails(quick: true));
        }
        finally
        {
            SampleSpecs.Fault = null;
        }
    }

    [Theory]
    [InlineData("unset", "value has no value.")]
    [InlineData("unmeasured", "There is a bar for nothing, which is not measured.")]
    public void What_is_declared_and_not_measured_faults(string id, string error) => Assert.Equal([error], Run(id).Errors);

    [Fact]
    public void A_body_that_does_not_end_faults() => Assert.Equal(["stuck did not end within 1 s."], Run("stuck").Errors);

    [Fact]
    public void Specs_know_themselves_only_while_one_is_run() => Assert.Throws<InvalidOperationException>(() => SpecRun.Current);

    private static SpecResult Run(string id, string store = "memory")
    {
        IDatabase database = store == "memory" ? new MemoryDatabase() : new SqliteDatabase();
        return new SpecRunner(new(database, Quick: true), new(TextWriter.Null)).Run(Specs.Single(spec => spec.Id == id));
    }
}

using NBench;
using NBench.Metrics;
using NBench.Reporting;
using NBench.Sdk;

namespace ActorFlow.NBench.Tests;

public sealed class AssertionTests
{
    [Theory]
    [InlineData(MustBe.LessThan, true, false, false)]
    [InlineData(MustBe.LessThanOrEqualTo, true, true, false)]
    [InlineData(MustBe.GreaterThan, false, false, true)]
    [InlineData(MustBe.GreaterThanOrEqualTo, false, true, true)]
    [InlineData(MustBe.ExactlyEqualTo, false, true, false)]
    public void Each_condition_holds_where_it_says(MustBe condition, bool below, bool at, bool above)
    {
        var assertion = new Assertion(condition, 10, null);

        Assert.Equal((below, at, above), (assertion.Test(9.9), assertion.Test(10), assertion.Test(10.1)));
    }

    [Theory]
    [InlineData(9.9, false)]
    [InlineData(10, true)]
    [InlineData(20, true)]
    [InlineData(20.1, false)]
    public void Between_includes_both_limits(double value, bool holds) =>
        Assert.Equal(holds, new Assertion(MustBe.Between, 10, 20).Test(value));

    [Fact]
    public void Between_needs_an_upper_limit() => Assert.Throws<NBenchException>(() => new Assertion(MustBe.Between, 10, null));

    [Fact]
    public void The_empty_assertion_always_holds() => Assert.True(Assertion.Empty.Test(double.NaN));

    [Fact]
    public void Averages_are_compared_not_single_runs()
    {
        Rising.Value = 0;
        var ran = Running.Spec<Rising>(nameof(Rising.Run));

        Assert.Equal(20, ran.Metric("[Counter] done").Stats.Average);
        Assert.Equal(30, ran.Metric("[Counter] done").Stats.Max);
        Assert.True(ran.Result.AllTestsPassed);
        Assert.True(Assert.Single(ran.Only.AssertionResults).Passed);
    }

    [Fact]
    public void A_counter_that_several_attributes_name_is_measured_once_and_asserted_by_each()
    {
        var ran = Running.Spec<Rising>(nameof(Rising.Thrice));

        Assert.Single(ran.Only.Data.StatsByMetric);
        Assert.Equal([true, false, true], ran.Only.AssertionResults.Select(one => one.Passed));
        Assert.False(ran.Result.AllTestsPassed);
        Assert.Equal(
            "Expected [Counter] done to must be less than 1.00 operations; actual value was 1,000.00 operations.",
            ran.Only.AssertionResults[1].Message);
    }

    [Fact]
    public void In_the_mode_Measurement_nothing_is_asserted()
    {
        var ran = Running.Spec<Rising>(nameof(Rising.OnlyMeasured));

        Assert.Empty(ran.Only.AssertionResults);
        Assert.True(ran.Result.AllTestsPassed);
    }

    [Fact]
    public void Time_memory_and_collections_can_be_asserted()
    {
        var ran = Running.Spec<Rising>(nameof(Rising.Others));

        Assert.Equal(
            [("Elapsed Time", false), ("Elapsed Time", true), ("TotalBytesAllocated", true), ("TotalCollections [Gen2]", true), ("TotalCollections [Gen2]", true)],
            ran.Only.AssertionResults.Select(one => (one.MetricName.ToHumanFriendlyString(), one.Passed)).Order());
    }

    [Fact]
    public void The_deviation_is_that_of_a_sample()
    {
        var stat = new BenchmarkStat([2, 4, 4, 4, 5, 5, 7, 9]);

        Assert.Equal((2.0, 9.0, 5.0), (stat.Min, stat.Max, stat.Average));
        Assert.Equal(Math.Sqrt(32.0 / 7), stat.StandardDeviation, 12);
        Assert.Equal(Math.Sqrt(32.0 / 7) / Math.Sqrt(8), stat.StandardError, 12);
    }

    [Fact]
    public void A_single_value_deviates_by_nothing() => Assert.Equal(0, new BenchmarkStat([3]).StandardDeviation);

    [Fact]
    public void Names_of_metrics_are_equal_by_value()
    {
        MetricName[] names = [new CounterMetricName("a"), new CounterMetricName("a"), new CounterMetricName("b"), new TimingMetricName(), new TimingMetricName()];

        Assert.Equal(3, names.Distinct().Count());
    }

    internal sealed class Rising
    {
        public static int Value { get; set; }

        // 0 in the pre-warm-up, then 10, 20, 30.
        [PerfBenchmark(NumberOfIterations = 3, SkipWarmups = true, TestMode = TestMode.Test)]
        [CounterTotalAssertion("done", MustBe.ExactlyEqualTo, 20)]
        public void Run(BenchmarkContext context) => context.GetCounter("done").Increment(Value++ * 10);

        [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true, TestMode = TestMode.Test)]
        [CounterMeasurement("done")]
        [CounterTotalAssertion("done", MustBe.GreaterThan, 1)]
        [CounterTotalAssertion("done", MustBe.LessThan, 1)]
        [CounterThroughputAssertion("done", MustBe.GreaterThan, 1)]
        public void Thrice(BenchmarkContext context) => context.GetCounter("done").Increment(1_000);

        [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true)]
        [CounterTotalAssertion("done", MustBe.LessThan, -1)]
        public void OnlyMeasured(BenchmarkContext context) => context.GetCounter("done").Increment();

        [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true, TestMode = TestMode.Test)]
        [ElapsedTimeAssertion(MaxTimeMilliseconds = 60_000)]
        [ElapsedTimeAssertion(MinTimeMilliseconds = 50_000, MaxTimeMilliseconds = 60_000)]
        [MemoryAssertion(MemoryMetric.TotalBytesAllocated, MustBe.LessThan, 1e12)]
        [GcTotalAssertion(GcMetric.TotalCollections, GcGeneration.Gen2, MustBe.GreaterThanOrEqualTo, 1)]
        [GcThroughputAssertion(GcMetric.TotalCollections, GcGeneration.Gen2, MustBe.GreaterThan, 0)]
        public void Others() => GC.Collect();
    }
}

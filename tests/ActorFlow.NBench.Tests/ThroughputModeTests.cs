using NBench;
using NBench.Sdk;

namespace ActorFlow.NBench.Tests;

public sealed class ThroughputModeTests
{
    [Theory]
    [InlineData(10, 1_000, 1_000, 10)]
    [InlineData(10, 1_000, 5_000, 50)]
    [InlineData(3, 1_000, 500, 2)]
    [InlineData(1, 60_000, 1_000, 1)]
    public void As_many_calls_are_made_as_fit_into_the_run_time_at_the_pace_of_the_estimation(long calls, int milliseconds, int runTime, long expected) =>
        Assert.Equal(expected, new WarmupData(TimeSpan.FromMilliseconds(milliseconds), calls).CallsIn(TimeSpan.FromMilliseconds(runTime)));

    [Theory]
    [InlineData(0, 1_000)]
    [InlineData(250, 250)]
    public void The_run_time_is_what_is_said_and_a_second_where_nothing_is(int said, int milliseconds) =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(milliseconds),
            new BenchmarkSettings(new PerfBenchmarkAttribute { RunTimeMilliseconds = said }, [], new TestPackage(typeof(ThroughputModeTests).Assembly)).RunTime);

    [Fact]
    public void Four_estimations_come_before_runs_of_the_same_number_of_calls()
    {
        Recorded<Spinning>.Clear();
        var runs = Running.Spec<Spinning>().Metric("[Counter] calls").Runs;

        Assert.Equal(4 + 3, Recorded<Spinning>.Count("setup"));
        Assert.Equal(4 + 3, Recorded<Spinning>.Count("cleanup"));
        Assert.Equal(3, runs.Count);
        Assert.InRange(Assert.Single(runs.Select(run => run.MetricValue).Distinct()), 1, 2_000);
    }

    internal sealed class Spinning
    {
        [PerfSetup]
        public void SetUp() => Recorded<Spinning>.Add("setup");

        // A call takes about a millisecond.
        [PerfBenchmark(NumberOfIterations = 3, SkipWarmups = true, RunMode = RunMode.Throughput, RunTimeMilliseconds = 19)]
        [CounterMeasurement("calls")]
        public void Run(BenchmarkContext context)
        {
            SpinWait.SpinUntil(() => false, 1);
            context.GetCounter("calls").Increment();
        }

        [PerfCleanup]
        public void CleanUp() => Recorded<Spinning>.Add("cleanup");
    }
}

using NBench;
using NBench.Collection;
using NBench.Metrics;
using NBench.Sdk;

namespace ActorFlow.NBench.Tests;

public sealed class MeasurementTests
{
    [Theory]
    [InlineData("[Counter] done", "operations")]
    [InlineData("TotalCollections [Gen0]", "collections")]
    [InlineData("TotalCollections [Gen1]", "collections")]
    [InlineData("TotalCollections [Gen2]", "collections")]
    [InlineData("TotalBytesAllocated", "bytes")]
    [InlineData("Elapsed Time", "ms")]
    public void Metrics_have_their_names_and_units(string name, string unit)
    {
        var ran = Running.Spec<Everything>();

        Assert.Equal(unit, ran.Metric(name).Unit);
        Assert.Equal(6, ran.Only.Data.StatsByMetric.Count);
    }

    [Fact]
    public void Counters_come_last_as_in_the_package()
    {
        var metrics = Running.Spec<Mixed>().Only.Data.StatsByMetric.Keys.Select(name => name.ToHumanFriendlyString());

        Assert.Equal(["own (7)", "Elapsed Time", "[Counter] done", "[Counter] other"], metrics);
    }

    [Fact]
    public void A_counter_begins_at_nothing_each_time_and_counts_what_the_body_added()
    {
        var metric = Running.Spec<Counting>().Metric("[Counter] done");

        Assert.Equal([100.0, 100.0], metric.Runs.Select(run => run.MetricValue));
    }

    [Fact]
    public void A_counter_takes_counts_from_all_threads()
    {
        var metric = Running.Spec<Counting>().Metric("[Counter] threads");

        Assert.Equal(4_000, metric.Stats.Min);
    }

    [Fact]
    public void A_value_per_second_is_the_value_by_the_time_of_its_run()
    {
        var ran = Running.Spec<Counting>();
        var run = ran.Metric("[Counter] done").Runs[0];

        Assert.Equal(run.MetricValue / ran.Only.Data.Runs[0].Elapsed.TotalSeconds, run.MetricValuePerSecond, 6);
        Assert.Equal(run.ElapsedNanos / run.MetricValue, run.NanosPerMetricValue, 6);
    }

    [Fact]
    public void An_unknown_counter_is_an_error_that_names_the_known_ones()
    {
        var ran = Running.Spec<Asking>();

        Assert.Contains("known", Assert.IsType<NBenchException>(Assert.Single(ran.Only.Data.Exceptions)).InnerException!.Message);
        Assert.Equal(["known"], Asking.Names);
        Assert.Equal((true, false), (Asking.Known, Asking.Unknown));
    }

    [Fact]
    public void Collections_inside_the_body_count()
    {
        var ran = Running.Spec<Collecting>();

        Assert.InRange(ran.Metric("TotalCollections [Gen2]").Stats.Average, 2, 5);
    }

    [Fact]
    public void An_own_measurement_is_found_beside_its_attribute_and_read_exactly_twice()
    {
        TwiceSelector.Reads.Clear();
        var ran = Running.Spec<Own>();

        Assert.Equal([2, 2, 2], TwiceSelector.Reads.Select(counter => counter.Reads));
        Assert.Equal((7.0, "things"), (ran.Metric("own (7)").Stats.Average, ran.Metric("own (7)").Unit));
    }

    [Fact]
    public void An_attribute_that_nothing_configures_is_an_error() =>
        Assert.Contains("OrphanAttribute", Assert.Throws<NBenchException>(() => Configurators.Find(typeof(OrphanAttribute))).Message);

    [Fact]
    public void All_generations_are_not_one_metric() =>
        Assert.Throws<NBenchException>(() => BuiltInReadings.Collections(new GcMetricName(GcMetric.TotalCollections, GcGeneration.AllGc)));

    internal sealed class Everything
    {
        [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true)]
        [CounterMeasurement("done")]
        [GcMeasurement(GcMetric.TotalCollections, GcGeneration.AllGc)]
        [MemoryMeasurement(MemoryMetric.TotalBytesAllocated)]
        [TimingMeasurement]
        public void Run(BenchmarkContext context) => context.GetCounter("done").Increment();
    }

    internal sealed class Counting
    {
        [PerfSetup]
        public void SetUp(BenchmarkContext context) => context.GetCounter("done").Increment(1_000);

        [PerfBenchmark(NumberOfIterations = 2, SkipWarmups = true)]
        [CounterMeasurement("done")]
        [CounterMeasurement("threads")]
        public void Run(BenchmarkContext context)
        {
            context.GetCounter("done").Increment(101);
            context.GetCounter("done").Decrement();
            var threads = context.GetCounter("threads");
            Parallel.For(0, 4, _ =>
            {
                for (var i = 0; i < 1_000; i++)
                {
                    threads.Increment();
                    threads.Increment(2);
                    threads.Decrement(2);
                }
            });
        }
    }

    internal sealed class Mixed
    {
        [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true)]
        [CounterMeasurement("done"), Twice(7), CounterMeasurement("other"), TimingMeasurement]
        public void Run()
        {
        }
    }

    internal sealed class Asking
    {
        public static string[] Names { get; private set; } = [];

        public static bool Known { get; private set; }

        public static bool Unknown { get; private set; }

        [PerfBenchmark(NumberOfIterations = 1)]
        [CounterMeasurement("known")]
        public void Run(BenchmarkContext context)
        {
            Names = [.. context.CounterNames];
            (Known, Unknown) = (context.CounterExists("known"), context.CounterExists("unknown"));
            context.GetCounter("unknown").Increment();
        }
    }

    internal sealed class Collecting
    {
        [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true)]
        [GcMeasurement(GcMetric.TotalCollections, GcGeneration.Gen2)]
        public void Run()
        {
            GC.Collect();
            GC.Collect();
        }
    }

    internal sealed class Own
    {
        [PerfBenchmark(NumberOfIterations = 2, SkipWarmups = true)]
        [Twice(7)]
        public void Run() => Recorded<Own>.Add("run");
    }

    [AttributeUsage(AttributeTargets.Method)]
    internal sealed class TwiceAttribute(int value) : MeasurementAttribute
    {
        public int Value { get; } = value;
    }

    [AttributeUsage(AttributeTargets.Method)]
    internal sealed class OrphanAttribute : MeasurementAttribute;

    internal sealed class TwiceConfigurator : MeasurementConfigurator<TwiceAttribute>
    {
        public override MetricName GetName(TwiceAttribute instance) => new OwnName(instance.Value);

        public override MetricsCollectorSelector GetMetricsProvider(TwiceAttribute instance) => new TwiceSelector(GetName(instance), instance.Value);

        public override IEnumerable<IBenchmarkSetting> GetBenchmarkSettings(TwiceAttribute instance) => [new OwnSetting(GetName(instance))];
    }

    internal sealed class OwnName(int value) : MetricName
    {
        public override bool Equals(MetricName? other) => other is OwnName name && name.ToHumanFriendlyString() == ToHumanFriendlyString();

        public override string ToHumanFriendlyString() => $"own ({value})";
    }

    internal sealed class OwnSetting(MetricName name) : IBenchmarkSetting
    {
        public MetricName MetricName => name;

        public AssertionType AssertionType => AssertionType.Total;

        public Assertion Assertion => Assertion.Empty;

        public bool Equals(IBenchmarkSetting? other) => other?.MetricName.Equals(name) == true;

        public override bool Equals(object? obj) => Equals(obj as IBenchmarkSetting);

        public override int GetHashCode() => name.GetHashCode();
    }

    internal sealed class TwiceSelector(MetricName name, int value) : MetricsCollectorSelector(name)
    {
        public static List<TwiceCollector> Reads { get; } = [];

        public override MetricCollector Create(RunMode runMode, WarmupData warmup, IBenchmarkSetting setting)
        {
            Reads.Add(new TwiceCollector(Name, value));
            return Reads[^1];
        }
    }

    internal sealed class TwiceCollector(MetricName name, int value) : MetricCollector(name, "things")
    {
        public int Reads { get; private set; }

        public override double Collect() => Reads++ * value;
    }
}

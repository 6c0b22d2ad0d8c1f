using NBench;

namespace ActorFlow.NBench.Tests;

public sealed class SpecLifeTests
{
    [Fact]
    public void An_execution_is_constructed_set_up_run_cleaned_up_and_disposed()
    {
        Recorded<Whole>.Clear();
        Running.Spec<Whole>();

        string[] one = ["new", "setup", "run", "cleanup", "dispose"];
        Assert.Equal([.. one, .. one, .. one], Recorded<Whole>.All);
    }

    [Theory]
    [InlineData(nameof(Counted.Warmed), 7, 3)]
    [InlineData(nameof(Counted.Unwarmed), 4, 0)]
    public void N_iterations_run_twice_N_and_once_or_N_and_once_without_warm_ups(string method, int executions, int warmups)
    {
        Recorded<Counted>.Clear();
        var ran = Running.Spec<Counted>(method);

        Assert.Equal(executions, Recorded<Counted>.Count("setup"));
        Assert.Equal(executions, Recorded<Counted>.Count("run"));
        Assert.Equal(executions, Recorded<Counted>.Count("cleanup"));
        Assert.Equal(warmups, ran.Output.Runs.Count(run => run.IsWarmup));
        Assert.Equal(3, ran.Output.Runs.Count(run => !run.IsWarmup));
        Assert.Equal(3, ran.Only.Data.Runs.Count);
        Assert.Equal(3, ran.Metric("Elapsed Time").Runs.Count);
    }

    [Fact]
    public void Ten_iterations_are_the_default()
    {
        Recorded<Default>.Clear();
        Running.Spec<Default>();

        Assert.Equal(21, Recorded<Default>.Count("run"));
    }

    [Theory]
    [InlineData(nameof(Faulty.SetupThrows), "setup,run,cleanup,dispose", "no setup")]
    [InlineData(nameof(Faulty.RunThrows), "setup,run,cleanup,dispose", "no run")]
    [InlineData(nameof(Faulty.CleanupThrows), "setup,run,cleanup,dispose", "no cleanup")]
    public void Whatever_throws_the_rest_is_cleaned_up_and_nothing_runs_again(string method, string events, string error)
    {
        Recorded<Faulty>.Clear();
        Faulty.Throws = method;
        var ran = Running.Spec<Faulty>(method);

        Assert.Equal(events.Split(','), Recorded<Faulty>.All);
        Assert.True(ran.Only.Data.IsFaulted);
        Assert.False(ran.Result.AllTestsPassed);
        var wrapped = Assert.IsType<NBenchException>(Assert.Single(ran.Only.Data.Exceptions));
        Assert.Matches($"^Error occurred during .*{method} {error[3..].ToUpperInvariant()}\\.$", wrapped.Message);
        Assert.Equal(error, wrapped.InnerException!.Message);
        Assert.Single(ran.Output.Errors);
        Assert.Empty(ran.Only.Data.StatsByMetric);
    }

    [Fact]
    public void An_output_of_ones_own_leaves_the_results_empty_unless_it_stands_beside_the_runners()
    {
        var package = new global::NBench.Sdk.TestPackage(typeof(Whole).Assembly, concurrent: true).AddInclude($"{typeof(Whole).FullName}+*");

        Assert.Empty(new Alone(package).Execute().FullResults);
        Assert.Single(new Beside(package).Execute().FullResults);
    }

    [Fact]
    public void A_measured_run_that_throws_ends_the_spec_and_does_not_count()
    {
        Recorded<Late>.Clear();
        var ran = Running.Spec<Late>();

        Assert.Equal(3, Recorded<Late>.Count("run"));
        Assert.Equal(2, ran.Only.Data.Runs.Count);
        Assert.True(ran.Only.Data.Runs[1].IsFaulted);
        Assert.Single(ran.Metric("Elapsed Time").Runs);
        Assert.False(ran.Result.AllTestsPassed);
    }

    [Fact]
    public void The_body_runs_after_a_full_collection_that_does_not_count()
    {
        var ran = Running.Spec<Collected>();

        Assert.True(Collected.AtSetup < Collected.AtRun);
        Assert.Equal(0, ran.Metric("TotalCollections [Gen2]").Stats.Max);
    }

    [Fact]
    public void A_setup_that_takes_long_does_not_count()
    {
        var ran = Running.Spec<SlowSetup>();

        Assert.InRange(ran.Only.Data.Runs[0].Elapsed, TimeSpan.Zero, SlowSetup.Spent / 2);
    }

    private sealed class Alone(global::NBench.Sdk.TestPackage package) : global::NBench.Sdk.TestRunner(package)
    {
        protected override global::NBench.Reporting.IBenchmarkOutput CreateOutput() => new HeardOutput();
    }

    private sealed class Beside(global::NBench.Sdk.TestPackage package) : global::NBench.Sdk.TestRunner(package)
    {
        protected override global::NBench.Reporting.IBenchmarkOutput CreateOutput() =>
            new global::NBench.Reporting.CompositeBenchmarkOutput(base.CreateOutput(), new HeardOutput());
    }

    internal sealed class Whole : IDisposable
    {
        public Whole() => Recorded<Whole>.Add("new");

        [PerfSetup]
        public void SetUp() => Recorded<Whole>.Add("setup");

        [PerfBenchmark(NumberOfIterations = 1)]
        [TimingMeasurement]
        public void Run() => Recorded<Whole>.Add("run");

        [PerfCleanup]
        public void CleanUp() => Recorded<Whole>.Add("cleanup");

        public void Dispose() => Recorded<Whole>.Add("dispose");
    }

    internal sealed class Counted
    {
        [PerfSetup]
        public void SetUp() => Recorded<Counted>.Add("setup");

        [PerfBenchmark(NumberOfIterations = 3)]
        [TimingMeasurement]
        public void Warmed() => Recorded<Counted>.Add("run");

        [PerfBenchmark(NumberOfIterations = 3, SkipWarmups = true)]
        [TimingMeasurement]
        public void Unwarmed() => Recorded<Counted>.Add("run");

        [PerfCleanup]
        public void CleanUp() => Recorded<Counted>.Add("cleanup");
    }

    internal sealed class Default
    {
        [PerfBenchmark]
        [TimingMeasurement]
        public void Run() => Recorded<Default>.Add("run");
    }

    internal sealed class Faulty : IDisposable
    {
        public static string Throws { get; set; } = "";

        [PerfSetup]
        public void SetUp() => Note("setup", nameof(SetupThrows));

        [PerfBenchmark(NumberOfIterations = 2)]
        [TimingMeasurement]
        public void SetupThrows() => Recorded<Faulty>.Add("run");

        [PerfBenchmark(NumberOfIterations = 2)]
        [TimingMeasurement]
        public void RunThrows() => Note("run", nameof(RunThrows));

        [PerfBenchmark(NumberOfIterations = 2)]
        [TimingMeasurement]
        public void CleanupThrows() => Recorded<Faulty>.Add("run");

        [PerfCleanup]
        public void CleanUp() => Note("cleanup", nameof(CleanupThrows));

        public void Dispose() => Recorded<Faulty>.Add("dispose");

        private static void Note(string what, string throwing)
        {
            Recorded<Faulty>.Add(what);
            if (Throws == throwing)
            {
                throw new InvalidOperationException($"no {what}");
            }
        }
    }

    internal sealed class Late
    {
        [PerfBenchmark(NumberOfIterations = 5, SkipWarmups = true)]
        [TimingMeasurement]
        public void Run()
        {
            Recorded<Late>.Add("run");
            if (Recorded<Late>.Count("run") == 3)
            {
                throw new InvalidOperationException("enough");
            }
        }
    }

    internal sealed class Collected
    {
        public static int AtSetup { get; private set; }

        public static int AtRun { get; private set; }

        [PerfSetup]
        public void SetUp() => AtSetup = GC.CollectionCount(2);

        [PerfBenchmark(NumberOfIterations = 1)]
        [GcMeasurement(GcMetric.TotalCollections, GcGeneration.Gen2)]
        public void Run() => AtRun = GC.CollectionCount(2);
    }

    internal sealed class SlowSetup
    {
        public static TimeSpan Spent { get; } = TimeSpan.FromMilliseconds(200);

        [PerfSetup]
        public void SetUp() => SpinWait.SpinUntil(() => false, Spent);

        [PerfBenchmark(NumberOfIterations = 1)]
        [TimingMeasurement]
        public void Run() => Recorded<SlowSetup>.Add("run");
    }
}

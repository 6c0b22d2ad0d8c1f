namespace ActorFlow.Perf.Tests;

/// <summary>
/// The documented public API of NBench 2.0.1 that a perf project may use: a type, then its members. Transcribed from the research of the
/// real package (attributes, context, runner, results, own measurements), not from the stand-in.
/// </summary>
internal static class NBenchSurface
{
    private const string Text =
        """
        NBench.TestMode Test Measurement
        NBench.RunMode Iterations Throughput
        NBench.MustBe LessThan LessThanOrEqualTo GreaterThan GreaterThanOrEqualTo ExactlyEqualTo Between
        NBench.GcGeneration Gen0 Gen1 Gen2 AllGc
        NBench.GcMetric TotalCollections
        NBench.MemoryMetric TotalBytesAllocated
        NBench.PerfBenchmarkAttribute .ctor NumberOfIterations RunTimeMilliseconds TestMode RunMode Description Skip SkipWarmups
        NBench.PerfSetupAttribute .ctor
        NBench.PerfCleanupAttribute .ctor
        NBench.MeasurementAttribute .ctor
        NBench.CounterMeasurementAttribute .ctor
        NBench.CounterThroughputAssertionAttribute .ctor
        NBench.CounterTotalAssertionAttribute .ctor
        NBench.GcMeasurementAttribute .ctor
        NBench.GcThroughputAssertionAttribute .ctor
        NBench.GcTotalAssertionAttribute .ctor
        NBench.MemoryMeasurementAttribute .ctor
        NBench.MemoryAssertionAttribute .ctor
        NBench.TimingMeasurementAttribute .ctor
        NBench.ElapsedTimeAssertionAttribute .ctor MaxTimeMilliseconds MinTimeMilliseconds
        NBench.Counter Name Increment Decrement Current
        NBench.BenchmarkContext GetCounter CounterExists CounterNames Counters Trace
        NBench.IBenchmarkTrace Debug Info Warning Error
        NBench.NBenchException .ctor
        NBench.ByteConstants EightKb SixteenKb ThirtyTwoKb SixtyFourKb
        NBench.NBenchRunner CreateTest Run PrintHelp
        NBench.Sdk.TestPackage .ctor Concurrent Tracing TeamCity OutputDirectory ConfigurationFile Name TestAssemblies OutputTargets AddInclude AddExclude AddOutput ShouldRunBenchmark
        NBench.Sdk.TestRunner .ctor Run Execute CreateOutput SetProcessPriority
        NBench.Sdk.TestRunnerResult AllTestsPassed ExecutedTestsCount IgnoredTestsCount FullResults
        NBench.Sdk.AssertionResult MetricName Message Passed
        NBench.Sdk.BenchmarkSettings TestMode RunMode ConcurrentMode TracingEnabled SkipWarmups NumberOfIterations RunTime Description Skip
        NBench.Sdk.AssertionType Total Throughput
        NBench.Sdk.Assertion .ctor Empty Test
        NBench.Sdk.IBenchmarkSetting MetricName AssertionType Assertion
        NBench.Sdk.IMeasurementConfigurator`1
        NBench.Sdk.MeasurementConfigurator`1 .ctor GetName GetMetricsProvider GetBenchmarkSettings
        NBench.Sdk.WarmupData
        NBench.Metrics.MetricName .ctor Equals ToHumanFriendlyString
        NBench.Collection.MetricCollector .ctor Collect Dispose
        NBench.Collection.MetricsCollectorSelector .ctor Create
        NBench.Reporting.IBenchmarkOutput WriteLine Warning Error StartBenchmark SkipBenchmark FinishBenchmark WriteRun WriteBenchmark
        NBench.Reporting.CompositeBenchmarkOutput .ctor
        NBench.Reporting.BenchmarkFinalResults BenchmarkName Data AssertionResults
        NBench.Reporting.BenchmarkResults BenchmarkName Settings Exceptions IsFaulted Runs StatsByMetric
        NBench.Reporting.AggregateMetrics Name Unit Runs Stats PerSecondStats
        NBench.Reporting.BenchmarkStat Min Max Average StandardDeviation StandardError
        NBench.Reporting.BenchmarkRunReport Elapsed Metrics Exceptions IsFaulted
        NBench.Reporting.MetricRunReport Name Unit Ticks MetricValue MetricValuePerSecond NanosPerMetricValue ElapsedNanos ElapsedSeconds
        NBench.Reporting.Targets.ConsoleBenchmarkOutput .ctor
        NBench.Reporting.Targets.MarkdownBenchmarkOutput .ctor
        NBench.Reporting.Targets.ActionBenchmarkOutput .ctor
        """;

    /// <summary>The members by the full name of their type.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Documented { get; } = Text.Split('\n', StringSplitOptions.TrimEntries)
        .Select(line => line.Split(' '))
        .ToDictionary(words => words[0], words => (IReadOnlyList<string>)words[1..]);
}

using System.Collections.Concurrent;
using NBench.Reporting;
using NBench.Sdk;

// What a garbage collection or a processor does is of the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace ActorFlow.NBench.Tests;

/// <summary>Runs specs of this assembly and keeps what the output heard.</summary>
internal static class Running
{
    public static Ran Spec<T>(string method = "*", Action<TestPackage>? configure = null)
    {
        var package = new TestPackage(typeof(T).Assembly, concurrent: true).AddInclude($"{typeof(T).FullName}+{method}");
        configure?.Invoke(package);
        return Package(package);
    }

    public static Ran Package(TestPackage package)
    {
        var output = new HeardOutput();
        return new(new HeardRunner(package, output).Execute(), output);
    }

    private sealed class HeardRunner(TestPackage package, HeardOutput output) : TestRunner(package)
    {
        protected override IBenchmarkOutput CreateOutput() => output;
    }
}

internal sealed record Ran(TestRunnerResult Result, HeardOutput Output)
{
    public BenchmarkFinalResults Only => Assert.Single(Output.Results);

    public AggregateMetrics Metric(string name) => Assert.Single(Only.Data.StatsByMetric, pair => pair.Key.ToHumanFriendlyString() == name).Value;
}

/// <summary>What happened to instances of a spec class, in order.</summary>
internal static class Recorded<T>
{
    private static readonly ConcurrentQueue<string> Events = new();

    public static IReadOnlyList<string> All => [.. Events];

    public static void Add(string what) => Events.Enqueue(what);

    public static int Count(string what) => Events.Count(one => one == what);

    public static void Clear() => Events.Clear();
}

internal sealed class HeardOutput : IBenchmarkOutput
{
    public List<string> Lines { get; } = [];

    public List<string> Warnings { get; } = [];

    public List<string> Errors { get; } = [];

    public List<string> Specs { get; } = [];

    public List<(BenchmarkRunReport Report, bool IsWarmup)> Runs { get; } = [];

    public void WriteLine(string message) => Lines.Add(message);

    public void Warning(string message) => Warnings.Add(message);

    public void Error(Exception ex, string message) => Errors.Add($"{message} {ex.Message}");

    public void Error(string message) => Errors.Add(message);

    public void StartBenchmark(string benchmarkName) => Specs.Add($"start {benchmarkName}");

    public void SkipBenchmark(string benchmarkName) => Specs.Add($"skip {benchmarkName}");

    public void FinishBenchmark(string benchmarkName) => Specs.Add($"finish {benchmarkName}");

    public void WriteRun(BenchmarkRunReport report, bool isWarmup = false) => Runs.Add((report, isWarmup));

    public List<BenchmarkFinalResults> Results { get; } = [];

    public void WriteBenchmark(BenchmarkFinalResults results)
    {
        Lines.Add(results.BenchmarkName);
        Results.Add(results);
    }
}

using NBench.Metrics;
using NBench.Reporting;
using NBench.Reporting.Targets;

namespace NBench.Sdk;

/// <summary>Runs the specs of a package one after another in this process.</summary>
/// <param name="package">What to run.</param>
public class TestRunner(TestPackage package)
{
    private readonly List<BenchmarkFinalResults> _collected = [];

    /// <summary>Runs a package.</summary>
    /// <param name="package">What to run.</param>
    public static TestRunnerResult Run(TestPackage package) => new TestRunner(package).Execute();

    /// <summary>Nothing: neither CPU nor priority is touched, for a spec may well be about several of them.</summary>
    /// <param name="concurrent">Whether other things may run beside the specs.</param>
    public static void SetProcessPriority(bool concurrent)
    {
    }

    /// <summary>Runs the package.</summary>
    /// <returns>What came of it; no spec that was selected at all is a failure.</returns>
    /// <exception cref="NBenchException">A class has two setups or two cleanups.</exception>
    public TestRunnerResult Execute()
    {
        SetProcessPriority(package.Concurrent);
        var output = CreateOutput();
        var specs = package.TestAssemblies.SelectMany(SpecMethod.Find).ToList();
        var selected = specs.Where(spec => package.ShouldRunBenchmark(spec.Name)).ToList();
        var results = new List<BenchmarkFinalResults>();
        foreach (var spec in selected)
        {
            if (Run(spec, output) is { } result)
            {
                results.Add(result);
            }
        }

        if (selected.Count == 0)
        {
            output.Error($"No spec of {package.Name} is selected.");
        }

        return new TestRunnerResult
        {
            AllTestsPassed = selected.Count > 0 && results.TrueForAll(IsPassed),
            ExecutedTestsCount = results.Count,
            IgnoredTestsCount = specs.Count - results.Count,
            FullResults = _collected,
        };
    }

    /// <summary>
    /// Who hears of runs: what fills <see cref="TestRunnerResult.FullResults"/>, the console, and what the package names. An override that
    /// does not call this leaves them empty.
    /// </summary>
    protected virtual IBenchmarkOutput CreateOutput()
    {
        var outputs = new List<IBenchmarkOutput> { new ActionBenchmarkOutput(benchmarkAction: _collected.Add), new ConsoleBenchmarkOutput() };
        if (package.TeamCity)
        {
            outputs.Add(new TeamCityBenchmarkOutput());
        }

        if (package.OutputDirectory is { Length: > 0 } directory)
        {
            outputs.Add(new MarkdownBenchmarkOutput(directory));
        }

        return new CompositeBenchmarkOutput([.. outputs, .. package.OutputTargets]);
    }

    private static bool IsPassed(BenchmarkFinalResults result) =>
        !result.Data.IsFaulted && result.AssertionResults.All(assertion => assertion.Passed);

    private BenchmarkFinalResults? Run(SpecMethod spec, IBenchmarkOutput output)
    {
        var (benchmark, measurements) = (spec.Benchmark, spec.Measurements);
        if (benchmark.Skip is { Length: > 0 } || measurements.Count == 0)
        {
            output.SkipBenchmark(spec.Name);
            output.Warning(measurements.Count == 0 ? $"{spec.Name} measures nothing: skipped." : $"{spec.Name} is skipped: {benchmark.Skip}");
            return null;
        }

        output.StartBenchmark(spec.Name);
        var result = new SpecLife(spec, new(benchmark, measurements, package), output).Run();
        foreach (var error in result.Data.Exceptions)
        {
            output.Error(error, $"{spec.Name} failed.");
        }

        output.WriteBenchmark(result);
        output.FinishBenchmark(spec.Name);
        return result;
    }
}

/// <summary>What came of a package.</summary>
public class TestRunnerResult
{
    /// <summary>Whether each spec that ran passed, and at least one was selected.</summary>
    public bool AllTestsPassed { get; set; }

    /// <summary>How many specs ran.</summary>
    public int ExecutedTestsCount { get; set; }

    /// <summary>How many did not.</summary>
    public int IgnoredTestsCount { get; set; }

    /// <summary>The results of those that ran.</summary>
    public IReadOnlyList<BenchmarkFinalResults> FullResults { get; set; } = [];
}

/// <summary>What came of an assertion.</summary>
/// <param name="metricName">The metric.</param>
/// <param name="message">What was expected, and what was.</param>
/// <param name="passed">Whether it holds.</param>
public readonly struct AssertionResult(MetricName metricName, string message, bool passed)
{
    /// <summary>The metric.</summary>
    public MetricName MetricName { get; } = metricName;

    /// <summary>What was expected, and what was.</summary>
    public string Message { get; } = message;

    /// <summary>Whether it holds.</summary>
    public bool Passed { get; } = passed;
}

using NBench.Metrics;
using NBench.Sdk;

namespace NBench.Reporting;

/// <summary>Statistics of some values.</summary>
public readonly struct BenchmarkStat
{
    internal BenchmarkStat(IReadOnlyList<double> values)
    {
        (Min, Max, Average) = (values.Min(), values.Max(), values.Average());
        var average = Average;
        StandardDeviation = values.Count < 2 ? 0 : Math.Sqrt(values.Sum(value => (value - average) * (value - average)) / (values.Count - 1));
        StandardError = StandardDeviation / Math.Sqrt(values.Count);
    }

    /// <summary>The least.</summary>
    public double Min { get; }

    /// <summary>The most.</summary>
    public double Max { get; }

    /// <summary>The mean.</summary>
    public double Average { get; }

    /// <summary>Of a sample (n - 1); 0 for a single value.</summary>
    public double StandardDeviation { get; }

    /// <summary>Of the mean.</summary>
    public double StandardError { get; }
}

/// <summary>What a metric came to over all measured runs.</summary>
public readonly struct AggregateMetrics
{
    internal AggregateMetrics(MetricName name, IReadOnlyList<MetricRunReport> runs)
    {
        (Name, Unit, Runs) = (name, runs[0].Unit, runs);
        Stats = new([.. runs.Select(run => run.MetricValue)]);
        PerSecondStats = new([.. runs.Select(run => run.MetricValuePerSecond)]);
    }

    /// <summary>The metric.</summary>
    public MetricName Name { get; }

    /// <summary>Its unit.</summary>
    public string Unit { get; }

    /// <summary>What it came to in each run.</summary>
    public IReadOnlyList<MetricRunReport> Runs { get; }

    /// <summary>Statistics of totals.</summary>
    public BenchmarkStat Stats { get; }

    /// <summary>Statistics of values per second.</summary>
    public BenchmarkStat PerSecondStats { get; }
}

/// <summary>What was measured of a spec.</summary>
public class BenchmarkResults
{
    internal BenchmarkResults(
        string name,
        BenchmarkSettings settings,
        IReadOnlyList<BenchmarkRunReport> runs,
        IReadOnlyList<Exception> exceptions,
        IReadOnlyDictionary<MetricName, AggregateMetrics> stats) =>
        (BenchmarkName, Settings, Runs, Exceptions, StatsByMetric) = (name, settings, runs, exceptions, stats);

    /// <summary>The spec, <c>Namespace.Class+Method</c>.</summary>
    public string BenchmarkName { get; }

    /// <summary>How it ran.</summary>
    public BenchmarkSettings Settings { get; }

    /// <summary>What was thrown, warm-ups included.</summary>
    public IReadOnlyList<Exception> Exceptions { get; }

    /// <summary>Whether anything was thrown.</summary>
    public bool IsFaulted => Exceptions.Count > 0;

    /// <summary>The measured runs, without warm-ups.</summary>
    public IReadOnlyList<BenchmarkRunReport> Runs { get; }

    /// <summary>What each metric came to.</summary>
    public IReadOnlyDictionary<MetricName, AggregateMetrics> StatsByMetric { get; }
}

/// <summary>What was measured of a spec, and what came of its assertions.</summary>
public class BenchmarkFinalResults
{
    internal BenchmarkFinalResults(BenchmarkResults data, IReadOnlyList<AssertionResult> assertions) =>
        (Data, AssertionResults) = (data, assertions);

    /// <summary>The spec, <c>Namespace.Class+Method</c>.</summary>
    public string BenchmarkName => Data.BenchmarkName;

    /// <summary>What was measured.</summary>
    public BenchmarkResults Data { get; }

    /// <summary>What came of the assertions; none where they are not checked.</summary>
    public IReadOnlyList<AssertionResult> AssertionResults { get; }
}

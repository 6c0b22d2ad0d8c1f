using System.Diagnostics;
using NBench.Metrics;

namespace NBench.Reporting;

/// <summary>What a metric came to in one run.</summary>
public readonly struct MetricRunReport
{
    internal MetricRunReport(MetricName name, string unit, double value, TimeSpan elapsed)
    {
        (Name, Unit, MetricValue) = (name, unit, value);
        Ticks = (long)(elapsed.TotalSeconds * Stopwatch.Frequency);
        (ElapsedSeconds, ElapsedNanos) = (elapsed.TotalSeconds, elapsed.TotalNanoseconds);
    }

    /// <summary>The metric.</summary>
    public MetricName Name { get; }

    /// <summary>Its unit.</summary>
    public string Unit { get; }

    /// <summary>How long the run took, in ticks of <see cref="Stopwatch"/>.</summary>
    public long Ticks { get; }

    /// <summary>The value: after the body minus before it.</summary>
    public double MetricValue { get; }

    /// <summary>The value per second of the run.</summary>
    public double MetricValuePerSecond => MetricValue / ElapsedSeconds;

    /// <summary>How many nanoseconds each took.</summary>
    public double NanosPerMetricValue => ElapsedNanos / MetricValue;

    /// <summary>How long the run took, in nanoseconds.</summary>
    public double ElapsedNanos { get; }

    /// <summary>How long the run took, in seconds.</summary>
    public double ElapsedSeconds { get; }
}

/// <summary>What came of one run.</summary>
public readonly struct BenchmarkRunReport
{
    internal BenchmarkRunReport(TimeSpan elapsed, IDictionary<MetricName, MetricRunReport> metrics, IReadOnlyList<Exception> exceptions) =>
        (Elapsed, Metrics, Exceptions) = (elapsed, metrics, exceptions);

    /// <summary>How long the body took.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>What each metric came to.</summary>
    public IDictionary<MetricName, MetricRunReport> Metrics { get; }

    /// <summary>What setup, body and cleanup threw.</summary>
    public IReadOnlyList<Exception> Exceptions { get; }

    /// <summary>Whether anything was thrown.</summary>
    public bool IsFaulted => Exceptions.Count > 0;
}

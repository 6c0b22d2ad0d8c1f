using NBench.Collection;
using NBench.Metrics;

namespace NBench.Sdk;

/// <summary>How a spec runs and what is measured of it.</summary>
public class BenchmarkSettings
{
    internal BenchmarkSettings(PerfBenchmarkAttribute benchmark, IEnumerable<MeasurementAttribute> measurements, TestPackage package)
    {
        TestMode = benchmark.TestMode;
        RunMode = benchmark.RunMode;
        NumberOfIterations = benchmark.NumberOfIterations;
        RunTime = TimeSpan.FromMilliseconds(benchmark.RunTimeMilliseconds == 0 ? 1_000 : benchmark.RunTimeMilliseconds);
        Description = benchmark.Description ?? "";
        Skip = benchmark.Skip ?? "";
        SkipWarmups = benchmark.SkipWarmups;
        ConcurrentMode = package.Concurrent;
        TracingEnabled = package.Tracing;
        var collectors = new Dictionary<MetricName, MetricsCollectorSelector>();
        var settings = new List<IBenchmarkSetting>();
        foreach (var attribute in measurements.SelectMany<MeasurementAttribute, MeasurementAttribute>(one => one is GcMeasurementAttribute gc ? GcConfigurator.PerGeneration(gc) : [one]))
        {
            var configurator = Configurators.Find(attribute.GetType());
            collectors.TryAdd(configurator.GetName(attribute), configurator.GetMetricsProvider(attribute));
            settings.AddRange(configurator.GetBenchmarkSettings(attribute));
        }

        // As in the package, counters come last, in results too.
        (Measurements, Collectors) = (settings, collectors.OrderBy(collector => collector.Value is CounterSelector).ToDictionary());
    }

    /// <summary>Whether assertions are checked.</summary>
    public TestMode TestMode { get; }

    /// <summary>How often the body runs in one execution.</summary>
    public RunMode RunMode { get; }

    /// <summary>Whether other things may run beside it; nothing here depends on it.</summary>
    public bool ConcurrentMode { get; }

    /// <summary>Whether traces go to the output.</summary>
    public bool TracingEnabled { get; }

    /// <summary>Whether the warm-ups are left out.</summary>
    public bool SkipWarmups { get; }

    /// <summary>How many warm-ups and how many measured runs.</summary>
    public int NumberOfIterations { get; }

    /// <summary>How long a run aims to take in Throughput mode.</summary>
    public TimeSpan RunTime { get; }

    /// <summary>What the spec is about; empty: nothing is said.</summary>
    public string Description { get; }

    /// <summary>Why it is left out; empty: it is not.</summary>
    public string Skip { get; }

    internal IReadOnlyList<IBenchmarkSetting> Measurements { get; }

    internal IReadOnlyDictionary<MetricName, MetricsCollectorSelector> Collectors { get; }
}

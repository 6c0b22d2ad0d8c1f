using NBench.Metrics;
using NBench.Sdk;

namespace NBench.Collection;

/// <summary>Reads a metric: once before the body, once after it; the difference is the execution's value.</summary>
/// <param name="name">The metric.</param>
/// <param name="unitName">Its unit.</param>
public abstract class MetricCollector(MetricName name, string unitName) : IDisposable
{
    /// <summary>The metric.</summary>
    public MetricName Name { get; } = name;

    /// <summary>Its unit.</summary>
    public string UnitName { get; } = unitName;

    /// <summary>Where it stands now.</summary>
    public abstract double Collect();

    /// <summary>Lets go of what it reads with.</summary>
    public void Dispose() => GC.SuppressFinalize(this);
}

/// <summary>Makes the collectors of a metric, one for each execution.</summary>
/// <param name="name">The metric.</param>
public abstract class MetricsCollectorSelector(MetricName name)
{
    /// <summary>The metric.</summary>
    public MetricName Name { get; } = name;

    /// <summary>Makes a collector.</summary>
    /// <param name="runMode">How the spec runs.</param>
    /// <param name="warmup">What the pre-warm-up showed.</param>
    /// <param name="setting">What is measured and asserted.</param>
    public abstract MetricCollector Create(RunMode runMode, WarmupData warmup, IBenchmarkSetting setting);
}

using NBench.Collection;
using NBench.Metrics;

namespace NBench.Sdk;

/// <summary>A metric that is measured, and the limit that its average is held against.</summary>
public interface IBenchmarkSetting : IEquatable<IBenchmarkSetting>
{
    /// <summary>The metric.</summary>
    MetricName MetricName { get; }

    /// <summary>Which average.</summary>
    AssertionType AssertionType { get; }

    /// <summary>The limit; <see cref="Assertion.Empty"/>: none.</summary>
    Assertion Assertion { get; }
}

/// <summary>Turns measurement attributes into settings and collectors.</summary>
public interface IMeasurementConfigurator
{
    /// <summary>The attribute that it is for; attributes derived from it as well.</summary>
    Type MeasurementType { get; }

    /// <summary>The metric that an attribute measures.</summary>
    /// <param name="attribute">The attribute.</param>
    MetricName GetName(MeasurementAttribute attribute);

    /// <summary>What makes its collectors.</summary>
    /// <param name="attribute">The attribute.</param>
    MetricsCollectorSelector GetMetricsProvider(MeasurementAttribute attribute);

    /// <summary>What is measured and asserted.</summary>
    /// <param name="attribute">The attribute.</param>
    IEnumerable<IBenchmarkSetting> GetBenchmarkSettings(MeasurementAttribute attribute);
}

/// <summary>Turns attributes of one type into settings and collectors.</summary>
/// <typeparam name="T">The attribute.</typeparam>
public interface IMeasurementConfigurator<in T> : IMeasurementConfigurator
    where T : MeasurementAttribute
{
    /// <summary>The metric that an attribute measures.</summary>
    /// <param name="instance">The attribute.</param>
    MetricName GetName(T instance);

    /// <summary>What makes its collectors.</summary>
    /// <param name="instance">The attribute.</param>
    MetricsCollectorSelector GetMetricsProvider(T instance);

    /// <summary>What is measured and asserted.</summary>
    /// <param name="instance">The attribute.</param>
    IEnumerable<IBenchmarkSetting> GetBenchmarkSettings(T instance);
}

/// <summary>
/// What an own measurement derives from; it is found by reflection in the assembly that declares the attribute and in what that
/// assembly references, and needs a constructor without parameters.
/// </summary>
/// <typeparam name="T">The attribute.</typeparam>
public abstract class MeasurementConfigurator<T> : IMeasurementConfigurator<T>
    where T : MeasurementAttribute
{
    /// <inheritdoc/>
    public Type MeasurementType => typeof(T);

    /// <inheritdoc/>
    public abstract MetricName GetName(T instance);

    /// <inheritdoc/>
    public abstract MetricsCollectorSelector GetMetricsProvider(T instance);

    /// <inheritdoc/>
    public abstract IEnumerable<IBenchmarkSetting> GetBenchmarkSettings(T instance);

    MetricName IMeasurementConfigurator.GetName(MeasurementAttribute attribute) => GetName((T)attribute);

    MetricsCollectorSelector IMeasurementConfigurator.GetMetricsProvider(MeasurementAttribute attribute) => GetMetricsProvider((T)attribute);

    IEnumerable<IBenchmarkSetting> IMeasurementConfigurator.GetBenchmarkSettings(MeasurementAttribute attribute) => GetBenchmarkSettings((T)attribute);
}

/// <summary>What the pre-warm-up showed.</summary>
public readonly struct WarmupData
{
    internal WarmupData(TimeSpan elapsed, long calls) => (Elapsed, Calls) = (elapsed, calls);

    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>How often the body ran in it.</summary>
    public long Calls { get; }

    /// <summary>How many calls fit into a time, at this pace; at least one.</summary>
    internal long CallsIn(TimeSpan time) => Math.Max(1, (long)Math.Ceiling(Calls * (time / Elapsed)));
}

/// <summary>A setting of a built-in measurement.</summary>
internal sealed record BenchmarkSetting(MetricName MetricName, AssertionType AssertionType, Assertion Assertion) : IBenchmarkSetting
{
    bool IEquatable<IBenchmarkSetting>.Equals(IBenchmarkSetting? other) => other is BenchmarkSetting setting && Equals(setting);
}

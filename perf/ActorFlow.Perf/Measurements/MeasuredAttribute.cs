using NBench;
using NBench.Collection;
using NBench.Metrics;
using NBench.Sdk;

namespace ActorFlow.Perf.Measurements;

/// <summary>A measurement of our own: begun before the body, ended after it.</summary>
public abstract class MeasuredAttribute : MeasurementAttribute
{
    /// <summary>What is measured.</summary>
    public abstract MeasuredName Metric { get; }

    /// <summary>Begins; what it returns gives the value once the body has run.</summary>
    public abstract Func<double> Begin();
}

/// <summary>What is measured, equal by its name.</summary>
/// <param name="name">The name.</param>
/// <param name="unit">The unit.</param>
/// <param name="kind">What it is of.</param>
/// <param name="moreIsBetter">Whether a larger value is the better one.</param>
public sealed class MeasuredName(string name, string unit, MetricKind kind, bool moreIsBetter = false) : MetricName
{
    /// <summary>The unit.</summary>
    public string Unit { get; } = unit;

    /// <summary>What it is of.</summary>
    public MetricKind Kind { get; } = kind;

    /// <summary>Whether a larger value is the better one.</summary>
    public bool MoreIsBetter { get; } = moreIsBetter;

    /// <inheritdoc/>
    public override bool Equals(MetricName? other) => other is MeasuredName measured && measured.ToHumanFriendlyString() == name;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MetricName);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(name);

    /// <inheritdoc/>
    public override string ToHumanFriendlyString() => name;
}

/// <summary>What NBench asks about a measurement of our own. Each attribute has a class of its own, for NBench looks for it by type.</summary>
/// <typeparam name="T">The attribute.</typeparam>
public abstract class MeasuredConfigurator<T> : MeasurementConfigurator<T>
    where T : MeasuredAttribute
{
    /// <inheritdoc/>
    public override MetricName GetName(T instance) => instance.Metric;

    /// <inheritdoc/>
    public override MetricsCollectorSelector GetMetricsProvider(T instance) => new Selector(instance);

    /// <inheritdoc/>
    public override IEnumerable<IBenchmarkSetting> GetBenchmarkSettings(T instance) => [new Setting(instance.Metric)];

    private sealed class Setting(MeasuredName name) : IBenchmarkSetting
    {
        public MetricName MetricName => name;

        public AssertionType AssertionType => AssertionType.Total;

        // Bars judge medians and belong to a store: the host holds them, not NBench.
        public Assertion Assertion => Assertion.Empty;

        public bool Equals(IBenchmarkSetting? other) => other is Setting setting && setting.MetricName.Equals(name);

        public override bool Equals(object? obj) => Equals(obj as IBenchmarkSetting);

        public override int GetHashCode() => name.GetHashCode();
    }

    private sealed class Selector(MeasuredAttribute attribute) : MetricsCollectorSelector(attribute.Metric)
    {
        public override MetricCollector Create(RunMode runMode, WarmupData warmup, IBenchmarkSetting setting) => new Collector(attribute);
    }

    // Read twice, and the difference counts: nothing the first time, the value the second.
    private sealed class Collector(MeasuredAttribute attribute) : MetricCollector(attribute.Metric, attribute.Metric.Unit)
    {
        private Func<double>? _end;

        public override double Collect()
        {
            if (_end is { } end)
            {
                return end();
            }

            _end = attribute.Begin();
            return 0;
        }
    }
}

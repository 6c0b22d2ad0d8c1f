namespace NBench.Metrics;

/// <summary>What is measured; equal by value, for results are kept by it.</summary>
public abstract class MetricName : IEquatable<MetricName>
{
    /// <inheritdoc/>
    public abstract bool Equals(MetricName? other);

    /// <summary>As people read it.</summary>
    public abstract string ToHumanFriendlyString();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MetricName);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToHumanFriendlyString());

    /// <inheritdoc/>
    public override string ToString() => ToHumanFriendlyString();
}

/// <summary>A counter.</summary>
/// <param name="counterName">The counter.</param>
public sealed class CounterMetricName(string counterName) : MetricName
{
    /// <summary>The counter.</summary>
    public string CounterName { get; } = counterName;

    /// <inheritdoc/>
    public override bool Equals(MetricName? other) => other is CounterMetricName name && name.CounterName == CounterName;

    /// <inheritdoc/>
    public override string ToHumanFriendlyString() => $"[Counter] {CounterName}";
}

/// <summary>Collections of a generation.</summary>
/// <param name="metric">What is counted.</param>
/// <param name="generation">Of which generation.</param>
public sealed class GcMetricName(GcMetric metric, GcGeneration generation) : MetricName
{
    /// <summary>Of which generation.</summary>
    public GcGeneration Generation { get; } = generation;

    /// <inheritdoc/>
    public override bool Equals(MetricName? other) => other is GcMetricName name && name.ToHumanFriendlyString() == ToHumanFriendlyString();

    /// <inheritdoc/>
    public override string ToHumanFriendlyString() => $"{metric} [{Generation}]";
}

/// <summary>Growth of the heap.</summary>
/// <param name="metric">What is measured.</param>
public sealed class MemoryMetricName(MemoryMetric metric) : MetricName
{
    /// <inheritdoc/>
    public override bool Equals(MetricName? other) => other is MemoryMetricName name && name.ToHumanFriendlyString() == ToHumanFriendlyString();

    /// <inheritdoc/>
    public override string ToHumanFriendlyString() => $"{metric}";
}

/// <summary>Elapsed time.</summary>
public sealed class TimingMetricName : MetricName
{
    /// <inheritdoc/>
    public override bool Equals(MetricName? other) => other is TimingMetricName;

    /// <inheritdoc/>
    public override string ToHumanFriendlyString() => "Elapsed Time";
}

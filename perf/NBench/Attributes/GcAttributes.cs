namespace NBench;

/// <summary>Counts garbage collections.</summary>
/// <param name="metric">What is counted.</param>
/// <param name="generation">Of which generation.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public class GcMeasurementAttribute(GcMetric metric, GcGeneration generation) : MeasurementAttribute
{
    /// <summary>What is counted.</summary>
    public GcMetric Metric { get; } = metric;

    /// <summary>Of which generation.</summary>
    public GcGeneration Generation { get; } = generation;
}

/// <summary>Counts garbage collections and checks their average per second.</summary>
/// <param name="metric">What is counted.</param>
/// <param name="generations">Of which generation.</param>
/// <param name="condition">How the average relates to the limit.</param>
/// <param name="averageOperationsPerSecond">The limit.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public class GcThroughputAssertionAttribute(GcMetric metric, GcGeneration generations, MustBe condition, double averageOperationsPerSecond)
    : GcMeasurementAttribute(metric, generations)
{
    /// <summary>How the average relates to the limit.</summary>
    public MustBe Condition { get; } = condition;

    /// <summary>The limit.</summary>
    public double AverageOperationsPerSecond { get; } = averageOperationsPerSecond;

    /// <summary>The upper limit of <see cref="MustBe.Between"/>; it cannot be said in an attribute.</summary>
    public double? MaxAverageOperationsPerSecond { get; set; }
}

/// <summary>Counts garbage collections and checks their average total.</summary>
/// <param name="metric">What is counted.</param>
/// <param name="generations">Of which generation.</param>
/// <param name="condition">How the average relates to the limit.</param>
/// <param name="averageOperationsTotal">The limit.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public class GcTotalAssertionAttribute(GcMetric metric, GcGeneration generations, MustBe condition, double averageOperationsTotal)
    : GcMeasurementAttribute(metric, generations)
{
    /// <summary>How the average relates to the limit.</summary>
    public MustBe Condition { get; } = condition;

    /// <summary>The limit.</summary>
    public double AverageOperationsTotal { get; } = averageOperationsTotal;

    /// <summary>The upper limit of <see cref="MustBe.Between"/>; it cannot be said in an attribute.</summary>
    public double? MaxAverageOperationsTotal { get; set; }
}

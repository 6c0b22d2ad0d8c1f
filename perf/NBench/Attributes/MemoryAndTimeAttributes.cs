namespace NBench;

/// <summary>Measures the growth of the heap.</summary>
/// <param name="metric">What is measured.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public class MemoryMeasurementAttribute(MemoryMetric metric) : MeasurementAttribute
{
    /// <summary>What is measured.</summary>
    public MemoryMetric Metric { get; } = metric;
}

/// <summary>Measures the growth of the heap and checks its average.</summary>
/// <param name="metric">What is measured.</param>
/// <param name="condition">How the average relates to the limit.</param>
/// <param name="averageBytes">The limit, in bytes.</param>
[AttributeUsage(AttributeTargets.Method)]
public class MemoryAssertionAttribute(MemoryMetric metric, MustBe condition, double averageBytes) : MemoryMeasurementAttribute(metric)
{
    /// <summary>How the average relates to the limit.</summary>
    public MustBe Condition { get; } = condition;

    /// <summary>The limit, in bytes.</summary>
    public double AverageBytes { get; } = averageBytes;

    /// <summary>The upper limit of <see cref="MustBe.Between"/>; it cannot be said in an attribute.</summary>
    public double? MaxAverageBytes { get; set; }
}

/// <summary>Measures how long an execution takes, in whole milliseconds.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public class TimingMeasurementAttribute : MeasurementAttribute;

/// <summary>Measures how long an execution takes and checks the average.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public class ElapsedTimeAssertionAttribute : TimingMeasurementAttribute
{
    /// <summary>The most it may take.</summary>
    public long MaxTimeMilliseconds { get; set; }

    /// <summary>The least it may take; 0 (the default): no least.</summary>
    public long MinTimeMilliseconds { get; set; }
}

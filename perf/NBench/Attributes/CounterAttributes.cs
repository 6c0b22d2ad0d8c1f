namespace NBench;

/// <summary>Measures a counter that the spec counts with.</summary>
/// <param name="counterName">The counter.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public class CounterMeasurementAttribute(string counterName) : MeasurementAttribute
{
    /// <summary>The counter.</summary>
    public string CounterName { get; } = counterName;
}

/// <summary>Measures a counter and checks its average per second.</summary>
/// <param name="counterName">The counter.</param>
/// <param name="condition">How the average relates to the limit.</param>
/// <param name="averageOperationsPerSecond">The limit.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public class CounterThroughputAssertionAttribute(string counterName, MustBe condition, double averageOperationsPerSecond)
    : CounterMeasurementAttribute(counterName)
{
    /// <summary>How the average relates to the limit.</summary>
    public MustBe Condition { get; } = condition;

    /// <summary>The limit.</summary>
    public double AverageOperationsPerSecond { get; } = averageOperationsPerSecond;

    /// <summary>The upper limit of <see cref="MustBe.Between"/>; it cannot be said in an attribute.</summary>
    public double? MaxAverageOperationsPerSecond { get; set; }
}

/// <summary>Measures a counter and checks its average total.</summary>
/// <param name="counterName">The counter.</param>
/// <param name="condition">How the average relates to the limit.</param>
/// <param name="averageOperationsTotal">The limit.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public class CounterTotalAssertionAttribute(string counterName, MustBe condition, double averageOperationsTotal)
    : CounterMeasurementAttribute(counterName)
{
    /// <summary>How the average relates to the limit.</summary>
    public MustBe Condition { get; } = condition;

    /// <summary>The limit.</summary>
    public double AverageOperationsTotal { get; } = averageOperationsTotal;

    /// <summary>The upper limit of <see cref="MustBe.Between"/>; it cannot be said in an attribute.</summary>
    public double? MaxAverageOperationsTotal { get; set; }
}

namespace NBench;

/// <summary>A public method that is a spec.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class PerfBenchmarkAttribute : Attribute
{
    /// <summary>How many measured runs there are where nothing is said.</summary>
    public const int DefaultNumberOfIterations = 10;

    /// <summary>Nothing is checked where nothing is said.</summary>
    public const TestMode DefaultTestType = TestMode.Measurement;

    /// <summary>The body runs once where nothing is said.</summary>
    public const RunMode DefaultRunType = RunMode.Iterations;

    /// <summary>Stands for 1,000 ms.</summary>
    public const int DefaultRuntimeMilliseconds = 0;

    /// <summary>How many warm-ups and how many measured runs, 1 or more. The default is 10.</summary>
    public int NumberOfIterations { get; set; } = DefaultNumberOfIterations;

    /// <summary>In Throughput mode, how long a run aims to take; 0 (the default) stands for 1,000. No timeout.</summary>
    public int RunTimeMilliseconds { get; set; } = DefaultRuntimeMilliseconds;

    /// <summary>Whether assertions are checked. By default they are not.</summary>
    public TestMode TestMode { get; set; } = DefaultTestType;

    /// <summary>How often the body runs in one execution. The default is once.</summary>
    public RunMode RunMode { get; set; } = DefaultRunType;

    /// <summary>What the spec is about.</summary>
    public string? Description { get; set; }

    /// <summary>Why the spec is left out; none: it is not.</summary>
    public string? Skip { get; set; }

    /// <summary>Whether the warm-ups (not the pre-warm-up) are left out.</summary>
    public bool SkipWarmups { get; set; }
}

/// <summary>A public method that runs before each execution of the class's specs; at most one.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class PerfSetupAttribute : Attribute;

/// <summary>A public method that runs after each execution of the class's specs; at most one.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class PerfCleanupAttribute : Attribute;

/// <summary>Something that is measured of a spec.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class MeasurementAttribute : Attribute;

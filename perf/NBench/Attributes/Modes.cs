namespace NBench;

/// <summary>Whether assertions of a spec are checked.</summary>
public enum TestMode
{
    /// <summary>Assertions are checked and decide.</summary>
    Test,

    /// <summary>Everything is measured, nothing is checked.</summary>
    Measurement,
}

/// <summary>How often the body runs within one execution.</summary>
public enum RunMode
{
    /// <summary>Once.</summary>
    Iterations,

    /// <summary>As often as fits into the run time, the same number in each run.</summary>
    Throughput,
}

/// <summary>How an average relates to its limit.</summary>
public enum MustBe
{
    /// <summary>Less than it.</summary>
    LessThan,

    /// <summary>At most it.</summary>
    LessThanOrEqualTo,

    /// <summary>More than it.</summary>
    GreaterThan,

    /// <summary>At least it.</summary>
    GreaterThanOrEqualTo,

    /// <summary>It.</summary>
    ExactlyEqualTo,

    /// <summary>Within two limits, both included.</summary>
    Between,
}

/// <summary>A generation of the garbage collector.</summary>
public enum GcGeneration
{
    /// <summary>The youngest.</summary>
    Gen0 = 0,

    /// <summary>The middle one.</summary>
    Gen1 = 1,

    /// <summary>The oldest.</summary>
    Gen2 = 2,

    /// <summary>Each of them, as a metric of its own.</summary>
    AllGc = -1,
}

/// <summary>What is counted of the garbage collector.</summary>
public enum GcMetric
{
    /// <summary>How often a generation was collected.</summary>
    TotalCollections,
}

/// <summary>What is measured of memory.</summary>
public enum MemoryMetric
{
    /// <summary>The growth of the heap; despite its name not what was allocated.</summary>
    TotalBytesAllocated,
}

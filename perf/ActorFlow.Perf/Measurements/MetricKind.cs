namespace ActorFlow.Perf.Measurements;

/// <summary>What a metric is of: it decides how far it may move between two runs, and whether quick runs look at it.</summary>
public enum MetricKind
{
    /// <summary>How long something takes.</summary>
    Time,

    /// <summary>How much gets done in a second.</summary>
    Throughput,

    /// <summary>Processor time.</summary>
    Cpu,

    /// <summary>What was allocated: steady, on any machine.</summary>
    Allocated,

    /// <summary>How often something happened: steady, too.</summary>
    Count,

    /// <summary>What is held or resident.</summary>
    Memory,

    /// <summary>Percent of something.</summary>
    Share,

    /// <summary>The slow end of something: pauses, high percentiles.</summary>
    Tail,
}

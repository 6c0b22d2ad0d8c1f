namespace ActorFlow.Perf.Running;

/// <summary>Names a spec, and says how it is run.</summary>
/// <param name="id">The id, which <c>--filter</c>, baselines and reports use.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SpecAttribute(string id) : Attribute
{
    /// <summary>The id.</summary>
    public string Id { get; } = id;

    /// <summary>A word for several specs, which <c>--filter</c> takes as well.</summary>
    public string Group { get; init; } = "";

    /// <summary>Whether the body is repeated until it is warm. Not so: the first time counts, and the body runs in measured runs only.</summary>
    public bool WarmUp { get; init; } = true;

    /// <summary>Whether <c>--quick</c> runs it.</summary>
    public bool Quick { get; init; } = true;

    /// <summary>Whether it is run by its very id only: it takes too long for a run of all specs.</summary>
    public bool ByNameOnly { get; init; }

    /// <summary>Whether it needs runs that outlive their node's process; in memory it is skipped.</summary>
    public bool Durable { get; init; }

    /// <summary>How long the body may take, in seconds. The default is 120.</summary>
    public int TimeoutSeconds { get; init; } = 120;

    /// <summary>A file or folder from the repository's root that it needs; it is skipped where that is missing. None: it needs nothing.</summary>
    public string? Data { get; init; }
}

/// <summary>What the median of a metric has to come to. <see cref="AtMost"/> or <see cref="AtLeast"/> says the limit.</summary>
/// <param name="metric">The metric: <c>time</c>, a figure, <c>tasks/s</c> for a counter, <c>cpu/1000</c> ...</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class BarAttribute(string metric) : Attribute
{
    /// <summary>The metric.</summary>
    public string Metric { get; } = metric;

    /// <summary>The most allowed.</summary>
    public double AtMost { get; init; } = double.NaN;

    /// <summary>The least allowed.</summary>
    public double AtLeast { get; init; } = double.NaN;

    /// <summary>The store that it is for; none: all.</summary>
    public string? Store { get; init; }
}

/// <summary>The spec runs in a fresh process: what it measures is of the whole process.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class OwnProcessAttribute : Attribute
{
    /// <summary>How many fresh processes run it, one after the other; what each measures is a round. The default is 1.</summary>
    public int Processes { get; init; } = 1;

    /// <summary>
    /// Whether .NET compiles each method once and for all (<c>TieredCompilation=0</c>), not again, with more care, whenever it has been called
    /// often: for what would take minutes to settle. The default is no, as in any other process.
    /// </summary>
    public bool CompilesOnce { get; init; }
}

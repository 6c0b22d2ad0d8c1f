using System.Text.Json.Serialization;
using ActorFlow.Perf.Measurements;

namespace ActorFlow.Perf.Results;

/// <summary>What a metric of a spec came to: the value of each measured run, and statistics of them.</summary>
/// <param name="Name">The metric.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Kind">What it is of.</param>
/// <param name="MoreIsBetter">Whether a larger value is the better one.</param>
/// <param name="Values">The values, in the order of the runs; at least one.</param>
/// <param name="PerSecond">Of a counter, the statistics per second.</param>
internal sealed record MetricResult(
    string Name,
    string Unit,
    MetricKind Kind,
    bool MoreIsBetter,
    IReadOnlyList<double> Values,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Statistics? PerSecond = null)
{
    private readonly Statistics _statistics = Statistics.Of(Values);

    /// <summary>The mean.</summary>
    public double Mean => _statistics.Mean;

    /// <summary>The standard deviation of a sample.</summary>
    [JsonPropertyName("stddev")]
    public double StdDev => _statistics.StdDev;

    /// <summary>The least.</summary>
    public double Min => _statistics.Min;

    /// <summary>The most.</summary>
    public double Max => _statistics.Max;

    /// <summary>How far the values lie apart, in words.</summary>
    [JsonIgnore]
    public string Range => Values.Count == 1 ? "1 round" : $"{Figure.Format(Min)} to {Figure.Format(Max)}";

    /// <summary>The middle one.</summary>
    public double Median => _statistics.Median;

    /// <summary>The 95th percentile.</summary>
    public double P95 => _statistics.P95;
}

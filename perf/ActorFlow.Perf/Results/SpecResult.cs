using System.Text.Json.Serialization;
using ActorFlow.Perf.Running;

namespace ActorFlow.Perf.Results;

/// <summary>What a spec came to.</summary>
internal sealed record SpecResult
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The name by which NBench knows it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is about.</summary>
    public required string Description { get; init; }

    /// <summary>Its group; empty: none.</summary>
    public string Group { get; init; } = "";

    /// <summary>Why it did not run; none: it did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Skipped { get; init; }

    /// <summary>What went wrong: a check of its results, a timeout.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>How often the body was repeated until it was warm.</summary>
    public int WarmUpRounds { get; init; }

    /// <summary>Whether the last two of them agreed; so, too, where there were none.</summary>
    public bool IsWarm { get; init; } = true;

    /// <summary>The rounds to warm up in a word: <c>3</c>; <c>12+</c>, where they did not agree yet; empty, where there were none.</summary>
    [JsonIgnore]
    public string WarmUpWord => WarmUpRounds == 0 ? "" : $"{WarmUpRounds}{(IsWarm ? "" : "+")}";

    /// <summary>How long all of it took, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>The bars of the store that it ran on.</summary>
    [JsonPropertyName("assertions")]
    public IReadOnlyList<BarResult> Bars { get; init; } = [];

    /// <summary>The metrics.</summary>
    public IReadOnlyList<MetricResult> Metrics { get; init; } = [];

    /// <summary>One spec that several processes have run: what each measured is a round, or several.</summary>
    /// <param name="parts">What the processes came to, at least one; all measured the same metrics.</param>
    /// <param name="bars">The bars that the whole is held against.</param>
    public static SpecResult Of(IReadOnlyList<SpecResult> parts, IReadOnlyList<BarAttribute> bars)
    {
        List<double> ValuesOf(string metric) => [.. parts.SelectMany(part => part.Metric(metric)!.Values)];
        var metrics = parts[0].Metrics
            .Select(metric => new MetricResult(
                metric.Name,
                metric.Unit,
                metric.Kind,
                metric.MoreIsBetter,
                ValuesOf(metric.Name),
                metric.PerSecond is null ? null : Statistics.Of(ValuesOf($"{metric.Name}/s"))))
            .ToList();
        return parts[0] with
        {
            Seconds = parts.Sum(part => part.Seconds),
            Metrics = metrics,
            Bars = [.. bars.Select(bar => BarResult.Judge(bar, metrics.First(metric => metric.Name == bar.Metric)))],
        };
    }

    /// <summary>Whether something went wrong.</summary>
    public bool Faulted => Errors.Count > 0;

    /// <summary>Whether nothing went wrong and every bar is met.</summary>
    public bool Passed => !Faulted && Bars.All(bar => bar.Passed);

    /// <summary>A metric by its name; none: it was not measured.</summary>
    public MetricResult? Metric(string name) => Metrics.FirstOrDefault(metric => metric.Name == name);

    /// <summary>Whether it decides against the run: something went wrong, or a bar is missed that counts.</summary>
    /// <param name="quick">Whether only bars count that are steady on any machine.</param>
    public bool Fails(bool quick) =>
        Faulted || Bars.Any(bar => !bar.Passed && bar.Counts(this, quick));
}

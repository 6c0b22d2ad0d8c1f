using System.Collections.Concurrent;
using ActorFlow.Perf.Results;
using ActorFlow.Perf.Running;

namespace ActorFlow.Perf.Measurements;

/// <summary>A figure that the spec itself works out and sets in its <see cref="Figures"/>; to declare it and not to set it is an error.</summary>
/// <param name="name">The figure.</param>
/// <param name="unit">Its unit.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class FigureAttribute(string name, string unit) : MeasuredAttribute
{
    /// <summary>Whether a larger value is the better one; so for what is per second.</summary>
    public bool MoreIsBetter { get; init; } = unit.EndsWith("/s", StringComparison.Ordinal);

    /// <summary>Whether it is the slow end of something, a high percentile say: a comparison lets it move further.</summary>
    public bool IsTail { get; init; }

    /// <inheritdoc/>
    public override MeasuredName Metric => new(name, unit, IsTail ? MetricKind.Tail : KindOf(unit), MoreIsBetter);

    /// <inheritdoc/>
    public override Func<double> Begin()
    {
        var figures = SpecRun.Current.Figures;
        figures.Forget(name);
        return () => figures.ValueOf(name);
    }

    internal static MetricKind KindOf(string unit) => unit switch
    {
        "ms" or "s" => MetricKind.Time,
        "%" => MetricKind.Share,
        "bytes" or "KB" or "MB" => MetricKind.Memory,
        _ when unit.EndsWith("/s", StringComparison.Ordinal) => MetricKind.Throughput,
        _ => MetricKind.Count,
    };
}

/// <inheritdoc/>
public sealed class FigureConfigurator : MeasuredConfigurator<FigureAttribute>;

/// <summary>The figures that a spec has worked out in this execution; any thread may set one.</summary>
public sealed class Figures
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<double>> _values = new(StringComparer.Ordinal);

    /// <summary>Sets a figure. A body that is repeated within a round sets it each time, and their median counts.</summary>
    /// <param name="name">The figure.</param>
    public double this[string name]
    {
        set => _values.GetOrAdd(name, _ => []).Enqueue(value);
    }

    internal void Forget(string name) => _values.TryRemove(name, out _);

    /// <summary>A figure; not a number: it was not set.</summary>
    internal double ValueOf(string name) => _values.TryGetValue(name, out var values) ? Statistics.Of([.. values]).Median : double.NaN;
}

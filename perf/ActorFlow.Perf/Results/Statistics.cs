using System.Text.Json.Serialization;

namespace ActorFlow.Perf.Results;

/// <summary>Statistics of some values.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="StdDev">The standard deviation of a sample (n - 1); 0 for a single value.</param>
/// <param name="Min">The least.</param>
/// <param name="Max">The most.</param>
/// <param name="Median">The middle one.</param>
/// <param name="P95">The 95th percentile, interpolated.</param>
internal sealed record Statistics(double Mean, [property: JsonPropertyName("stddev")] double StdDev, double Min, double Max, double Median, double P95)
{
    /// <summary>Statistics of values, of which there is at least one.</summary>
    public static Statistics Of(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToArray();
        var mean = sorted.Average();
        var deviation = sorted.Length < 2 ? 0 : Math.Sqrt(sorted.Sum(value => (value - mean) * (value - mean)) / (sorted.Length - 1));
        return new(mean, deviation, sorted[0], sorted[^1], Percentile(sorted, 0.5), Percentile(sorted, 0.95));
    }

    /// <summary>The two values between which the middle half of the values lies, interpolated.</summary>
    /// <param name="values">The values, at least one.</param>
    public static (double Lower, double Upper) MiddleHalfOf(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToArray();
        return (Percentile(sorted, 0.25), Percentile(sorted, 0.75));
    }

    private static double Percentile(double[] sorted, double share)
    {
        var position = share * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (position - below));
    }
}

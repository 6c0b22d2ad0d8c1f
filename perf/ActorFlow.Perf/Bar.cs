using System.Globalization;

namespace ActorFlow.Perf;

/// <summary>What is measured, and what it has to come to.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Unit">In which unit.</param>
/// <param name="Limit">The bar.</param>
/// <param name="MoreIsBetter">Whether the bar is the least allowed rather than the most.</param>
internal sealed record Bar(string Name, string Unit, double Limit, bool MoreIsBetter = false)
{
    /// <summary>The bar in words.</summary>
    public string Words => $"{(MoreIsBetter ? "≥" : "≤")} {Format(Limit)} {Unit}";

    /// <summary>Whether a figure meets it.</summary>
    public bool Meets(double value) => MoreIsBetter ? value >= Limit : value <= Limit;

    /// <summary>A figure with three digits or so.</summary>
    public static string Format(double value) =>
        value.ToString(Math.Abs(value) switch { >= 1000 => "n0", >= 100 => "0", >= 10 => "0.0", _ => "0.00" }, CultureInfo.InvariantCulture);
}

/// <summary>The figures of a bar; the median counts.</summary>
internal sealed record Measured(Bar Bar, IReadOnlyList<double> Values)
{
    /// <summary>The middle value.</summary>
    public double Median { get; } = MedianOf(Values);

    /// <summary>Whether the median meets the bar.</summary>
    public bool IsMet => Bar.Meets(Median);

    private static double MedianOf(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}

using System.Globalization;

namespace ActorFlow.Perf.Results;

/// <summary>How figures are written.</summary>
internal static class Figure
{
    /// <summary>A figure with three digits or so; a whole number as it is.</summary>
    public static string Format(double value) => value.ToString(
        Math.Abs(value) switch { _ when double.IsInteger(value) => "n0", >= 1000 => "n0", >= 100 => "0", >= 10 => "0.0", >= 1 => "0.00", _ => "0.###" },
        CultureInfo.InvariantCulture);

    /// <summary>A ratio with two decimals; of a figure that was 0 there is none.</summary>
    public static string Ratio(double value) => double.IsFinite(value) ? $"x{value.ToString("0.00", CultureInfo.InvariantCulture)}" : "from 0";
}

using System.Globalization;
using System.Text;
using ActorFlow.Perf.Results;

namespace ActorFlow.Perf.Reports;

/// <summary>Values as dots on a line, with their median and the bar.</summary>
internal static class DistributionPlot
{
    private const double Width = 320;
    private const double Height = 34;
    private const double Margin = 10;
    private const double Line = 13;

    /// <summary>Draws it.</summary>
    /// <param name="values">The values.</param>
    /// <param name="median">Their median.</param>
    /// <param name="limit">The bar; none: there is none.</param>
    public static string Svg(IReadOnlyList<double> values, double median, double? limit)
    {
        var (low, high) = (values.Min(), values.Max());
        // A bar far away would squeeze the dots into one: it is then only hinted at, on the side where it lies.
        var isNear = limit is { } near && near >= low - (4 * Spread(low, high)) && near <= high + (4 * Spread(low, high));
        var (from, to) = isNear ? (Math.Min(low, limit!.Value), Math.Max(high, limit.Value)) : (low, high);
        var svg = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\">"));
        svg.Append($"<title>{values.Count} runs, median {Figure.Format(median)}</title>");
        Mark(svg, "axis", Margin, Line, Width - Margin, Line);
        foreach (var value in values)
        {
            svg.Append(string.Create(CultureInfo.InvariantCulture, $"<circle class=\"dot\" cx=\"{X(value):0.#}\" cy=\"{Line}\" r=\"4.5\"/>"));
        }

        Mark(svg, "mid", X(median), Line - 8, X(median), Line + 8);
        if (isNear)
        {
            Mark(svg, "limit", X(limit!.Value), 1, X(limit.Value), Line + 12);
        }
        else if (limit is { } far)
        {
            var (x, anchor, words) = far > high ? (Width, "end", $"{Figure.Format(far)} ▸") : (0, "start", $"◂ {Figure.Format(far)}");
            svg.Append(string.Create(CultureInfo.InvariantCulture, $"<text class=\"far\" x=\"{x}\" y=\"8\" text-anchor=\"{anchor}\">{words}</text>"));
        }

        Label(svg, X(low), low, low < high && X(high) - X(low) < 40 ? "end" : "middle");
        if (high > low)
        {
            Label(svg, X(high), high, X(high) - X(low) < 40 ? "start" : "middle");
        }

        return svg.Append("</svg>").ToString();

        double X(double value) => to <= from ? Width / 2 : Margin + ((value - from) / (to - from) * (Width - (2 * Margin)));
    }

    private static double Spread(double low, double high) => Math.Max(high - low, Math.Abs(high) * 0.1);

    private static void Mark(StringBuilder svg, string style, double x1, double y1, double x2, double y2) =>
        svg.Append(string.Create(CultureInfo.InvariantCulture, $"<line class=\"{style}\" x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\"/>"));

    private static void Label(StringBuilder svg, double x, double value, string anchor)
    {
        var inside = anchor == "middle" ? Math.Clamp(x, Margin + 12, Width - Margin - 12) : x;
        svg.Append(string.Create(CultureInfo.InvariantCulture, $"<text x=\"{inside:0.#}\" y=\"{Height - 1}\" text-anchor=\"{anchor}\">{Figure.Format(value)}</text>"));
    }
}

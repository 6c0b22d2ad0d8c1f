using System.Globalization;
using System.Text;
using ActorFlow.Perf.Results;
using static System.Net.WebUtility;

namespace ActorFlow.Perf.Reports;

/// <summary>Medians over the saved runs, this one last.</summary>
internal static class TrendPlot
{
    private const double Width = 140;
    private const double Height = 34;
    private const double Margin = 5;

    /// <summary>Draws it; a single point is no trend and gives nothing.</summary>
    /// <param name="points">Names of runs and their medians, oldest first.</param>
    /// <param name="limit">The bar; it is drawn where it lies within the trend.</param>
    public static string Svg(IReadOnlyList<(string Name, double Median)> points, double? limit)
    {
        if (points.Count < 2)
        {
            return "";
        }

        var (low, high) = (points.Min(point => point.Median), points.Max(point => point.Median));
        var svg = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\">"));
        svg.Append($"<title>{HtmlEncode(string.Join(", ", points.Select(point => $"{point.Name} {Figure.Format(point.Median)}")))}</title>");
        if (limit is { } bar && bar >= low && bar <= high)
        {
            svg.Append(string.Create(CultureInfo.InvariantCulture, $"<line class=\"limit\" x1=\"0\" y1=\"{Y(bar):0.#}\" x2=\"{Width}\" y2=\"{Y(bar):0.#}\"/>"));
        }

        var path = points.Select((point, index) => string.Create(CultureInfo.InvariantCulture, $"{X(index):0.#},{Y(point.Median):0.#}"));
        svg.Append($"<polyline class=\"path\" points=\"{string.Join(' ', path)}\"/>");
        svg.Append(string.Create(CultureInfo.InvariantCulture, $"<circle class=\"last\" cx=\"{X(points.Count - 1):0.#}\" cy=\"{Y(points[^1].Median):0.#}\" r=\"3\"/>"));
        return svg.Append("</svg>").ToString();

        double X(int index) => Margin + (index * (Width - (2 * Margin)) / (points.Count - 1));

        // Nothing to the top: the height of a point says how it compares, not only that it moved.
        double Y(double median) => high <= 0 ? Height / 2 : Height - Margin - (median / high * (Height - (2 * Margin)));
    }
}

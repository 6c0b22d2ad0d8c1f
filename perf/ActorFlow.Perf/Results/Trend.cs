namespace ActorFlow.Perf.Results;

/// <summary>The line that fits points best, by least squares.</summary>
internal static class Trend
{
    /// <summary>How far the line rises by one of <c>X</c>; 0 where all points share one.</summary>
    public static double SlopeOf(IReadOnlyList<(double X, double Y)> points)
    {
        var (x, y) = (points.Average(point => point.X), points.Average(point => point.Y));
        var width = points.Sum(point => (point.X - x) * (point.X - x));
        return width > 0 ? points.Sum(point => (point.X - x) * (point.Y - y)) / width : 0;
    }
}

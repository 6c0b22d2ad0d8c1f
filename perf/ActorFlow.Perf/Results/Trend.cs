namespace ActorFlow.Perf.Results;

/// <summary>How points rise.</summary>
internal static class Trend
{
    /// <summary>The median of the slopes between any two points: what holds for most, whatever single ones do; 0 where there are no two.</summary>
    /// <remarks>Source: Theil, 1950; Sen, Journal of the American Statistical Association 63 (1968).</remarks>
    public static double SlopeOf(IReadOnlyList<(double X, double Y)> points)
    {
        double[] slopes = [.. from a in points from b in points where a.X < b.X select (b.Y - a.Y) / (b.X - a.X)];
        return slopes.Length > 0 ? Statistics.Of(slopes).Median : 0;
    }
}

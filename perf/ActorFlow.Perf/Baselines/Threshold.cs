using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Results;

namespace ActorFlow.Perf.Baselines;

/// <summary>
/// How far a median may move the wrong way: by a share of the baseline's, and by so much in any case. Where the middle halves of the
/// rounds still overlap, a median that moved further is taken for noise.
/// </summary>
/// <param name="Share">The share: 0.3 is 30 %.</param>
/// <param name="Slack">So much in any case, in the metric's unit: what is nearly nothing moves by multiples.</param>
internal sealed record Threshold(double Share, double Slack)
{
    /// <summary>The threshold of a kind: machines are noisy, allocations and counts are not.</summary>
    public static Threshold Of(MetricKind kind) => kind switch
    {
        MetricKind.Allocated => new(0.1, 0),
        MetricKind.Count => new(0.1, 1),
        MetricKind.Memory => new(0.3, 5),
        MetricKind.Share => new(0.3, 2),
        MetricKind.Tail => new(1, 20),
        MetricKind.Time => new(0.3, 0.1),
        _ => new(0.3, 0),
    };

    /// <summary>Whether a metric has moved too far the wrong way.</summary>
    public bool IsBeyond(MetricResult before, MetricResult now) =>
        IsBeyond(before.Median, now.Median, now.MoreIsBetter) && AreApart(before.Values, now.Values);

    private bool IsBeyond(double before, double now, bool moreIsBetter)
    {
        var worse = moreIsBetter ? before - now : now - before;
        return worse > Slack && (moreIsBetter ? now < before / (1 + Share) : now > before * (1 + Share));
    }

    private static bool AreApart(IReadOnlyList<double> before, IReadOnlyList<double> now)
    {
        var (was, isNow) = (Statistics.MiddleHalfOf(before), Statistics.MiddleHalfOf(now));
        return isNow.Lower > was.Upper || isNow.Upper < was.Lower;
    }
}

using ActorFlow.Perf.Measurements;

namespace ActorFlow.Perf.Baselines;

/// <summary>How far a median may move the wrong way: by a share of the baseline's, and by so much in any case.</summary>
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

    /// <summary>Whether a median has moved too far the wrong way.</summary>
    public bool IsBeyond(double before, double now, bool moreIsBetter)
    {
        var worse = moreIsBetter ? before - now : now - before;
        return worse > Slack && (moreIsBetter ? now < before / (1 + Share) : now > before * (1 + Share));
    }
}

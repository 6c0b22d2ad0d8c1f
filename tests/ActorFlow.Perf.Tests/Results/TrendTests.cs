using ActorFlow.Perf.Results;

namespace ActorFlow.Perf.Tests.Results;

public sealed class TrendTests
{
    [Fact]
    public void A_line_has_its_own_slope() =>
        Assert.Equal(3, Trend.SlopeOf([(0, 1), (1, 4), (2, 7), (5, 16)]), 9);

    [Fact]
    public void What_goes_up_and_down_alike_is_flat() =>
        Assert.Equal(0, Trend.SlopeOf([(0, 5), (1, 7), (2, 7), (3, 5)]), 9);

    [Fact]
    public void A_single_moment_has_no_slope() =>
        Assert.Equal(0, Trend.SlopeOf([(1, 5), (1, 9)]));
}

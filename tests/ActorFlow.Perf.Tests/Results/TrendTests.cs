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

    [Theory]
    [InlineData(new double[] { 1, 4, 7, 10 }, 3)]
    [InlineData(new double[] { 5, 5, 9, 5, 5 }, 0)]
    [InlineData(new double[] { 5, 5, 5, 5, 9 }, 0)]
    [InlineData(new double[] { 1, 4, 7, 90, 13, 16 }, 3)]
    [InlineData(new double[] { 1 }, 0)]
    public void A_moment_does_not_move_the_slope(double[] values, double slope) =>
        Assert.Equal(slope, Trend.SlopeOf([.. values.Select((value, index) => ((double)index, value))]), 9);
}

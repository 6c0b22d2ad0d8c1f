using ActorFlow.Perf.Results;

namespace ActorFlow.Perf.Tests.Results;

public sealed class StatisticsTests
{
    [Fact]
    public void Values_have_a_mean_a_sample_deviation_and_limits()
    {
        var statistics = Statistics.Of([9, 2, 4, 4, 4, 5, 5, 7]);

        Assert.Equal((5.0, 2.0, 9.0, 4.5), (statistics.Mean, statistics.Min, statistics.Max, statistics.Median));
        Assert.Equal(Math.Sqrt(32.0 / 7), statistics.StdDev, 12);
    }

    [Theory]
    [InlineData(new double[] { 3 }, 3, 3)]
    [InlineData(new double[] { 5, 1, 3 }, 3, 4.8)]
    [InlineData(new double[] { 1, 2, 3, 4 }, 2.5, 3.85)]
    public void The_median_is_the_middle_and_percentiles_are_interpolated(double[] values, double median, double p95)
    {
        var statistics = Statistics.Of(values);

        Assert.Equal(median, statistics.Median, 12);
        Assert.Equal(p95, statistics.P95, 12);
    }

    [Theory]
    [InlineData(new double[] { 3 }, 3, 3)]
    [InlineData(new double[] { 5, 1, 4, 2, 3 }, 2, 4)]
    [InlineData(new double[] { 1, 2, 3, 4 }, 1.75, 3.25)]
    public void The_middle_half_lies_between_the_quartiles(double[] values, double lower, double upper) =>
        Assert.Equal((lower, upper), Statistics.MiddleHalfOf(values));

    [Fact]
    public void A_single_value_deviates_by_nothing() => Assert.Equal(0, Statistics.Of([7]).StdDev);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(5, "5")]
    [InlineData(0.0634, "0.063")]
    [InlineData(4.126, "4.13")]
    [InlineData(41.26, "41.3")]
    [InlineData(412.6, "413")]
    [InlineData(41260.4, "41,260")]
    [InlineData(1000, "1,000")]
    public void Figures_have_three_digits_or_so(double value, string text) => Assert.Equal(text, Figure.Format(value));
}

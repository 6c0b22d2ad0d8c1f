using ActorFlow.Core.Definitions;
using CsCheck;

namespace ActorFlow.Core.Tests.Definitions;

public sealed class DurationTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("30s", 30_000)]
    [InlineData("5m", 300_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("2d", 172_800_000)]
    [InlineData("1d2h3m4s5ms", 93_784_005)]
    [InlineData("2m 3s", 123_000)]
    [InlineData(" 30s ", 30_000)]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("PT5M", 300_000)]
    [InlineData("P1DT2H", 93_600_000)]
    [InlineData("P2W", 1_209_600_000)]
    [InlineData("PT0.5S", 500)]
    [InlineData("PT36H", 129_600_000)]
    public void A_duration_is_read(string text, double milliseconds)
    {
        Assert.True(Duration.TryParse(text, out var value));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), value);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("+5s")]
    [InlineData("1.5h")]
    [InlineData("5 s")]
    [InlineData("5S")]
    [InlineData("30m1h")]
    [InlineData("1m1m")]
    [InlineData("5sec")]
    [InlineData("5s x")]
    [InlineData("1h30")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1Y")]
    [InlineData("P1M")]
    [InlineData("PT5")]
    [InlineData("P5M1D")]
    [InlineData("PT1S1M")]
    [InlineData("PT-5M")]
    [InlineData("-PT5M")]
    [InlineData("PT1.5M")]
    [InlineData("PT0.12345678S")]
    [InlineData("PT.S")]
    [InlineData("PTT5M")]
    [InlineData("36501d")]
    [InlineData("P36501D")]
    [InlineData("36500d1ms")]
    [InlineData("999999999999999999d")]
    [InlineData("9999999999999999999999999d")]
    [InlineData("PT99999999999999999999S")]
    public void Anything_else_is_none(string text) => Assert.False(Duration.TryParse(text, out _));

    [Fact]
    public void The_longest_duration_is_36500_days()
    {
        Assert.True(Duration.TryParse("36500d", out var value));
        Assert.Equal(Duration.Max, value);
    }

    [Fact]
    public void The_text_of_any_duration_gives_it_back() =>
        Gen.Long[0, Duration.Max.Ticks].Sample(ticks =>
            Duration.TryParse(Duration.ToText(TimeSpan.FromTicks(ticks)), out var value) && value.Ticks == ticks);

    [Fact]
    public void The_text_of_whole_milliseconds_gives_them_back_in_units() =>
        Gen.Long[0, (long)Duration.Max.TotalMilliseconds].Sample(ms =>
        {
            var text = Duration.ToText(TimeSpan.FromMilliseconds(ms));
            return text[0] != 'P' && Duration.TryParse(text, out var value) && value == TimeSpan.FromMilliseconds(ms);
        });

    [Theory]
    [InlineData(0, "0ms")]
    [InlineData(320, "320ms")]
    [InlineData(999.6, "1s")]
    [InlineData(3_210, "3.2s")]
    [InlineData(45_900, "45s")]
    [InlineData(123_000, "2m 3s")]
    [InlineData(5_400_000, "1h 30m")]
    [InlineData(187_200_000, "2d 4h")]
    [InlineData(-123_000, "-2m 3s")]
    public void For_people_its_two_largest_units_are_told(double milliseconds, string text) =>
        Assert.Equal(text, Duration.Format(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void The_extremes_have_a_text_for_people()
    {
        Assert.Equal("10675199d 2h", Duration.Format(TimeSpan.MaxValue));
        Assert.Equal("-10675199d 2h", Duration.Format(TimeSpan.MinValue));
    }

    [Theory]
    [InlineData("2026-03-01", "2026-03-01T00:00:00Z")]
    [InlineData("2026-03-01T08:30", "2026-03-01T08:30:00Z")]
    [InlineData("2026-03-01T08:30:15", "2026-03-01T08:30:15Z")]
    [InlineData("2026-03-01 08:30:15", "2026-03-01T08:30:15Z")]
    [InlineData("2026-03-01T08:30:15.5Z", "2026-03-01T08:30:15.5Z")]
    [InlineData("2026-03-01T08:30:15+02:00", "2026-03-01T06:30:15Z")]
    public void Rule_19_a_timestamp_without_an_offset_is_UTC(string text, string utc)
    {
        Assert.True(Timestamp.TryParse(text, out var value));
        Assert.Equal(DateTimeOffset.Parse(utc, System.Globalization.CultureInfo.InvariantCulture), value);
        Assert.Equal(TimeSpan.Zero, value.Offset);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tomorrow")]
    [InlineData("2026-13-01")]
    [InlineData("2026-02-30")]
    [InlineData("01/02/2026")]
    [InlineData("2026-03-01T25:00")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    public void Anything_else_is_no_timestamp(string text) => Assert.False(Timestamp.TryParse(text, out _));
}

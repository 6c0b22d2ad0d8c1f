using System.ComponentModel.DataAnnotations;

namespace ActorFlow.Configuration.Tests;

public sealed class SettingRangeTests
{
    [Theory]
    [InlineData(1, true)]
    [InlineData(10, true)]
    [InlineData(0, false)]
    [InlineData(11, false)]
    public void A_number_lies_between_both_ends(int value, bool isIn) =>
        Assert.Equal(isIn ? null : $"My:Key must lie between 1 and 10; it is {value}.", Failure(new(1, 10), value));

    [Fact]
    public void A_number_may_have_no_greatest_value()
    {
        Assert.Null(Failure(new(1), long.MaxValue));
        Assert.Equal("My:Key must be 1 or more; it is 0.", Failure(new(1), 0L));
    }

    [Theory]
    [InlineData("00:00:00.01", null)]
    [InlineData("1.00:00:00", null)]
    [InlineData("00:00:00.009", "My:Key must lie between 10ms and 1d; it is 9ms.")]
    [InlineData("2.00:00:00", "My:Key must lie between 10ms and 1d; it is 2d.")]
    [InlineData("-00:00:01", "My:Key must lie between 10ms and 1d; it is -00:00:01.")]
    public void A_duration_lies_between_both_ends(string value, string? failure) =>
        Assert.Equal(failure, Failure(new("10ms", "1d"), TimeSpan.Parse(value, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Of_a_dictionary_every_value_is_checked_and_named()
    {
        var slots = new Dictionary<string, int> { ["a"] = 0, ["b"] = 1, ["c"] = -1 };

        Assert.Equal("My:Key:a must be 1 or more; it is 0. My:Key:c must be 1 or more; it is -1.", Failure(new(1), slots));
    }

    [Fact]
    public void A_range_has_words()
    {
        Assert.Equal("1 to 10", new SettingRangeAttribute(1, 10).Words);
        Assert.Equal("100 or more", new SettingRangeAttribute(100).Words);
        Assert.Equal("10ms to 1d", new SettingRangeAttribute("10ms", "1d").Words);
    }

    private static string? Failure(SettingRangeAttribute range, object value) =>
        range.GetValidationResult(value, new ValidationContext(new object()) { DisplayName = "My.Key" })?.ErrorMessage;
}

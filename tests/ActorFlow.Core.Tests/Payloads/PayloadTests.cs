using System.Text.Json;
using CsCheck;

namespace ActorFlow.Core.Tests;

public sealed class PayloadTests
{
    [Theory]
    [InlineData(" { \"a\" : [ 1 , 2.50 , 1e3 ] } ", """{"a":[1,2.50,1e3]}""")]
    [InlineData("12345678901234567890", "12345678901234567890")]
    [InlineData("\"\\u00e9\"", "\"\u00e9\"")]
    public void White_space_goes_and_numbers_keep_their_text(string json, string compact) =>
        Assert.Equal(compact, Payload.Parse(json).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("1 2")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"\\udc00\":1}")]
    [InlineData("[NaN]")]
    public void What_is_not_one_json_value_is_refused(string json) =>
        Assert.ThrowsAny<JsonException>(() => Payload.Parse(json));

    [Fact]
    public void More_than_128_levels_are_refused() =>
        Assert.ThrowsAny<JsonException>(() => Payload.Parse(new string('[', 129) + new string(']', 129)));

    [Fact]
    public void Equal_bytes_are_equal_payloads() =>
        Gen.String.Select(text => string.Concat(text.Where(character => !char.IsSurrogate(character)))).Sample(text =>
        {
            var payload = Payload.FromString(text);
            var again = Payload.Parse(payload.ToString());
            Assert.Equal(payload, again);
            Assert.Equal(payload.GetHashCode(), again.GetHashCode());
            Assert.Equal(text, again.To<string>());
        });
}

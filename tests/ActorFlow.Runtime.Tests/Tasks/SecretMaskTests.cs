using ActorFlow.Core.Payloads;
using ActorFlow.Runtime.Tasks;

namespace ActorFlow.Runtime.Tests.Tasks;

public sealed class SecretMaskTests
{
    [Theory]
    [InlineData("""{"a":"x hunter22 y"}""", """{"a":"x *** y"}""")]
    [InlineData("""["hunter22","hunter22hunter22"]""", """["***","******"]""")]
    [InlineData("""{"hunter22":1}""", """{"***":1}""")]
    [InlineData("""{"n":[{"deep":"hunter22"}],"t":true,"z":null,"f":1.50}""", """{"n":[{"deep":"***"}],"t":true,"z":null,"f":1.50}""")]
    [InlineData("\"quo\\\"te\\\\d\"", "\"***\"")]
    [InlineData("1123456789", "\"1***\"")]
    [InlineData("\"hunter2\"", "\"hunter2\"")]
    public void Rule_25_secrets_are_masked_wherever_they_stand_in_a_value(string value, string masked)
    {
        var mask = new SecretMask(["hunter22", "quo\"te\\d", "123456789"]);

        Assert.Equal(masked, mask.Apply(Payload.Parse(value)).ToString());
    }

    [Fact]
    public void Values_shorter_than_6_characters_are_not_masked() =>
        Assert.Equal("12345 ***", new SecretMask(["12345", "123456"]).Apply("12345 123456"));

    [Fact]
    public void The_longer_of_two_secrets_is_masked_whole() =>
        Assert.Equal("***", new SecretMask(["secret", "secret-and-more"]).Apply("secret-and-more"));
}

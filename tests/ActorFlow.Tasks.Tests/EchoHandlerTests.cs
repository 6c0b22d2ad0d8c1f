
namespace ActorFlow.Tasks.Tests;

public sealed class EchoHandlerTests
{
    [Theory]
    [InlineData("""{"a":[1,2.50,"ü"],"b":null}""")]
    [InlineData("null")]
    [InlineData("9007199254740993")]
    public async Task The_output_is_the_input_byte_for_byte(string json)
    {
        var input = Payload.FromTrustedUtf8(System.Text.Encoding.UTF8.GetBytes(json));

        var output = await new EchoHandler().RunAsync(input, new RecordingContext(), CancellationToken.None);

        Assert.Equal(json, output.ToString());
    }
}

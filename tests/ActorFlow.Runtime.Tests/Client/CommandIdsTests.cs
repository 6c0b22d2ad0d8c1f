using ActorFlow.Runtime.Client;

namespace ActorFlow.Runtime.Tests.Client;

public sealed class CommandIdsTests
{
    [Fact]
    public void Failure_71_a_UUID_stays_itself_and_any_other_text_always_gives_the_same_one()
    {
        var uuid = Guid.CreateVersion7();

        Assert.Equal(uuid, CommandIds.Of(uuid.ToString()));
        Assert.Equal(CommandIds.Of("order-7/pay"), CommandIds.Of("order-7/pay"));
        // A promise: another node, or another release, must make the same of it.
        Assert.Equal("2c26b46b-68ff-868f-b99b-453c1d304134", CommandIds.Of("foo").ToString());
        Assert.NotEqual(CommandIds.Of("a"), CommandIds.Of("b"));
        Assert.NotEqual(CommandIds.Of(null), CommandIds.Of(null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("with blank")]
    [InlineData("ümlaut")]
    [InlineData("line\n")]
    public void A_text_of_another_form_is_refused(string text) =>
        Assert.Equal("invalid-request", Assert.Throws<InvalidRequestException>(() => CommandIds.Of(text)).Code);

    [Fact]
    public void The_longest_text_has_200_characters()
    {
        CommandIds.Of(new('x', 200));
        Assert.Throws<InvalidRequestException>(() => CommandIds.Of(new('x', 201)));
    }
}

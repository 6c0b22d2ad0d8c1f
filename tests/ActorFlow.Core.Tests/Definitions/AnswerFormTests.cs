using ActorFlow.Core.Definitions;

namespace ActorFlow.Core.Tests.Definitions;

/// <summary>An answer is compared by its value, however its number is written.</summary>
public sealed class AnswerFormTests
{
    [Theory]
    [InlineData("[1,2]", "1.0", true)]
    [InlineData("[1,2]", "20e-1", true)]
    [InlineData("[1,2]", "1e999999999999", false)]
    [InlineData("[9007199254740993]", "9007199254740992", false)]
    [InlineData("""[{"a":1,"b":2}]""", """{"b":2.0,"a":1}""", true)]
    [InlineData("""["1"]""", "1", false)]
    public void A_choice_is_one_of_the_options(string options, string answer, bool isOne) =>
        Assert.Equal(isOne, AnswerForm.Fault(AskKind.Choice, Payload.Parse(options), Payload.Parse(answer)) is null);

    [Theory]
    [InlineData("5.0", true)]
    [InlineData("10e-1", true)]
    [InlineData("5.0000000000000000000001", false)]
    [InlineData("0.99999999999999999999999", false)]
    [InlineData("1e999999999999", false)]
    [InlineData("1e-999999999999", false)]
    [InlineData("6", false)]
    public void A_rating_is_a_whole_number(string answer, bool isRating) =>
        Assert.Equal(isRating, AnswerForm.Fault(AskKind.Rating, null, Payload.Parse(answer)) is null);
}

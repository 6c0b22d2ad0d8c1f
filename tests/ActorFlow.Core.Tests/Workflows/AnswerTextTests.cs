using ActorFlow.Core.Workflows.Explaining;

namespace ActorFlow.Core.Tests.Workflows;

public sealed class AnswerTextTests
{
    [Theory]
    [InlineData(nameof(AskKind.Approval), "y", "true")]
    [InlineData(nameof(AskKind.Approval), " Yes ", "true")]
    [InlineData(nameof(AskKind.Validation), "false", "false")]
    [InlineData(nameof(AskKind.Approval), "maybe", null)]
    [InlineData(nameof(AskKind.Approval), "", null)]
    [InlineData(nameof(AskKind.Rating), "5", "5")]
    [InlineData(nameof(AskKind.Rating), "0", null)]
    [InlineData(nameof(AskKind.Rating), "6", null)]
    [InlineData(nameof(AskKind.Rating), "4.5", null)]
    [InlineData(nameof(AskKind.Choice), "large", "\"large\"")]
    [InlineData(nameof(AskKind.Choice), "1", "\"small\"")]
    [InlineData(nameof(AskKind.Choice), "2", "2")]
    [InlineData(nameof(AskKind.Choice), "3", "\"large\"")]
    [InlineData(nameof(AskKind.Choice), "4", null)]
    [InlineData(nameof(AskKind.Choice), "-1", null)]
    [InlineData(nameof(AskKind.Text), "true", "\"true\"")]
    [InlineData(nameof(AskKind.Feedback), "so \"so\"", "\"so \\\"so\\\"\"")]
    [InlineData(nameof(AskKind.Review), "   ", null)]
    public void An_answer_is_typed_as_people_type_it(string kind, string text, string? value) =>
        Assert.Equal(value, AnswerText.Read(Question(Enum.Parse<AskKind>(kind)), text)?.ToString());

    [Theory]
    [InlineData(nameof(AskKind.Approval), "yes or no", "yes")]
    [InlineData(nameof(AskKind.Choice), "small or 2 or large", "small")]
    [InlineData(nameof(AskKind.Rating), "1 to 5", "5")]
    [InlineData(nameof(AskKind.Text), "text", "TEXT")]
    public void The_form_and_an_example_are_what_can_be_typed(string kind, string form, string example) =>
        Assert.Equal((form, example), (AnswerText.FormOf(Question(Enum.Parse<AskKind>(kind))), AnswerText.ExampleOf(Question(Enum.Parse<AskKind>(kind)))));

    private static OpenQuestion Question(AskKind kind) =>
        new("approve", "Approve it", kind, "Ship\nit?", kind == AskKind.Choice ? Payload.Parse("""["small", 2, "large"]""") : null, null, null);
}

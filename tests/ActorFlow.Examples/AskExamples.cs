using ActorFlow.Testing;

namespace ActorFlow.Examples;

/// <summary>Asking people: all seven kinds, who was asked, and what happens when nobody answers.</summary>
public sealed class AskExamples
{
    [Theory]
    [InlineData("approval", "true", "\"yes\"")]
    [InlineData("validation", "false", "1")]
    [InlineData("choice, options: [red, green]", "\"green\"", "\"blue\"")]
    [InlineData("rating", "5", "6")]
    [InlineData("text", "\"some words\"", "true")]
    [InlineData("feedback", "\"more of it\"", "1")]
    [InlineData("review", "\"see line 7\"", "null")]
    public async Task Each_kind_takes_its_answer_and_refuses_others(string kind, string good, string bad)
    {
        await using var host = WorkflowTestHost.Create();
        var run = await host.StartAsync(host.Register($$$"""
            name: question
            tasks:
              ask: { ask: { kind: {{{kind}}}, prompt: "What do you say, ${{ input.name }}?", assignees: [ada] } }
            """), new { name = "Ada" });
        var question = Assert.Single(run.Questions);
        Assert.Equal(("ask", "What do you say, Ada?"), (question.Task, question.Prompt));
        Assert.Equal(Enum.Parse<AskKind>(kind.Split(',')[0], ignoreCase: true), question.Kind);

        var refused = await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => run.AnswerAsync("ask", Payload.Parse(bad)));
        Assert.Equal("invalid-answer", refused.Code);
        await host.AdvanceAsync(1.Hours());
        await run.AnswerAsync("ask", Payload.Parse(good), by: "ada", comment: "so be it");

        Assert.True(run.HasEnded);
        Assert.Equal(
            $$$"""{"ask":{"value":{{{good}}},"by":"ada","at":"2026-01-01T01:00:00.000Z","comment":"so be it"}}""", run.Output.ToString());
    }

    [Fact]
    public async Task A_late_answer_is_a_conflict()
    {
        await using var host = WorkflowTestHost.Create();
        var run = await host.StartAsync(host.Register("""
            name: question
            tasks:
              ask: { ask: { kind: approval, prompt: Well? } }
              more: { needs: [ask], signal: more }
            """));
        await run.AnswerAsync("ask", true);

        var refused = await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => run.AnswerAsync("ask", false));

        Assert.Equal("not-waiting", refused.Code);
    }

    [Fact]
    public async Task When_nobody_answers_in_time_the_default_is_taken()
    {
        await using var host = WorkflowTestHost.Create();
        var run = await host.StartAsync(host.Register("""
            name: question
            tasks:
              ask: { ask: { kind: rating, prompt: How was it?, default: 3 }, timeout: 7d }
            output: { stars: "${{ tasks.ask.output.value }}", late: "${{ tasks.ask.output.timedOut }}" }
            """));

        await run.EndAsync();

        Assert.Equal("""{"stars":3,"late":true}""", run.Output.ToString());
        Assert.Equal(7.Days(), run.Took);
    }
}

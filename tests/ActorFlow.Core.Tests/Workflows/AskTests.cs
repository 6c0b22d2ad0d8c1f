using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Rule 29: questions to people.</summary>
public sealed class AskTests
{
    private static Decision Answered(ScenarioRun run, string json, string task = "a", string? by = null, string? comment = null) =>
        run.Ask(new WorkflowCommand.Answer(ScenarioRun.WorkflowId, Guid.NewGuid(), task, Payload.Parse(json), by, comment));

    private static string? Code(Decision decision) => (decision as Decision.Refused)?.Code;

    [Theory]
    [InlineData("approval", "true", "false", null, "1", "\"yes\"", "null")]
    [InlineData("validation", "false", "true", null, "0", "\"no\"", "[]")]
    [InlineData("choice", "\"red\"", "2", "true", "\"green\"", "\"2\"", "null")]
    [InlineData("rating", "1", "5", "3", "0", "6", "2.5")]
    [InlineData("text", "\"\"", "\"anything\"", null, "1", "true", "{}")]
    [InlineData("feedback", "\"good\"", "\"bad\"", null, "1", "null", "[\"good\"]")]
    [InlineData("review", "\"good\"", "\"bad\"", null, "false", "null", "{\"text\":\"good\"}")]
    public void Rule_29_Every_kind_takes_its_answers_and_refuses_all_others(string kind, string good, string alsoGood, string? third, params string[] bad)
    {
        var options = kind == "choice" ? ", options: [red, 2, true]" : string.Empty;
        var run = Scenario.Of($"tasks: {{ a: {{ ask: {{ kind: {kind}, prompt: p{options} }} }} }}").Play();

        foreach (var answer in bad)
        {
            Assert.Equal("invalid-answer", Code(Answered(run, answer)));
        }

        foreach (var answer in new[] { good, alsoGood, third ?? good })
        {
            var accepted = Assert.IsType<Decision.Accepted>(Answered(run, answer));
            var end = Assert.IsType<WorkflowState.Closed>(accepted.State);
            Assert.Equal(RunOutcome.Completed, end.Outcome);
            Assert.StartsWith($$"""{"a":{"value":{{answer}},""", end.Output.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_kind_is_asked_in_these_tests() => Assert.Equal(
        ["Approval", "Choice", "Feedback", "Rating", "Review", "Text", "Validation"], Enum.GetNames<AskKind>().Order(StringComparer.Ordinal));

    [Fact]
    public void Rule_29_The_output_says_who_when_and_with_what_comment()
    {
        var run = Scenario.Of("tasks: { a: { ask: { kind: approval, prompt: Ship it? } } }\noutput: ${{ tasks.a.output }}")
            .Reply("90m", "a", false, "ann", "not yet").RunToEnd();

        Assert.Equal("""{"value":false,"by":"ann","at":"2026-01-01T01:30:00.000Z","comment":"not yet"}""", run.Output);
    }

    [Fact]
    public void Rule_29_No_is_completed_with_false()
    {
        var run = Scenario.Of("""
            tasks:
              a: { ask: { kind: approval, prompt: p } }
              b: { uses: work, needs: a, if: tasks.a.output.value }
            output: ["${{ tasks.a.status }}", "${{ tasks.b.status }}"]
            """).Reply("1m", "a", false).RunToEnd();

        Assert.Equal("""["completed","skipped"]""", run.Output);
    }

    [Fact]
    public void Rule_29_An_invalid_answer_leaves_the_question_open_and_the_first_valid_one_settles_it()
    {
        var run = Scenario.Of("tasks: { a: { ask: { kind: rating, prompt: p } }, b: { delay: 1d } }")
            .Reply("1m", "a", 9).Reply("2m", "a", 4, "ann").Reply("3m", "a", 5, "bob").RunToEnd();

        Assert.Equal(["invalid-answer", "not-waiting"], run.Refusals.Select(refusal => refusal.Code));
        Assert.Contains("\"value\":4,\"by\":\"ann\"", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Rule_29_A_late_answer_is_a_conflict_but_a_repeated_one_is_not()
    {
        var id = Guid.NewGuid();
        var run = Scenario.Of("tasks: { a: { ask: { kind: text, prompt: p } }, b: { delay: 1d } }")
            .Reply("1m", "a", "x", command: id).Reply("2m", "a", "x", command: id).Reply("3m", "a", "x").Reply("2d", "a", "x").Reply("2d", "a", "x", command: id).RunToEnd();

        Assert.Equal(["not-waiting", "closed"], run.Refusals.Select(refusal => refusal.Code));
    }

    [Theory]
    [InlineData("b", "task-not-found")]
    [InlineData("work", "task-not-found")]
    [InlineData("later", "not-waiting")]
    [InlineData("g/later", "not-waiting")]
    public void An_answer_that_nobody_waits_for_is_refused(string task, string code)
    {
        var run = Scenario.Of("""
            tasks:
              a: { ask: { kind: text, prompt: p } }
              work: { uses: work }
              later: { ask: { kind: text, prompt: p }, needs: a }
            """).Play();

        Assert.Equal(code, Code(Answered(run, "\"x\"", task)));
    }

    [Fact]
    public void Elements_and_tasks_of_groups_are_answered_by_their_paths_and_iterations_may_be_left_out()
    {
        var run = Scenario.Of("""
            tasks:
              each: { for-each: [x, y], ask: { kind: text, prompt: "${{ item }}" } }
              group: { tasks: { q: { ask: { kind: text, prompt: p } } } }
              loop: { ask: { kind: text, prompt: p }, repeat: { until: iteration === 1 } }
            output: ["${{ tasks.each.output[0].value + tasks.each.output[1].value }}", "${{ tasks.group.output.q.value }}", "${{ tasks.loop.output.value }}"]
            """).Reply("1m", "each[1]", "1").Reply("2m", "each[0]", "0").Reply("3m", "group/q", "g").Reply("4m", "loop", "first").Reply("5m", "loop#1", "second").RunToEnd();

        Assert.Equal("""["01","g","second"]""", run.Output);
        Assert.Empty(run.Refusals);
    }

    [Fact]
    public void The_open_questions_tell_everything_that_was_asked()
    {
        var run = Scenario.Of("""
            tasks:
              a:
                title: Colour
                ask: { kind: choice, prompt: "Which, ${{ input.who }}?", options: "${{ input.colours }}", assignees: ["${{ input.who }}"] }
                timeout: 2h
            """).Input(new { who = "ann", colours = new[] { "red", "blue" } }).Pause("1m").Play();
        var asked = Assert.Single(run.StateAfter(1) is WorkflowState.Open open ? open.Questions : []);

        Assert.Equal(("a", "Colour", AskKind.Choice, "Which, ann?"), (asked.Task, asked.Title, asked.Kind, asked.Prompt));
        Assert.Equal("""["red","blue"]""", asked.Options!.ToString());
        Assert.Equal("""["ann"]""", asked.Assignees!.ToString());
        Assert.Equal(ScenarioRun.Epoch + TimeSpan.FromHours(2), asked.TimeoutAt);
    }

    [Fact]
    public void Rule_29_Assignees_are_information_and_not_access_control()
    {
        var run = Scenario.Of("tasks: { a: { ask: { kind: text, prompt: p, assignees: [ann] } } }").Play();

        Assert.IsType<Decision.Accepted>(Answered(run, "\"x\"", by: "bob"));
        Assert.IsType<Decision.Accepted>(Answered(run, "\"x\""));
    }

    [Fact]
    public void Rule_29_A_default_is_taken_when_the_timeout_passes()
    {
        var run = Scenario.Of("tasks: { a: { ask: { kind: approval, prompt: p, default: true }, timeout: 24h } }\noutput: ${{ tasks.a.output }}")
            .Reply("25h", "a", false).RunToEnd();

        Assert.Equal("""{"value":true,"by":null,"at":"2026-01-02T00:00:00.000Z","comment":null,"timedOut":true}""", run.Output);
        Assert.Equal(["closed"], run.Refusals.Select(refusal => refusal.Code));
    }

    [Fact]
    public void Rule_29_Without_a_default_the_task_fails_when_the_timeout_passes()
    {
        var run = Scenario.Of("tasks: { a: { ask: { kind: approval, prompt: p }, timeout: 24h } }").RunToEnd();

        Assert.Equal((RunOutcome.Failed, "TimedOut", "a"), (run.Outcome, run.Error.Type, run.Error.Task));
        Assert.Equal(TimeSpan.FromHours(24), run.Took);
    }

    [Fact]
    public void An_answer_in_time_lets_the_timeout_lapse()
    {
        var run = Scenario.Of("tasks: { a: { ask: { kind: text, prompt: p }, timeout: 1h }, b: { delay: 1d } }").Reply("59m", "a", "x").RunToEnd();

        Assert.Equal(RunOutcome.Completed, run.Outcome);
    }

    [Fact]
    public void A_schema_is_asked_besides_the_kind()
    {
        var run = Scenario.Of("tasks: { a: { ask: { kind: text, prompt: p, schema: { minLength: 3 } } } }").Play();

        Assert.Equal("invalid-answer", Code(Answered(run, "\"xx\"")));
        Assert.IsType<Decision.Accepted>(Answered(run, "\"xxx\""));
    }

    [Theory]
    [InlineData("${{ input.none }}")]
    [InlineData("${{ input.text }}")]
    [InlineData("${{ input.empty }}")]
    public void A_choice_whose_options_are_no_array_of_at_least_one_fails_its_task(string options)
    {
        var run = Scenario.Of($"tasks: {{ a: {{ ask: {{ kind: choice, prompt: p, options: \"{options}\" }} }} }}")
            .Input(new { text = "x", empty = Array.Empty<int>() }).RunToEnd();

        Assert.Equal("ExpressionError", run.Error.Type);
    }

    [Theory]
    [InlineData("${{ input.colours }}", "green", false)]
    [InlineData("${{ input.colours }}", "red", true)]
    [InlineData("${{ input.numbers }}", "2.0", true)]
    [InlineData("${{ input.numbers }}", "\"2\"", false)]
    public void Rule_29_A_default_that_is_not_among_the_options_fails_its_task_when_it_asks_and_not_when_the_time_is_over(string options, string value, bool isOption)
    {
        var run = Scenario.Of($"tasks: {{ a: {{ ask: {{ kind: choice, prompt: p, options: \"{options}\", default: {value} }}, timeout: 1d }} }}")
            .Input(new { colours = new[] { "red", "blue" }, numbers = new[] { 1, 2 } }).RunToEnd();

        Assert.Equal(isOption ? RunOutcome.Completed : RunOutcome.Failed, run.Outcome);
        Assert.Equal(isOption ? TimeSpan.FromDays(1) : TimeSpan.Zero, run.Took);
        Assert.Equal(isOption ? 1 : 0, run.Events.OfType<WorkflowEvent.QuestionAsked>().Count());
        Assert.True(isOption || (run.Error.Type, run.Error.Task) == ("ExpressionError", "a"));
    }

    [Fact]
    public void Rule_29_It_is_told_the_options()
    {
        var run = Scenario.Of("tasks: { a: { ask: { kind: choice, prompt: p, options: \"${{ input }}\", default: green }, timeout: 1d } }")
            .Input(new[] { "red", "blue" }).RunToEnd();

        Assert.Equal("a.ask.default: the default must be one of `red`, `blue`", run.Error.Message);
    }

    [Fact]
    public void A_prompt_that_throws_fails_its_task()
    {
        var run = Scenario.Of("tasks: { a: { ask: { kind: text, prompt: \"${{ input.no.thing }}\" } } }").Input(new { }).RunToEnd();

        Assert.Equal(("ExpressionError", "a"), (run.Error.Type, run.Error.Task));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "payload-too-large")]
    public void Rule_35_An_answer_may_have_1_MiB(int more, string? code)
    {
        var run = Scenario.Of("tasks: { a: { ask: { kind: text, prompt: p } } }").Play();

        Assert.Equal(code, Code(Answered(run, $"\"{new string('x', Limits.PayloadBytes - 2 + more)}\"")));
    }

    [Fact]
    public void Whatever_is_said_with_an_answer_is_bounded()
    {
        var run = Scenario.Of("tasks: { a: { ask: { kind: text, prompt: p } } }").Play();
        var accepted = Assert.IsType<Decision.Accepted>(Answered(run, "\"x\"", by: new string('y', 1_000_000), comment: new string('z', 1_000_000)));

        Assert.InRange(accepted.Commit.Events.OfType<WorkflowEvent.TaskExecutionCompleted>().Single().Output.Length, 10_000, 20_000);
    }

    [Fact]
    public void A_question_is_cancelled_with_its_scope()
    {
        var run = Scenario.Of("tasks: { a: { ask: { kind: text, prompt: p } }, b: { uses: work } }").Handler("work", _ => Answer.NoReport).Cancel("1m").Play();

        Assert.Empty(run.Open.Questions);
        Assert.Equal("not-waiting", Code(Answered(run, "\"x\"")));
    }
}

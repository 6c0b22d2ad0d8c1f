using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Rule 35: sizes.</summary>
public sealed class LimitTests
{
    // Large values come from the input and from handlers: JavaScript that makes them is bounded in time, and a busy machine is slow.

    /// <summary>A string whose JSON has so many bytes, quotes included.</summary>
    private static string Json(int bytes) => new('x', bytes - 2);

    private static int[] Zeros(int count) => new int[count];

    [Theory]
    [InlineData(Limits.PayloadBytes, RunOutcome.Completed)]
    [InlineData(Limits.PayloadBytes + 1, RunOutcome.Failed)]
    public void Rule_35_An_attempt_s_output_may_have_1_MiB(int bytes, Enum outcome)
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, retry: { max-attempts: 5 } }
            output: ok
            """).Handler("work", _ => Json(bytes)).RunToEnd();

        Assert.Equal((outcome, 1), ((Enum)run.Outcome, run.CountOf("a")));
        Assert.Equal((RunOutcome)outcome == RunOutcome.Failed ? ErrorTypes.PayloadTooLarge : null, run.End.Error?.Type);
    }

    [Theory]
    [InlineData(0, RunOutcome.Completed)]
    [InlineData(1, RunOutcome.Failed)]
    public void Rule_35_An_attempt_s_input_may_have_1_MiB(int more, Enum outcome)
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, with: ["${{ input }}"] }
            output: ok
            """).Input(Json(Limits.PayloadBytes - 2 + more)).RunToEnd();

        Assert.Equal(outcome, run.Outcome);
        Assert.Equal(more == 0 ? ["a"] : [], run.Paths);
        Assert.Equal(more == 0 ? null : ErrorTypes.PayloadTooLarge, run.End.Error?.Type);
    }

    [Theory]
    [InlineData(0, RunOutcome.Cancelled, null)]
    [InlineData(1, RunOutcome.Cancelled, ErrorTypes.PayloadTooLarge)]
    public void Rule_35_A_compensation_s_input_may_have_1_MiB(int more, Enum outcome, string? type)
    {
        var run = Scenario.Of("""
            on-failure: compensate
            tasks:
              a: { uses: work, compensate: { uses: undo, with: ["${{ input }}"] } }
              wait: { delay: 1h }
            """).Input(Json(Limits.PayloadBytes - 2 + more)).Cancel("1m").RunToEnd();

        Assert.Equal(outcome, run.Outcome);
        Assert.Equal(1 - more, run.CountOf("a!compensate"));
        Assert.Equal(type, run.End.Failures.SingleOrDefault()?.Type);
    }

    [Theory]
    [InlineData(Limits.PayloadBytes, true)]
    [InlineData(Limits.PayloadBytes + 1, false)]
    public void A_run_s_input_may_have_1_MiB(int bytes, bool accepted)
    {
        var run = Scenario.Of("""
            tasks:
              a: { delay: 0 }
            """).Input(Json(bytes)).Play();

        Assert.Equal(accepted, run.IsClosed);
        Assert.Equal(accepted ? [] : ["payload-too-large"], run.Refusals.Select(refused => refused.Code));
    }

    [Fact]
    public void Rule_35_Assembled_arrays_and_default_results_may_have_more_than_1_MiB()
    {
        var run = Scenario.Of("""
            tasks:
              g: { tasks: { each: { for-each: [1, 2, 3], uses: work } } }
              s: { set: { all: "${{ tasks.g.output }}" }, needs: g }
            """).Handler("work", _ => Json(Limits.PayloadBytes)).RunToEnd();

        Assert.Equal(RunOutcome.Completed, run.Outcome);
        Assert.InRange(run.End.Output.Length, 3 * Limits.PayloadBytes, (3 * Limits.PayloadBytes) + 100);
    }

    [Fact]
    public void Rule_35_The_payloads_of_a_run_count_towards_its_32_MiB()
    {
        var run = Scenario.Of("""
            tasks:
              loop: { for-each: "${{ input }}", max-parallel: 1, uses: work }
            """).Input(Zeros(40)).Handler("work", _ => Json(Limits.PayloadBytes)).RunToEnd();

        Assert.Equal((ErrorTypes.LimitExceeded, 32), (run.Error.Type, run.Started.Count));
    }

    [Fact]
    public void Rule_35_What_a_loop_let_go_of_does_not_count_any_more()
    {
        var run = Scenario.Of("""
            tasks:
              loop: { uses: work, repeat: { while: iteration < 99 } }
              group: { needs: loop, repeat: { while: iteration < 49 }, tasks: { x: { uses: work } }, output: 1 }
            output: 1
            """).Handler("work", _ => Json(Limits.PayloadBytes)).RunToEnd();

        Assert.Equal((RunOutcome.Completed, 150), (run.Outcome, run.Started.Count));
    }

    [Fact]
    public void Rule_35_Inputs_count_while_their_attempts_last()
    {
        var run = Scenario.Of("""
            tasks:
              each: { for-each: "${{ input.zeros }}", uses: work, with: "${{ input.big }}" }
              again: { needs: each, for-each: "${{ input.zeros }}", uses: work, with: "${{ input.big }}" }
            """).Handler("work", _ => Answer.Success(0).After("1m"));

        Assert.Equal(RunOutcome.Completed, run.Input(new { zeros = Zeros(32), big = Json(1_000_000) }).RunToEnd().Outcome);
        Assert.Equal((ErrorTypes.LimitExceeded, "each[32]"), LimitOf(run.Input(new { zeros = Zeros(33), big = Json(1_000_000) }).RunToEnd()));
    }

    private static (string, string) LimitOf(ScenarioRun run) => (run.Error.Type, run.Error.Task);

    [Fact]
    public void Rule_35_A_set_counts_too()
    {
        var run = Scenario.Of("""
            tasks:
              each: { for-each: "${{ input.zeros }}", set: { v: "${{ input.big }}" } }
            """).Input(new { zeros = Zeros(40), big = Json(1_000_000) }).RunToEnd();

        Assert.Equal((ErrorTypes.LimitExceeded, "each[32]"), LimitOf(run));
    }

    [Fact]
    public void Rule_35_A_result_that_would_not_fit_fails_the_run()
    {
        var run = Scenario.Of("""
            tasks:
              each: { for-each: "${{ input }}", uses: work }
            output: { once: "${{ tasks.each.output }}", twice: "${{ tasks.each.output }}" }
            """).Input(Zeros(20)).Handler("work", _ => Json(Limits.PayloadBytes)).RunToEnd();

        Assert.Equal(RunOutcome.Failed, run.Outcome);
    }

    [Theory]
    [InlineData(40_000, RunOutcome.Cancelled)]
    [InlineData(40_001, RunOutcome.Failed)]
    public void Rule_35_100000_elements_are_per_run_all_for_each_together(int more, Enum outcome)
    {
        var run = Scenario.Of("""
            tasks:
              a: { for-each: "${{ input.a }}", max-parallel: 1, uses: never }
              b: { for-each: "${{ input.b }}", max-parallel: 1, uses: never }
            """).Input(new { a = Zeros(60_000), b = Zeros(more) }).Handler("never", _ => Answer.Never).Cancel("1m").RunToEnd();

        Assert.Equal(outcome, run.Outcome);
        Assert.Equal((RunOutcome)outcome == RunOutcome.Failed ? (ErrorTypes.LimitExceeded, "b") : default, (run.End.Error?.Type, run.End.Error?.Task)!);
    }

    [Fact]
    public void Rule_35_Elements_of_a_fan_out_that_is_over_count_too()
    {
        var run = Scenario.Of("""
            tasks:
              first: { timeout: 1m, on-error: continue, tasks: { each: { for-each: "${{ input }}", max-parallel: 1, uses: never } } }
              second: { needs: first, for-each: "${{ input }}", max-parallel: 1, uses: never }
            """).Input(Zeros((Limits.Elements / 2) + 1)).Handler("never", _ => Answer.Never).RunToEnd();

        Assert.Equal((ErrorTypes.LimitExceeded, "second"), LimitOf(run));
    }

    [Fact]
    public void A_handler_s_error_message_is_kept_to_8192_characters()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work }
            """).Handler("work", _ => Answer.Failure("Boom", new string('x', 100_000))).RunToEnd();

        Assert.Equal(8_192, run.Error.Message.Length);
    }

    [Fact]
    public void Half_a_character_in_a_message_becomes_the_replacement_character()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, on-error: continue }
              b: { uses: work, on-error: continue, with: "${{ null[String.fromCharCode(0xd800)] }}" }
            output: ["${{ tasks.a.error.message }}", "${{ tasks.b.error.message }}"]
            """).Handler("work", _ => Answer.Failure("Boom", new string('x', 8_191) + "\U0001F600\uD800")).RunToEnd();

        var errors = run.Events.SelectMany(e => e switch
        {
            WorkflowEvent.AttemptFailed failed => [failed.Error.Message],
            WorkflowEvent.TaskExecutionFailed failed => new[] { failed.Error.Message },
            _ => [],
        }).ToList();
        Assert.Equal(2, errors.Count);
        Assert.Contains(new string('x', 8_191), errors);
        Assert.All(errors, message => Assert.DoesNotContain(message, char.IsSurrogate));
    }

    [Fact]
    public void So_is_the_message_of_fail()
    {
        var run = Scenario.Of("""
            tasks:
              a: { fail: "${{ 'x'.repeat(100000) }}" }
            """).RunToEnd();

        Assert.Equal(8_192, run.Error.Message.Length);
    }
}

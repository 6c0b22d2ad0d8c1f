using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Rules 15, 16, 19 and 20: timeouts, deadlines, delays.</summary>
public sealed class TimeTests
{
    [Fact]
    public void Rule_15_The_timeout_of_uses_runs_from_the_worker_s_start()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, timeout: 10m }
            """).Handler("work", _ => Answer.Success("ok").QueuedFor("5h").After("9m")).RunToEnd();

        Assert.Equal((RunOutcome.Completed, TimeSpan.FromMinutes(309)), (run.Outcome, run.Took));
    }

    [Fact]
    public void Rule_15_It_ends_the_attempt_with_TimedOut_and_is_retryable()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, timeout: 10m, retry: { max-attempts: 2, initial: 1m } }
            """).Handler("work", e => e.Attempt == 1 ? Answer.Never : "ok").RunToEnd();

        Assert.Equal([0, 11], run.Times("a").Select(at => (int)at.TotalMinutes));
        Assert.Equal(ErrorTypes.TimedOut, Assert.Single(run.Events.OfType<WorkflowEvent.AttemptFailed>()).Error.Type);
        Assert.Equal(RunOutcome.Completed, run.Outcome);
    }

    [Fact]
    public void Rule_15_The_timeout_of_a_group_runs_from_the_start_of_that_instance_and_cancels_everything_inside()
    {
        var run = Scenario.Of("""
            tasks:
              wait: { delay: 1h }
              group:
                needs: wait
                timeout: 10m
                tasks:
                  quick: { uses: quick }
                  slow: { uses: slow }
                  never: { uses: quick, needs: slow }
                  inner: { tasks: { deep: { uses: slow } } }
            """).Handler("slow", _ => Answer.Never).RunToEnd();

        Assert.Equal(["group/quick", "group/slow", "group/inner/deep"], run.Paths);
        Assert.Equal([false, true, true], run.Started.Select(e => e.IsWithdrawn));
        Assert.Equal((ErrorTypes.TimedOut, "group", TimeSpan.FromMinutes(70)), (run.Error.Type, run.Error.Task, run.Took));
    }

    [Fact]
    public void Rule_15_Each_instance_of_a_looping_group_has_its_whole_timeout()
    {
        var run = Scenario.Of("""
            tasks:
              group:
                timeout: 10m
                repeat: { until: iteration === 2 }
                tasks: { x: { delay: 9m } }
            """).RunToEnd();

        Assert.Equal((RunOutcome.Completed, TimeSpan.FromMinutes(27)), (run.Outcome, run.Took));
    }

    [Fact]
    public void Rule_15_A_group_that_ended_in_time_is_not_touched_by_its_timeout()
    {
        var run = Scenario.Of("""
            tasks:
              group: { timeout: 10m, tasks: { x: { delay: 9m } } }
              later: { delay: 1h, needs: group }
            """).RunToEnd();

        Assert.Equal(RunOutcome.Completed, run.Outcome);
        Assert.Empty(run.Events.OfType<WorkflowEvent.ScopeTimedOut>());
    }

    [Fact]
    public void Rule_16_The_deadline_runs_from_the_first_offer_queueing_included()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, deadline: 10m }
            """).Handler("work", _ => Answer.Success().QueuedFor("1h")).RunToEnd();

        Assert.True(run.Started[0].IsWithdrawn);
        Assert.Equal((ErrorTypes.DeadlineExceeded, "a", TimeSpan.FromMinutes(10)), (run.Error.Type, run.Error.Task, run.Took));
    }

    [Fact]
    public void Rule_16_Backoff_counts_too_and_a_deadline_is_not_retried()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, deadline: 10m, retry: { max-attempts: 9, initial: 4m, backoff: constant, max: 1h } }
            """).Handler("work", e => e.Attempt < 3 ? Answer.Failure() : Answer.Never).RunToEnd();

        Assert.Equal([0, 4, 8], run.Times("a").Select(at => (int)at.TotalMinutes));
        Assert.Equal((ErrorTypes.DeadlineExceeded, TimeSpan.FromMinutes(10)), (run.Error.Type, run.Took));
    }

    [Fact]
    public void Rule_16_An_attempt_that_could_not_start_before_the_deadline_is_not_waited_for()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, deadline: 10m, retry: { max-attempts: 9, initial: 4m, backoff: constant, max: 1h } }
            """).Fails("work").RunToEnd();

        Assert.Equal([0, 4, 8], run.Times("a").Select(at => (int)at.TotalMinutes));
        Assert.Equal((ErrorTypes.DeadlineExceeded, TimeSpan.FromMinutes(8)), (run.Error.Type, run.Took));
        Assert.Contains("Boom", run.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rule_16_Waiting_for_a_place_before_the_first_offer_does_not_count()
    {
        var run = Scenario.Of("""
            max-parallel: 1
            tasks:
              first: { uses: work }
              second: { uses: work, deadline: 10m }
            """).Takes("work", "9m").RunToEnd();

        Assert.Equal(RunOutcome.Completed, run.Outcome);
    }

    [Fact]
    public void Rule_16_Waiting_for_a_place_for_a_later_attempt_counts()
    {
        var run = Scenario.Of("""
            max-parallel: 1
            tasks:
              a: { uses: broken, deadline: 10m, priority: 9, retry: { max-attempts: 2, initial: 1m } }
              b: { uses: slow }
            """).Fails("broken").Takes("slow", "1h").RunToEnd();

        Assert.Equal(["a:1", "b:1"], run.Attempts);
        Assert.Equal((ErrorTypes.DeadlineExceeded, TimeSpan.FromMinutes(10)), (run.Error.Type, run.Took));
    }

    [Fact]
    public void Rule_16_A_deadline_with_continue_settles_the_task_as_failed()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, deadline: 1m, on-error: continue }
              b: { uses: quick, needs: a, with: "${{ tasks.a.error.type }}" }
            """).Handler("work", _ => Answer.Never).RunToEnd();

        Assert.Equal("""{"b":"DeadlineExceeded"}""", run.Output);
        Assert.Empty(run.End.Failures);
    }

    [Fact]
    public void Rule_16_A_success_that_comes_although_the_deadline_took_the_attempt_back_counts()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, deadline: 1m }
            """).Handler("work", _ => Answer.Success("late").After("2m").DespiteCancel()).RunToEnd();

        Assert.Equal("""{"a":"late"}""", run.Output);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0s")]
    [InlineData("2020-01-01T00:00:00Z")]
    public void Rule_19_A_delay_of_nothing_or_to_a_past_moment_completes_at_once(string delay)
    {
        var run = Scenario.Of($$$"""
            tasks:
              a: { delay: {{{delay}}} }
              b: { delay: "${{ input }}" }
            """).Input(delay).RunToEnd();

        Assert.Equal((TimeSpan.Zero, """{"a":null,"b":null}"""), (run.Took, run.Output));
        Assert.Single(run.Commits);
    }

    [Theory]
    [InlineData("90m", 90)]
    [InlineData("PT1H30M", 90)]
    [InlineData("2026-01-01T02:00:00", 120)]
    [InlineData("2026-01-01T02:00:00+01:00", 60)]
    public void Rule_19_A_delay_is_a_duration_or_a_moment_without_an_offset_in_UTC(string delay, int minutes)
    {
        var run = Scenario.Of("""
            tasks:
              a: { delay: "${{ input }}" }
            """).Input(delay).RunToEnd();

        Assert.Equal((double)minutes, run.Took.TotalMinutes);
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-5m")]
    [InlineData(5)]
    [InlineData(null)]
    [InlineData(true)]
    public void Rule_19_Anything_else_is_an_expression_error(object? delay)
    {
        var run = Scenario.Of("""
            tasks:
              a: { delay: "${{ input }}" }
            """).Input(delay).RunToEnd();

        Assert.Equal((ErrorTypes.ExpressionError, "a"), (run.Error.Type, run.Error.Task));
        Assert.Contains("a.delay", run.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rule_20_The_timeout_of_the_run_counts_from_its_start_and_fails_it()
    {
        var run = Scenario.Of("""
            timeout: 1h
            tasks:
              wait: { delay: 50m }
              a: { uses: work, needs: wait }
            """).Handler("work", _ => Answer.Never).RunToEnd();

        Assert.True(run.First("a").IsWithdrawn);
        Assert.Equal((RunOutcome.Failed, ErrorTypes.TimedOut, TimeSpan.FromHours(1)), (run.Outcome, run.Error.Type, run.Took));
    }

    [Fact]
    public void Rule_20_On_failure_applies_and_compensation_is_not_bounded_by_it()
    {
        var run = Scenario.Of("""
            timeout: 1h
            on-failure: compensate
            tasks:
              a: { uses: work, compensate: { uses: undo } }
              wait: { delay: 2h, needs: a }
            """).Handler("undo", _ => Answer.Success().After("59m").QueuedFor("3h")).RunToEnd();

        Assert.Equal(["a", "a!compensate"], run.Paths);
        Assert.Equal((ErrorTypes.TimedOut, 1 + 3 + (59 / 60d)), (run.Error.Type, run.Took.TotalHours));
    }
}

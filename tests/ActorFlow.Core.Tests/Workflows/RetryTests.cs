using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Rules 13, 17 and 18: retries and defaults.</summary>
public sealed class RetryTests
{
    [Fact]
    public void There_is_no_retry_unless_asked_for()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work }
            """).Fails("work").RunToEnd();

        Assert.Equal(["a:1"], run.Attempts);
        var failure = Assert.Single(run.End.Failures);
        Assert.Equal(new FailedTask("a", "Boom", "it broke", 1), failure);
    }

    [Fact]
    public void Rule_17_By_default_the_waits_double_from_1_second_up_to_1_minute()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, retry: { max-attempts: 9 } }
            """).Fails("work", times: 8).RunToEnd();

        Assert.Equal([0, 1, 3, 7, 15, 31, 63, 123, 183], run.Times("a").Select(at => (int)at.TotalSeconds));
        Assert.Equal(RunOutcome.Completed, run.Outcome);
    }

    [Theory]
    [InlineData("exponential", new[] { 0, 10, 40, 130 })]
    [InlineData("linear", new[] { 0, 10, 30, 60 })]
    [InlineData("constant", new[] { 0, 10, 20, 30 })]
    public void Rule_17_The_wait_follows_the_backoff(string backoff, int[] seconds)
    {
        var run = Scenario.Of($$"""
            tasks:
              a: { uses: work, retry: { max-attempts: 4, backoff: {{backoff}}, initial: 10s, factor: 3, max: 2h, jitter: 0 } }
            """).Fails("work", times: 3).RunToEnd();

        Assert.Equal(seconds, run.Times("a").Select(at => (int)at.TotalSeconds));
    }

    [Theory]
    [InlineData(0, 80)]
    [InlineData(0.5, 100)]
    [InlineData(1, 120)]
    public void Rule_17_Jitter_varies_the_wait_either_way(double roll, int seconds)
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, retry: { max-attempts: 2, initial: 100s, max: 1h } }
            """).Fails("work", times: 1).Roll(roll).RunToEnd();

        Assert.Equal([0, seconds], run.Times("a").Select(at => (int)Math.Round(at.TotalSeconds)));
    }

    [Fact]
    public void Rule_17_Every_error_is_retryable()
    {
        var types = new Queue<string>(["ProcessFailed", "HttpFailed", "HttpUnreachable", "Anything", ErrorTypes.TimedOut, ErrorTypes.HeartbeatTimedOut]);
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, retry: { max-attempts: 7 } }
            """).Handler("work", _ => types.TryDequeue(out var type) ? Answer.Failure(type) : "done").RunToEnd();

        Assert.Equal((7, """{"a":"done"}"""), (run.CountOf("a"), run.Output));
    }

    [Theory]
    [InlineData("Boom", false)]
    [InlineData("CardDeclined", true)]
    [InlineData(ErrorTypes.ExpressionError, true)]
    [InlineData(ErrorTypes.PayloadTooLarge, true)]
    public void Rule_17_Except_those_thrown_so_those_named_and_those_that_could_not_change(string type, bool retryable)
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, retry: { max-attempts: 5, non-retryable: [CardDeclined] } }
            """).Fails("work", type: type, retryable: retryable).RunToEnd();

        Assert.Equal(1, run.CountOf("a"));
        Assert.Equal(type, run.Error.Type);
    }

    [Theory]
    [InlineData("carddeclined")]
    [InlineData("CardDeclinedTwice")]
    public void Rule_17_A_type_has_to_match_exactly(string type)
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, retry: { max-attempts: 3, non-retryable: [CardDeclined] } }
            """).Fails("work", type: type).RunToEnd();

        Assert.Equal(3, run.CountOf("a"));
    }

    [Fact]
    public void Rule_18_With_is_the_same_for_every_attempt()
    {
        var run = Scenario.Of("""
            tasks:
              quick: { set: { } }
              slow: { uses: slow }
              a: { uses: work, with: "${{ tasks.slow.status }}", needs: [quick, slow], join: any, retry: { max-attempts: 3, initial: 1h, max: 1d } }
            """).Fails("work", times: 2).Takes("slow", "30m").RunToEnd();

        Assert.Equal(3, run.CountOf("a"));
        Assert.All(run.Started.Where(e => e.Path == "a"), e => Assert.Equal("\"running\"", e.Input.ToString()));
    }

    [Fact]
    public void Rule_18_With_is_evaluated_once_per_element_and_iteration()
    {
        var run = Scenario.Of("""
            tasks:
              each: { for-each: [1, 2], repeat: { until: iteration === 1 }, uses: work, with: ["${{ item }}", "${{ iteration }}"], retry: { max-attempts: 2 } }
            """).Fails("work", times: 1).RunToEnd();

        Assert.Equal(
            ["[1,0]", "[1,0]", "[1,1]", "[2,0]", "[2,1]"], run.Started.Select(e => e.Input.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Rule_18_A_lost_attempt_is_offered_again_and_does_not_count_towards_max_attempts()
    {
        var lost = 0;
        var run = Scenario.Of("""
            tasks:
              a: { uses: work }
            """).Handler("work", _ => lost++ < 3 ? Answer.Lost.After("1m") : "done").RunToEnd();

        Assert.Equal(["a:1", "a:1", "a:1", "a:1"], run.Attempts);
        Assert.Equal("""{"a":"done"}""", run.Output);
        Assert.Equal(4, run.Started.Select(e => e.Lease).Distinct().Count());
    }

    [Fact]
    public void Rule_18_A_heartbeat_that_stayed_away_counts()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, heartbeat: 30s, retry: { max-attempts: 2, initial: 1s } }
            """).Handler("work", _ => Answer.Never.InSilence()).RunToEnd();

        Assert.Equal(["a:1", "a:2"], run.Attempts);
        Assert.Equal([0, 31], run.Times("a").Select(at => (int)at.TotalSeconds));
        Assert.Equal(ErrorTypes.HeartbeatTimedOut, run.Error.Type);
    }

    [Fact]
    public void A_retry_is_told_the_last_progress_of_the_attempt_before()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, retry: { max-attempts: 3 } }
            """).Handler("work", e => e.Attempt switch { 1 => Answer.Failure(progress: 40), 2 => Answer.Failure(), _ => 0 }).RunToEnd();

        Assert.Equal([null, "40", "40"], run.Started.Select(e => e.Order.PreviousProgress?.ToString()));
    }

    [Fact]
    public void Rule_13_Defaults_reach_into_groups_of_the_document()
    {
        var run = Scenario.Of("""
            defaults: { timeout: 3m, deadline: 1d, heartbeat: 1m, queue: gpu, priority: 8, retry: { max-attempts: 2 } }
            tasks:
              group: { tasks: { x: { uses: work } } }
            """).Fails("work", times: 1).RunToEnd();

        Assert.Equal(["group/x:1", "group/x:2"], run.Attempts);
        var order = run.Started[0].Order;
        Assert.Equal((TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(1), "gpu", 8), (order.Timeout, order.Heartbeat, order.Queue, order.Priority));
    }

    [Fact]
    public void Rule_13_Defaults_reach_into_compensate()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            defaults: { timeout: 3m, queue: gpu, priority: 8, retry: { max-attempts: 2 } }
            tasks:
              a: { uses: work, queue: own, timeout: 1h, priority: 1, compensate: { uses: undo } }
              b: { fail: no, needs: a }
            """).Fails("undo", times: 1).RunToEnd();

        Assert.Equal(["a:1", "a!compensate:1", "a!compensate:2"], run.Attempts);
        var order = run.Started[1].Order;
        Assert.Equal((TimeSpan.FromMinutes(3), "gpu", 8), (order.Timeout, order.Queue, order.Priority));
        Assert.Equal(run.Started[1].Order.IdempotencyKey, run.Started[2].Order.IdempotencyKey);
    }

    [Fact]
    public void Rule_13_Defaults_do_not_bound_groups_and_waits_themselves()
    {
        var run = Scenario.Of("""
            defaults: { timeout: 1m, deadline: 1m }
            tasks:
              group: { tasks: { x: { delay: 1h } } }
              wait: { delay: 2h }
            """).RunToEnd();

        Assert.Equal((RunOutcome.Completed, TimeSpan.FromHours(2)), (run.Outcome, run.Took));
    }

    [Fact]
    public void Rule_13_A_task_s_retry_is_merged_over_the_defaults_key_by_key()
    {
        var run = Scenario.Of("""
            defaults: { retry: { max-attempts: 4, initial: 10s, backoff: constant, non-retryable: [Bad] } }
            tasks:
              a: { uses: work, retry: { initial: 1m } }
            """).Handler("work", e => Answer.Failure(e.Attempt == 3 ? "Bad" : "Boom")).RunToEnd();

        Assert.Equal([0, 1, 2], run.Times("a").Select(at => (int)at.TotalMinutes));
    }

    [Fact]
    public void Engine_defaults_are_1_hour_queue_default_priority_5_and_no_heartbeat()
    {
        var order = Scenario.Of("""
            tasks:
              a: { uses: work }
            """).RunToEnd().Started[0].Order;

        Assert.Equal((TimeSpan.FromHours(1), null, "default", 5), (order.Timeout, order.Heartbeat, order.Queue, order.Priority));
        Assert.Equal("null", order.Input.ToString());
    }

    [Fact]
    public void A_task_s_own_keys_go_before_the_defaults()
    {
        var order = Scenario.Of("""
            defaults: { timeout: 3m, heartbeat: 1m, queue: gpu, priority: 8 }
            tasks:
              a: { uses: work, timeout: 5s, heartbeat: 2s, queue: cpu, priority: 0 }
            """).RunToEnd().Started[0].Order;

        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2), "cpu", 0), (order.Timeout, order.Heartbeat, order.Queue, order.Priority));
    }
}

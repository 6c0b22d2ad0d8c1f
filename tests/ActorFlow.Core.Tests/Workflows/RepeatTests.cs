using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Rules 9 and 10: loops, and how executions are named.</summary>
public sealed class RepeatTests
{
    [Fact]
    public void While_asks_whether_to_go_on_and_until_whether_to_stop()
    {
        var run = Scenario.Of("""
            tasks:
              w: { uses: work, with: "${{ iteration }}", repeat: { while: tasks.w.output < 2 } }
              u: { uses: work, with: "${{ iteration }}", repeat: { until: tasks.u.output >= 1 } }
            """).RunToEnd();

        Assert.Equal((3, 2), (run.Paths.Count(path => path[0] == 'w'), run.Paths.Count(path => path[0] == 'u')));
        Assert.Equal("""{"w":2,"u":1}""", run.Output);
    }

    [Fact]
    public void The_condition_is_asked_after_the_first_run()
    {
        var run = Scenario.Of("""
            tasks:
              once: { uses: work, repeat: { while: "false" } }
            """).RunToEnd();

        Assert.Equal(["once#0"], run.Paths);
    }

    [Fact]
    public void Delay_is_kept_between_two_runs_and_not_after_the_last()
    {
        var run = Scenario.Of("""
            tasks:
              poll: { uses: work, repeat: { until: iteration === 2, delay: 10m } }
            """).Takes("work", "1m").RunToEnd();

        Assert.Equal([0, 11, 22], run.Started.Select(e => (int)e.At.TotalMinutes));
        Assert.Equal(TimeSpan.FromMinutes(23), run.Took);
    }

    [Fact]
    public void Rule_09_Max_is_the_total_number_of_runs()
    {
        var run = Scenario.Of("""
            tasks:
              loop: { uses: work, repeat: { while: "true", max: 3 } }
            """).RunToEnd();

        Assert.Equal(["loop#0", "loop#1", "loop#2"], run.Paths);
        Assert.Equal((ErrorTypes.LoopLimitExceeded, "loop#2"), (run.Error.Type, run.Error.Task));
    }

    [Fact]
    public void Rule_09_A_loop_that_is_content_at_max_completes()
    {
        var run = Scenario.Of("""
            tasks:
              loop: { uses: work, with: "${{ iteration }}", repeat: { until: iteration === 2, max: 3 } }
            """).RunToEnd();

        Assert.Equal("""{"loop":2}""", run.Output);
    }

    [Fact]
    public void Max_is_1000_by_default()
    {
        var run = Scenario.Of("""
            tasks:
              loop: { set: { n: "${{ iteration }}" }, repeat: { while: "true" }, on-error: continue }
            output: ["${{ tasks.loop.attempts }}", "${{ tasks.loop.error.type }}"]
            """).RunToEnd();

        Assert.Equal("""[1000,"LoopLimitExceeded"]""", run.Output);
    }

    [Fact]
    public void Rule_09_Retries_apply_within_an_iteration()
    {
        var failed = new HashSet<string>();
        var run = Scenario.Of("""
            tasks:
              loop: { uses: work, repeat: { while: iteration < 1 }, retry: { max-attempts: 2 } }
            """).Handler("work", e => failed.Add(e.Path) ? Answer.Failure() : 0).RunToEnd();

        Assert.Equal(["loop#0:1", "loop#0:2", "loop#1:1", "loop#1:2"], run.Attempts);
        Assert.Equal(RunOutcome.Completed, run.Outcome);
    }

    [Fact]
    public void Rule_09_A_failed_iteration_ends_the_loop()
    {
        var run = Scenario.Of("""
            tasks:
              loop: { uses: work, repeat: { while: "true" } }
            """).Handler("work", e => e.Path == "loop#1" ? Answer.Failure() : 0).RunToEnd();

        Assert.Equal(["loop#0", "loop#1"], run.Paths);
        Assert.Equal(("Boom", "loop#1"), (run.Error.Type, run.Error.Task));
    }

    [Fact]
    public void Rule_09_LoopLimitExceeded_is_not_retried()
    {
        var run = Scenario.Of("""
            tasks:
              loop: { uses: work, repeat: { while: "true", max: 2 }, retry: { max-attempts: 5 } }
            """).RunToEnd();

        Assert.Equal(["loop#0:1", "loop#1:1"], run.Attempts);
        Assert.Equal(ErrorTypes.LoopLimitExceeded, run.Error.Type);
    }

    [Fact]
    public void Rule_09_Inside_the_body_its_own_output_is_that_of_the_iteration_before()
    {
        var run = Scenario.Of("""
            tasks:
              sum: { set: { n: "${{ (tasks.sum.output?.n ?? 0) + iteration }}" }, repeat: { until: iteration === 4 } }
              uses: { uses: work, with: "${{ tasks.uses.output }}", repeat: { until: iteration === 2 } }
              group:
                repeat: { until: iteration === 2 }
                tasks: { x: { set: { before: "${{ tasks.group.output }}" } } }
                output: "${{ (tasks.x.output.before ?? 'first') + '+' }}"
            """).Handler("work", e => e.Input.IsNull ? "none before" : e.Input).RunToEnd();

        Assert.Equal("""{"sum":{"n":10},"uses":"none before","group":"first+++"}""", run.Output);
    }

    [Fact]
    public void Rule_09_In_a_fan_out_it_is_that_of_the_same_element()
    {
        var run = Scenario.Of("""
            tasks:
              each:
                for-each: [1, 10]
                set: { n: "${{ (tasks.each.output?.n ?? 0) + item }}" }
                repeat: { until: iteration === 2 }
            """).RunToEnd();

        Assert.Equal("""{"each":[{"n":3},{"n":30}]}""", run.Output);
    }

    [Fact]
    public void A_loop_s_condition_that_throws_fails_the_task()
    {
        var run = Scenario.Of("""
            tasks:
              loop: { uses: work, repeat: { while: tasks.loop.output.a.b } }
            """).Handler("work", _ => new { }).RunToEnd();

        Assert.Equal((ErrorTypes.ExpressionError, "loop#0"), (run.Error.Type, run.Error.Task));
        Assert.Contains("loop.while", run.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rule_10_A_path_names_element_and_iteration_and_an_attempt_counts_from_1_within_it()
    {
        var failed = new HashSet<string>();
        var run = Scenario.Of("""
            tasks:
              each:
                for-each: [0, 1]
                tasks:
                  x: { uses: work, repeat: { until: iteration === 1 }, retry: { max-attempts: 2 } }
            """).Handler("work", e => failed.Add(e.Path) ? Answer.Failure() : 0).RunToEnd();

        Assert.Equal(
            ["each[0]/x#0:1", "each[0]/x#0:2", "each[0]/x#1:1", "each[0]/x#1:2", "each[1]/x#0:1", "each[1]/x#0:2", "each[1]/x#1:1", "each[1]/x#1:2"],
            run.Attempts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Rule_10_The_idempotency_key_is_run_generation_and_path_without_the_attempt()
    {
        var run = Scenario.Of("""
            tasks:
              each: { for-each: [0], uses: work, retry: { max-attempts: 3 }, repeat: { until: iteration === 1 } }
            """).Fails("work", times: 2).RunToEnd();

        Assert.Equal(["each[0]#0:1", "each[0]#0:2", "each[0]#0:3", "each[0]#1:1"], run.Attempts);
        Assert.All(run.Started.Take(3), e => Assert.Equal($"{ScenarioRun.RunId:n}/1/each[0]#0", e.Order.IdempotencyKey));
        Assert.Equal($"{ScenarioRun.RunId:n}/1/each[0]#1", run.Started[3].Order.IdempotencyKey);
    }
}

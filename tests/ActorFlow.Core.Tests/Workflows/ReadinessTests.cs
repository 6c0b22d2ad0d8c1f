using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Rules 1 to 3: needs and joins.</summary>
public sealed class ReadinessTests
{
    [Fact]
    public void Rule_01_A_task_without_needs_is_ready_at_once()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work }
              b: { uses: work, needs: [] }
            """).Takes("work", "1m").RunToEnd();

        Assert.Equal(["a", "b"], run.Paths);
        Assert.All(run.Started, execution => Assert.Equal(TimeSpan.Zero, execution.At));
    }

    [Fact]
    public void Rule_01_One_need_may_be_written_without_a_list()
    {
        var run = Scenario.Of("""
            tasks:
              last: { uses: work, needs: first }
              first: { uses: work }
            """).Takes("work", "1m").RunToEnd();

        Assert.Equal(["first", "last"], run.Paths);
        Assert.Equal(TimeSpan.FromMinutes(1), run.First("last").At);
    }

    [Fact]
    public void Rule_01_A_repeated_need_counts_once()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work }
              b: { uses: slow }
              c: { uses: work, needs: [a, a, b], join: 2 }
            """).Takes("slow", "5m").RunToEnd();

        Assert.Equal(TimeSpan.FromMinutes(5), run.First("c").At);
    }

    [Theory]
    [InlineData("for-each: [1, 2, 3]\n    uses: work", 3)]
    [InlineData("repeat: { while: iteration < 3 }\n    uses: work", 4)]
    [InlineData("tasks: { x: { uses: work }, y: { uses: work, needs: x } }", 2)]
    public void Rule_01_Needing_a_fan_out_a_loop_or_a_group_means_all_of_it_has_settled(string first, int runs)
    {
        var run = Scenario.Of($"""
            tasks:
              first:
                {first}
              last:
                uses: last
                needs: first
            """).Takes("work", "1m").RunToEnd();

        Assert.Equal(runs, run.Started.Count(execution => execution.Handler == "work"));
        Assert.Equal("last", run.Paths.Last());
        Assert.Equal(run.Started[^2].EndedAt, run.First("last").At);
    }

    [Fact]
    public void Rule_02_All_runs_a_task_once_every_need_is_settled()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: quick }
              b: { uses: slow }
              c: { uses: quick, needs: [a, b] }
            """).Takes("quick", "1s").Takes("slow", "1h").RunToEnd();

        Assert.Equal(TimeSpan.FromHours(1), run.First("c").At);
    }

    [Fact]
    public void Rule_02_All_counts_failed_with_continue_as_arrived()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: broken, on-error: continue }
              b: { uses: work, needs: a }
            """).Fails("broken").RunToEnd();

        Assert.Equal(["a", "b"], run.Paths);
        Assert.Equal(RunOutcome.Completed, run.Outcome);
    }

    [Fact]
    public void Rule_02_All_runs_a_task_if_only_one_need_completed_and_the_others_were_skipped()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work }
              b: { uses: work, if: "false" }
              c: { uses: work, needs: [a, b] }
            """).RunToEnd();

        Assert.Equal(["a", "c"], run.Paths);
    }

    [Fact]
    public void Rule_02_All_skips_a_task_whose_needs_were_all_skipped_and_so_on_down()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, if: "false" }
              b: { uses: work, needs: a }
              c: { uses: work, needs: [a, b] }
            output: { a: "${{ tasks.a.status }}", b: "${{ tasks.b.status }}", c: "${{ tasks.c.status }}" }
            """).RunToEnd();

        Assert.Empty(run.Started);
        Assert.Equal("""{"a":"skipped","b":"skipped","c":"skipped"}""", run.Output);
    }

    [Theory]
    [InlineData("any")]
    [InlineData("1")]
    public void Rule_02_Any_and_a_number_do_not_count_failed_with_continue(string join)
    {
        var run = Scenario.Of($$"""
            tasks:
              a: { uses: broken, on-error: continue }
              b: { uses: slow }
              c: { uses: work, needs: [a, b], join: {{join}} }
            """).Fails("broken").Takes("slow", "1h").RunToEnd();

        Assert.Equal(TimeSpan.FromHours(1), run.First("c").At);
    }

    [Fact]
    public void Rule_02_A_number_makes_a_task_ready_once_that_many_needs_completed()
    {
        var run = Scenario.Of("""
            tasks:
              a: { delay: 1m }
              b: { delay: 2m }
              c: { delay: 3m }
              d: { uses: work, needs: [a, b, c], join: 2 }
            """).RunToEnd();

        Assert.Equal(TimeSpan.FromMinutes(2), run.First("d").At);
        Assert.Equal(TimeSpan.FromMinutes(3), run.Took);
    }

    [Fact]
    public void Rule_02_When_all_are_settled_and_too_few_completed_the_task_is_skipped()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work }
              b: { uses: broken, on-error: continue }
              c: { uses: work, if: "false" }
              two: { uses: work, needs: [a, b, c], join: 2 }
              any: { uses: work, needs: [b, c], join: any }
            output: { two: "${{ tasks.two.status }}", any: "${{ tasks.any.status }}" }
            """).Fails("broken").RunToEnd();

        Assert.Equal(["a", "b"], run.Paths);
        Assert.Equal("""{"two":"skipped","any":"skipped"}""", run.Output);
    }

    private const string Race = """
        tasks:
          fast: { uses: fast }
          slow: { uses: slow }
          after: { uses: after, needs: [fast, slow], join: any }
        """;

    [Fact]
    public void Rule_03_A_task_ready_through_any_starts_once()
    {
        var run = Scenario.Of(Race).Takes("fast", "1m").Takes("slow", "1h").RunToEnd();

        Assert.Equal(1, run.CountOf("after"));
        Assert.Equal(TimeSpan.FromMinutes(1), run.First("after").At);
    }

    [Fact]
    public void Rule_03_The_other_needs_are_not_cancelled_and_the_run_waits_for_them()
    {
        var run = Scenario.Of(Race).Takes("fast", "1m").Takes("slow", "1h").RunToEnd();

        Assert.False(run.First("slow").IsWithdrawn);
        Assert.Equal(TimeSpan.FromHours(1), run.Took);
        Assert.Equal(RunOutcome.Completed, run.Outcome);
    }

    [Fact]
    public void Rule_03_Two_needs_that_complete_in_one_decision_start_it_once()
    {
        var run = Scenario.Of("""
            tasks:
              a: { set: { x: 1 } }
              b: { set: { x: 2 } }
              c: { set: { x: 3 } }
              after: { uses: after, needs: [a, b, c], join: 2 }
            """).RunToEnd();

        Assert.Equal(["after"], run.Paths);
    }

    [Fact]
    public void Rule_03_A_later_need_that_fails_without_continue_still_fails_the_scope()
    {
        var run = Scenario.Of(Race).Takes("fast", "1m").Handler("slow", _ => Answer.Failure().After("1h")).RunToEnd();

        Assert.Equal(1, run.CountOf("after"));
        Assert.Equal(RunOutcome.Failed, run.Outcome);
        Assert.Equal("slow", run.Error.Task);
    }

    [Fact]
    public void Rule_03_A_later_need_that_fails_with_continue_changes_nothing()
    {
        var run = Scenario.Of(Race.Replace("{ uses: slow }", "{ uses: slow, on-error: continue }", StringComparison.Ordinal))
            .Takes("fast", "1m").Handler("slow", _ => Answer.Failure().After("1h")).RunToEnd();

        Assert.Equal(["fast", "slow", "after"], run.Paths);
        Assert.Equal(RunOutcome.Completed, run.Outcome);
    }
}

using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Rules 4 and 5: <c>if</c>, <c>switch</c>, and dead paths.</summary>
public sealed class ConditionTests
{
    [Fact]
    public void Rule_04_False_skips_the_whole_task()
    {
        var run = Scenario.Of("""
            tasks:
              a: { for-each: [1, 2], uses: work, if: "false" }
              b: { repeat: { while: "true" }, uses: work, if: "${{ input.go }}" }
              c: { tasks: { x: { uses: work } }, if: input.go === true }
            output: ["${{ tasks.a.status }}", "${{ tasks.b.status }}", "${{ tasks.c.status }}"]
            """).Input(new { go = false }).RunToEnd();

        Assert.Empty(run.Started);
        Assert.Equal("""["skipped","skipped","skipped"]""", run.Output);
    }

    [Fact]
    public void Rule_04_If_is_evaluated_before_for_each()
    {
        var run = Scenario.Of("""
            tasks:
              a: { for-each: "${{ input.missing.items }}", uses: work, if: "false" }
            output: ${{ tasks.a.status }}
            """).Input(new { }).RunToEnd();

        Assert.Equal("\"skipped\"", run.Output);
    }

    [Fact]
    public void Rule_04_If_is_evaluated_once_even_in_a_loop()
    {
        var run = Scenario.Of("""
            tasks:
              now: { uses: work }
              later: { uses: slow }
              loop:
                uses: work
                needs: [now, later]
                join: any
                if: tasks.later.status !== 'completed'
                repeat: { while: iteration < 2, delay: 1h }
            """).Takes("slow", "30m").RunToEnd();

        Assert.Equal(["now", "later", "loop#0", "loop#1", "loop#2"], run.Paths);
    }

    [Fact]
    public void Rule_04_If_is_evaluated_after_the_join_said_run_and_cannot_revive_a_dead_path()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, if: "false" }
              dead: { uses: work, needs: a, if: "true" }
              alsoDead: { uses: work, needs: a, if: tasks.a.output.boom }
            output: ["${{ tasks.dead.status }}", "${{ tasks.alsoDead.status }}"]
            """).RunToEnd();

        Assert.Empty(run.Started);
        Assert.Equal("""["skipped","skipped"]""", run.Output);
    }

    [Fact]
    public void Rule_04_If_sees_the_item_of_the_group_around_it()
    {
        var run = Scenario.Of("""
            tasks:
              each:
                for-each: [1, 2, 3]
                tasks:
                  odd: { uses: work, if: item % 2 === 1 }
            """).RunToEnd();

        Assert.Equal(["each[0]/odd", "each[2]/odd"], run.Paths);
    }

    [Fact]
    public void Rule_04_An_if_that_throws_fails_its_task_which_was_never_started()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, if: input.missing.deep, on-error: continue }
            output: { error: "${{ tasks.a.error.type }}", status: "${{ tasks.a.status }}", attempts: "${{ tasks.a.attempts }}" }
            """).Input(new { }).RunToEnd();

        Assert.Equal("""{"error":"ExpressionError","status":"failed","attempts":0}""", run.Output);
    }

    [Fact]
    public void The_first_true_case_wins_and_its_label_is_the_output()
    {
        var run = Scenario.Of("""
            tasks:
              size:
                switch:
                  - { case: large, if: input.n > 100 }
                  - { case: medium, if: input.n > 10 }
                  - { case: small }
              l: { uses: work, needs: size.large }
              m: { uses: work, needs: size.medium }
              s: { uses: work, needs: size.small }
            output: ${{ tasks.size.output }}
            """).Input(new { n = 50 }).RunToEnd();

        Assert.Equal(["m"], run.Paths);
        Assert.Equal("\"medium\"", run.Output);
    }

    [Fact]
    public void The_default_case_wins_when_no_other_does()
    {
        var run = Scenario.Of("""
            tasks:
              size: { switch: [{ case: large, if: input.n > 100 }, { case: small }] }
              s: { uses: work, needs: size.small }
              l: { uses: work, needs: size.large }
            """).Input(new { n = 1 }).RunToEnd();

        Assert.Equal(["s"], run.Paths);
    }

    [Fact]
    public void Rule_05_A_switch_with_no_true_case_and_no_default_completes_with_null()
    {
        var run = Scenario.Of("""
            tasks:
              pick: { switch: [{ case: a, if: "false" }, { case: b, if: "0" }] }
              a: { uses: work, needs: pick.a }
              b: { uses: work, needs: pick.b }
              whole: { uses: work, needs: pick }
            output: { status: "${{ tasks.pick.status }}", output: "${{ tasks.pick.output }}", a: "${{ tasks.a.status }}" }
            """).RunToEnd();

        Assert.Equal(["whole"], run.Paths);
        Assert.Equal("""{"status":"completed","output":null,"a":"skipped"}""", run.Output);
    }

    [Theory]
    [InlineData("""{ switch: [{ case: a }], if: "false" }""", "skipped")]
    [InlineData("""{ switch: [{ case: a, if: input.no.thing }, { case: b }], on-error: continue }""", "failed")]
    public void Rule_05_All_cases_of_a_switch_that_was_skipped_or_failed_with_continue_count_as_skipped(string pick, string status)
    {
        var run = Scenario.Of($$$"""
            tasks:
              pick: {{{pick}}}
              a: { uses: work, needs: pick.a }
              other: { uses: work, needs: [pick.a, free] }
              free: { set: {} }
            output: ["${{ tasks.pick.status }}", "${{ tasks.a.status }}"]
            """).Input(new { }).RunToEnd();

        Assert.Equal(["other"], run.Paths);
        Assert.Equal($"""["{status}","skipped"]""", run.Output);
    }

    [Fact]
    public void Rule_05_A_case_that_lost_counts_as_skipped_in_a_join_of_all()
    {
        var run = Scenario.Of("""
            tasks:
              pick: { switch: [{ case: a }] }
              left: { uses: work, needs: pick.a }
              right: { uses: work, needs: left }
              join: { uses: work, needs: [left, right] }
            """).RunToEnd();

        Assert.Equal(["left", "right", "join"], run.Paths);
    }

    [Fact]
    public void A_run_completes_when_every_task_is_settled()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work }
              b: { uses: work, if: "false" }
              c: { uses: broken, on-error: continue }
            """).Fails("broken").RunToEnd();

        Assert.Equal(RunOutcome.Completed, run.Outcome);
        Assert.Empty(run.End.Failures);
    }

    [Fact]
    public void A_case_of_a_switch_counts_towards_a_number()
    {
        var run = Scenario.Of("""
            tasks:
              pick: { switch: [{ case: a, if: "true" }, { case: b }] }
              slow: { uses: slow }
              go: { uses: work, needs: [pick.a, pick.b, slow], join: 2 }
            """).Takes("slow", "1h").RunToEnd();

        Assert.Equal(TimeSpan.FromHours(1), run.First("go").At);
    }

    [Fact]
    public void A_condition_that_throws_names_task_key_and_expression()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, if: "${{ input.missing.deep }}" }
            """).Input(new { }).RunToEnd();

        Assert.Equal((ErrorTypes.ExpressionError, "a"), (run.Error.Type, run.Error.Task));
        Assert.Contains("a.if", run.Error.Message, StringComparison.Ordinal);
        Assert.Contains("input.missing.deep", run.Error.Message, StringComparison.Ordinal);
    }
}

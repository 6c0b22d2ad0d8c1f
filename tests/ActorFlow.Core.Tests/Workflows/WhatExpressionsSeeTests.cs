
namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Rules 21 to 24: tasks, items and iterations as expressions see them.</summary>
public sealed class WhatExpressionsSeeTests
{
    [Fact]
    public void Rule_21_A_task_is_pending_running_completed_failed_or_skipped()
    {
        var run = Scenario.Of("""
            tasks:
              quick: { uses: quick }
              slow: { uses: slow }
              after: { uses: quick, needs: slow }
              skipped: { uses: quick, if: "false" }
              failed: { uses: broken, on-error: continue }
              look:
                needs: [quick, slow, after, skipped, failed]
                join: any
                set:
                  quick: ${{ tasks.quick.status }}
                  slow: ${{ tasks.slow.status }}
                  after: ${{ tasks.after.status }}
                  skipped: ${{ tasks.skipped.status }}
                  failed: ${{ tasks.failed.status }}
            output: ${{ tasks.look.output }}
            """).Takes("quick", "1m").Takes("slow", "1h").Fails("broken").RunToEnd();

        Assert.Equal("""{"quick":"completed","slow":"running","after":"pending","skipped":"skipped","failed":"failed"}""", run.Output);
    }

    [Fact]
    public void Rule_21_A_task_that_stopped_with_its_scope_is_cancelled()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            tasks:
              quick: { set: {} }
              wait: { delay: 1h }
              a: { uses: a, needs: [quick, wait], join: any, compensate: { uses: undo, with: "${{ tasks.wait.status }}" } }
              bad: { uses: bad }
            """)
            .Handler("a", _ => Answer.Success().After("2m").DespiteCancel())
            .Handler("bad", _ => Answer.Failure().After("1m")).RunToEnd();

        Assert.Equal("\"cancelled\"", run.First("a!compensate").Input.ToString());
    }

    [Fact]
    public void Rule_21_Output_is_null_unless_completed_and_error_is_null_unless_failed()
    {
        var run = Scenario.Of("""
            tasks:
              done: { uses: work, with: 7 }
              skipped: { uses: work, if: "false" }
              failed: { uses: broken, on-error: continue }
            output:
              outputs: ["${{ tasks.done.output }}", "${{ tasks.skipped.output }}", "${{ tasks.failed.output }}"]
              errors: ["${{ tasks.done.error }}", "${{ tasks.skipped.error }}", "${{ tasks.failed.error }}"]
            """).Fails("broken").RunToEnd();

        Assert.Equal(
            """{"outputs":[7,null,null],"errors":[null,null,{"type":"Boom","message":"it broke","task":"failed"}]}""", run.Output);
    }

    [Fact]
    public void Rule_21_A_member_of_a_skipped_task_s_output_throws_unless_asked_with_care()
    {
        const string yaml = """
            tasks:
              skipped: { uses: work, if: "false" }
            output: ${{ tasks.skipped.output.id }}
            """;

        var careless = Scenario.Of(yaml).RunToEnd();
        var careful = Scenario.Of(yaml.Replace("output.id", "output?.id", StringComparison.Ordinal)).RunToEnd();

        Assert.Equal(ErrorTypes.ExpressionError, careless.Error.Type);
        Assert.Equal("null", careful.Output);
    }

    [Fact]
    public void Rule_22_Attempts_counts_every_start_over_retries_iterations_and_elements()
    {
        var failed = new HashSet<string>();
        var run = Scenario.Of("""
            tasks:
              retried: { uses: work, retry: { max-attempts: 3 } }
              looped: { uses: work, repeat: { until: iteration === 1 }, retry: { max-attempts: 2 } }
              fanned: { for-each: [1, 2, 3], uses: quiet }
              both: { for-each: [1, 2], set: {}, repeat: { until: iteration === 2 } }
              group: { tasks: { x: { uses: quiet } }, repeat: { until: iteration === 1 } }
              never: { uses: quiet, if: "false" }
            output: ["${{ tasks.retried.attempts }}", "${{ tasks.looped.attempts }}", "${{ tasks.fanned.attempts }}", "${{ tasks.both.attempts }}", "${{ tasks.group.attempts }}", "${{ tasks.never.attempts }}"]
            """).Handler("work", e => failed.Add(e.Path) ? Answer.Failure() : 0).RunToEnd();

        Assert.Equal("[2,4,3,6,2,0]", run.Output);
    }

    [Fact]
    public void Rule_22_A_lost_attempt_that_is_offered_again_is_one_start()
    {
        var lost = 0;
        var run = Scenario.Of("""
            tasks:
              a: { uses: work }
            output: ${{ tasks.a.attempts }}
            """).Handler("work", _ => lost++ < 2 ? Answer.Lost : 0).RunToEnd();

        Assert.Equal("1", run.Output);
    }

    [Fact]
    public void Rule_22_A_handler_whose_input_could_not_be_evaluated_was_not_started()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, with: "${{ input.missing.deep }}", on-error: continue }
            output: ["${{ tasks.a.attempts }}", "${{ tasks.a.error.type }}"]
            """).Input(new { }).RunToEnd();

        Assert.Empty(run.Started);
        Assert.Equal("""[0,"ExpressionError"]""", run.Output);
    }

    [Theory]
    [InlineData("uses: work")]
    [InlineData("set: {}")]
    [InlineData("delay: 1m")]
    [InlineData("delay: 0")]
    [InlineData("tasks: { x: { set: {} } }")]
    public void Rule_22_A_loop_s_condition_counts_the_start_it_asks_about_whatever_the_kind(string kind)
    {
        var run = Scenario.Of($$$"""
            tasks:
              loop:
                {{{kind}}}
                repeat: { until: tasks.loop.attempts >= 3 }
            output: ${{ tasks.loop.attempts }}
            """).RunToEnd();

        Assert.Equal("3", run.Output);
    }

    [Fact]
    public void Rule_23_Upstream_is_everything_reachable_through_needs_and_what_is_upstream_of_the_groups_around()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, with: 1 }
              b: { uses: work, with: 2, needs: a }
              group:
                needs: b
                tasks:
                  x: { set: { sum: "${{ tasks.a.output + tasks.b.output }}" } }
                  inner: { tasks: { y: { set: { sum: "${{ tasks.x.output.sum + tasks.a.output }}" } } }, needs: x, output: "${{ tasks.y.output.sum }}" }
            """).RunToEnd();

        Assert.Equal("""{"group":{"inner":4}}""", run.Output);
    }

    [Fact]
    public void Rule_23_An_inner_id_shadows_an_outer_one()
    {
        var run = Scenario.Of("""
            tasks:
              a: { set: { from: outside } }
              group:
                needs: a
                tasks:
                  a: { set: { from: inside } }
                  b: { set: { saw: "${{ tasks.a.output.from }}" }, needs: a }
                output: ${{ tasks.b.output.saw }}
              after: { set: { saw: "${{ tasks.a.output.from }}" }, needs: group }
            output: ["${{ tasks.group.output }}", "${{ tasks.after.output.saw }}"]
            """).RunToEnd();

        Assert.Equal("""["inside","outside"]""", run.Output);
    }

    [Fact]
    public void Rule_23_Output_may_name_every_task_of_its_scope()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, with: 1 }
              b: { uses: work, with: 2, needs: a }
              g: { tasks: { x: { set: { v: 3 } }, y: { set: {}, needs: x } }, output: "${{ tasks.x.output.v }}" }
            output: ${{ tasks.a.output + tasks.b.output + tasks.g.output }}
            """).RunToEnd();

        Assert.Equal("6", run.Output);
    }

    [Fact]
    public void Rule_23_A_task_may_name_itself_in_compensate()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            tasks:
              a: { uses: work, with: { id: 5 }, compensate: { uses: undo, with: ["${{ tasks.a.output.id }}", "${{ tasks.a.status }}", "${{ tasks.a.attempts }}"] } }
              no: { fail: no, needs: a }
            """).RunToEnd();

        Assert.Equal("""[5,"completed",1]""", run.First("a!compensate").Input.ToString());
    }

    [Fact]
    public void Rule_24_Item_and_index_are_of_the_innermost_for_each_and_iteration_of_the_innermost_repeat()
    {
        var run = Scenario.Of("""
            tasks:
              outer:
                for-each: [a, b]
                repeat: { until: iteration === 1 }
                tasks:
                  plain: { uses: work, with: ["${{ item }}", "${{ index }}", "${{ iteration }}"] }
                  fan: { for-each: [x], uses: work, with: ["${{ item }}", "${{ index }}", "${{ iteration }}"] }
                  loop: { repeat: { until: iteration === 0 }, uses: work, with: ["${{ item }}", "${{ index }}", "${{ iteration }}"] }
            """).RunToEnd();

        string Input(string path) => run.First(path).Input.ToString();
        Assert.Equal("""["b",1,1]""", Input("outer[1]#1/plain"));
        Assert.Equal("""["x",0,1]""", Input("outer[1]#1/fan[0]"));
        Assert.Equal("""["b",1,0]""", Input("outer[1]#1/loop#0"));
        Assert.Equal(12, run.Started.Count);
    }

    [Fact]
    public void A_for_each_inside_a_group_may_fan_out_over_the_outer_item()
    {
        var run = Scenario.Of("""
            tasks:
              outer:
                for-each: [[1, 2], [3]]
                tasks:
                  inner: { for-each: "${{ item }}", set: { v: "${{ item * 10 }}" } }
                output: "${{ tasks.inner.output.map(o => o.v) }}"
            """).RunToEnd();

        Assert.Equal("""{"outer":[[10,20],[30]]}""", run.Output);
    }

    [Fact]
    public void The_run_itself_is_in_sight()
    {
        var run = Scenario.Of("""
            name: named
            version: 7
            tasks:
              a: { uses: work, with: ["${{ workflow.id }}", "${{ workflow.name }}", "${{ workflow.version }}", "${{ workflow.startedAt }}"] }
            """).RunToEnd();

        Assert.Equal("""["run","named",7,"2026-01-01T00:00:00.000Z"]""", run.Started[0].Input.ToString());
    }
}

using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Rules 25 to 27: results, text and secrets.</summary>
public sealed class ResultTests
{
    [Fact]
    public void Rule_25_Without_output_the_result_is_an_object_with_the_outputs_of_the_tasks_nothing_needs()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, with: 1 }
              b: { uses: work, with: 2, needs: a }
              c: { uses: work, with: 3 }
              skipped: { uses: work, if: "false" }
              pick: { switch: [{ case: x }] }
              x: { uses: work, with: 4, needs: pick.x }
            """).RunToEnd();

        Assert.Equal("""{"b":2,"c":3,"skipped":null,"x":4}""", run.Output);
    }

    [Fact]
    public void Rule_25_The_same_holds_for_a_group()
    {
        var run = Scenario.Of("""
            tasks:
              g: { tasks: { a: { uses: work, with: 1 }, b: { uses: work, with: 2, needs: a }, c: { uses: work, if: "false" } } }
            """).RunToEnd();

        Assert.Equal("""{"g":{"b":2,"c":null}}""", run.Output);
    }

    [Fact]
    public void Rule_25_A_group_whose_tasks_were_all_skipped_is_completed()
    {
        var run = Scenario.Of("""
            tasks:
              g: { tasks: { a: { uses: work, if: "false" }, b: { uses: work, needs: a } } }
            output: ["${{ tasks.g.status }}", "${{ tasks.g.output }}"]
            """).RunToEnd();

        Assert.Equal("""["completed",{"b":null}]""", run.Output);
    }

    [Fact]
    public void Rule_25_An_output_that_throws_fails_the_run_and_on_failure_applies()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            tasks:
              a: { uses: work, compensate: { uses: undo } }
            output: ${{ tasks.a.output.x.y }}
            """).RunToEnd();

        Assert.Equal(["a", "a!compensate"], run.Paths);
        Assert.Equal((RunOutcome.Failed, ErrorTypes.ExpressionError, ""), (run.Outcome, run.Error.Type, run.Error.Task));
    }

    [Fact]
    public void Rule_25_An_output_that_throws_fails_its_group()
    {
        var run = Scenario.Of("""
            tasks:
              g: { tasks: { a: { uses: work } }, output: "${{ tasks.a.output.x.y }}", on-error: continue }
            output: ["${{ tasks.g.status }}", "${{ tasks.g.error.type }}", "${{ tasks.g.error.task }}", "${{ tasks.g.output }}"]
            """).RunToEnd();

        Assert.Equal("""["failed","ExpressionError","g",null]""", run.Output);
    }

    [Theory]
    [InlineData("input.n", true)]
    [InlineData("${{ input.n }}", true)]
    [InlineData("input.zero", false)]
    [InlineData("input.empty", false)]
    [InlineData("input.text", true)]
    [InlineData("input.list", true)]
    [InlineData("input.nothing", false)]
    [InlineData("input.missing", false)]
    [InlineData("'false'", true)]
    [InlineData("NaN", false)]
    public void Rule_26_JavaScript_truthiness_decides_with_or_without_the_braces(string condition, bool runs)
    {
        var run = Scenario.Of($"""
            tasks:
              a:
                uses: work
                if: "{condition}"
            """).Input(new { n = 1, zero = 0, empty = "", text = "0", list = Array.Empty<int>(), nothing = (string?)null }).RunToEnd();

        Assert.Equal(runs ? 1 : 0, run.Started.Count);
    }

    [Fact]
    public void Rule_26_Undefined_becomes_null_and_within_text_null_gives_nothing_and_objects_compact_JSON()
    {
        var run = Scenario.Of("""
            tasks:
              a:
                uses: work
                with:
                  alone: ${{ input.missing }}
                  text: "[${{ input.missing }}|${{ null }}|${{ input }}|${{ 1.5 }}|${{ true }}]"
            """).Input(new { k = new[] { 1, 2 } }).RunToEnd();

        Assert.Equal("""{"alone":null,"text":"[||{\"k\":[1,2]}|1.5|true]"}""", run.Started[0].Input.ToString());
    }

    [Fact]
    public void Rule_26_A_string_that_is_nothing_but_one_expression_yields_the_value_itself()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, with: ["${{ input }}", "${{ input }} ", 5, true, null] }
            """).Input(12).RunToEnd();

        Assert.Equal("""[12,"12 ",5,true,null]""", run.Started[0].Input.ToString());
    }

    [Fact]
    public void Rule_26_For_each_takes_a_literal_array()
    {
        var run = Scenario.Of("""
            tasks:
              a: { for-each: [1, "${{ input + 1 }}", three], uses: work, with: "${{ item }}" }
            """).Input(1).RunToEnd();

        Assert.Equal("""{"a":[1,2,"three"]}""", run.Output);
    }

    [Fact]
    public void Rule_26_An_expression_ends_at_the_first_braces_that_make_it_complete()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, with: "${{ ({ a: { b: 1 }}) }} and ${{ '}}' }}" }
            """).RunToEnd();

        Assert.Equal("\"{\\\"a\\\":{\\\"b\\\":1}} and }}\"", run.Started[0].Input.ToString());
    }

    [Fact]
    public void Rule_27_What_is_recorded_of_a_secret_is_its_place_and_name()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            tasks:
              a:
                uses: work
                with: { auth: "Bearer ${{ secrets.TOKEN }}!", key: "${{ secrets.KEY }}", id: "${{ input }}" }
                compensate: { uses: undo, with: { key: "${{ secrets.KEY }}" } }
              no: { fail: no, needs: a }
            """).Input(3).RunToEnd();

        var order = run.First("a").Order;
        Assert.Equal("""{"auth":"Bearer !","key":"","id":3}""", order.Input.ToString());
        Assert.Equal([("/auth", 7, "TOKEN"), ("/key", 0, "KEY")], order.Secrets.Select(slot => (slot.Pointer, slot.Offset, slot.Name)));
        Assert.Equal([("/key", 0, "KEY")], run.First("a!compensate").Order.Secrets.Select(slot => (slot.Pointer, slot.Offset, slot.Name)));
    }

    [Fact]
    public void Rule_27_A_retry_carries_the_same_places()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, with: "${{ secrets.TOKEN }}", retry: { max-attempts: 2 } }
            """).Fails("work", times: 1).RunToEnd();

        Assert.Equal(run.Started[0].Order.Secrets, run.Started[1].Order.Secrets);
        Assert.Single(run.Started[1].Order.Secrets);
    }
}

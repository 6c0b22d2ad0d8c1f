using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Rules 7 and 8: fan-outs.</summary>
public sealed class ForEachTests
{
    [Fact]
    public void A_task_runs_once_per_element_and_its_output_is_the_array_of_results_in_order()
    {
        var run = Scenario.Of("""
            tasks:
              each: { for-each: "${{ input }}", uses: work, with: { v: "${{ item.n * 10 }}", i: "${{ index }}" } }
            """)
            .Input(new[] { new { n = 3 }, new { n = 1 }, new { n = 2 } })
            .Handler("work", e => Answer.Success(e.Json.GetProperty("v").GetInt32()).After($"{e.Json.GetProperty("v").GetInt32()}s"))
            .RunToEnd();

        Assert.Equal(["each[0]", "each[1]", "each[2]"], run.Paths);
        Assert.Equal("""{"each":[30,10,20]}""", run.Output);
        Assert.Equal(["""{"v":30,"i":0}""", """{"v":10,"i":1}""", """{"v":20,"i":2}"""], run.Started.Select(e => e.Input.ToString()));
    }

    [Fact]
    public void An_empty_array_completes_with_an_empty_array()
    {
        var run = Scenario.Of("""
            tasks:
              each: { for-each: [], uses: work }
              after: { uses: work, needs: each }
            output: ["${{ tasks.each.status }}", "${{ tasks.each.output }}", "${{ tasks.each.attempts }}"]
            """).RunToEnd();

        Assert.Equal(["after"], run.Paths);
        Assert.Equal("""["completed",[],0]""", run.Output);
    }

    [Fact]
    public void Max_parallel_bounds_the_elements_in_flight()
    {
        var run = Scenario.Of("""
            tasks:
              each: { for-each: [1, 2, 3, 4, 5], max-parallel: 2, uses: work }
            """).Takes("work", "1m").RunToEnd();

        Assert.Equal([0, 0, 1, 1, 2], run.Started.Select(e => (int)e.At.TotalMinutes));
        Assert.Equal(TimeSpan.FromMinutes(3), run.Took);
    }

    [Fact]
    public void Rule_07_Each_element_runs_its_own_loop()
    {
        var run = Scenario.Of("""
            tasks:
              each:
                for-each: [1, 3]
                repeat: { while: iteration + 1 < item }
                uses: work
                with: "${{ item * 100 + iteration }}"
            """).Takes("work", "1m").RunToEnd();

        Assert.Equal(["each[0]#0", "each[1]#0", "each[1]#1", "each[1]#2"], run.Paths);
        Assert.Equal("""{"each":[100,302]}""", run.Output);
    }

    [Fact]
    public void Rule_07_Each_element_has_its_own_retries()
    {
        var failures = new HashSet<string>();
        var run = Scenario.Of("""
            tasks:
              each: { for-each: [1, 2], uses: work, retry: { max-attempts: 2 } }
            """).Handler("work", e => failures.Add(e.Path) ? Answer.Failure() : e.Path).RunToEnd();

        Assert.Equal(["each[0]:1", "each[1]:1", "each[0]:2", "each[1]:2"], run.Attempts);
        Assert.Equal(RunOutcome.Completed, run.Outcome);
    }

    [Fact]
    public void Rule_07_Each_element_has_its_own_deadline()
    {
        var run = Scenario.Of("""
            tasks:
              each: { for-each: [1, 2, 3], max-parallel: 1, uses: work, deadline: 10m }
            """).Takes("work", "9m").RunToEnd();

        Assert.Equal(RunOutcome.Completed, run.Outcome);
        Assert.Equal(TimeSpan.FromMinutes(27), run.Took);
    }

    [Fact]
    public void Rule_07_Each_element_has_its_own_timeout()
    {
        var run = Scenario.Of("""
            tasks:
              each:
                for-each: [1, 2]
                max-parallel: 1
                timeout: 10m
                tasks: { x: { uses: work } }
            """).Takes("work", "9m").RunToEnd();

        Assert.Equal(RunOutcome.Completed, run.Outcome);
        Assert.Equal(TimeSpan.FromMinutes(18), run.Took);
    }

    [Fact]
    public void Rule_08_Fail_the_first_element_that_fails_for_good_cancels_the_others_and_fails_the_task()
    {
        var run = Scenario.Of("""
            tasks:
              each: { for-each: [0, 1, 2, 3], max-parallel: 3, uses: work }
              after: { uses: work, needs: each }
            """).Handler("work", e => e.Path == "each[1]" ? Answer.Failure("Bad").After("1m") : Answer.Success().After("1h")).RunToEnd();

        Assert.Equal(["each[0]", "each[1]", "each[2]"], run.Paths);
        Assert.Equal([true, false, true], run.Started.Select(e => e.IsWithdrawn));
        Assert.Equal((RunOutcome.Failed, "Bad", "each[1]"), (run.Outcome, run.Error.Type, run.Error.Task));
        Assert.Equal(TimeSpan.FromMinutes(1), run.Took);
    }

    [Fact]
    public void Rule_08_Continue_every_element_runs_to_its_end()
    {
        var run = Scenario.Of("""
            tasks:
              each: { for-each: [0, 1, 2, 3], uses: work, with: "${{ item }}", on-error: continue }
              after: { uses: work, needs: each, with: "${{ tasks.each.status }}" }
            output:
              output: ${{ tasks.each.output }}
              error: ${{ tasks.each.error }}
            """)
            .Handler("work", e => e.Path is "each[3]" ? Answer.Failure("Late", "three").After("1m") : e.Path is "each[1]" ? Answer.Failure("Later", "one").After("1h") : e.Input)
            .RunToEnd();

        Assert.Equal(RunOutcome.Completed, run.Outcome);
        Assert.Equal("\"failed\"", run.First("after").Input.ToString());
        Assert.Equal(
            """{"output":[0,null,2,null],"error":{"type":"Later","message":"one","task":"each[1]","failures":[{"index":1,"type":"Later","message":"one"},{"index":3,"type":"Late","message":"three"}]}}""",
            run.Output);
    }

    [Fact]
    public void Rule_08_Continue_with_no_failure_completes()
    {
        var run = Scenario.Of("""
            tasks:
              each: { for-each: [1, 2], uses: work, with: "${{ item }}", on-error: continue }
            output: ["${{ tasks.each.status }}", "${{ tasks.each.error }}"]
            """).RunToEnd();

        Assert.Equal("""["completed",null]""", run.Output);
    }

    [Fact]
    public void A_for_each_that_gives_no_array_is_an_expression_error()
    {
        var run = Scenario.Of("""
            tasks:
              each: { for-each: "${{ input.items }}", uses: work }
            """).Input(new { items = "abc" }).RunToEnd();

        Assert.Equal((ErrorTypes.ExpressionError, "each"), (run.Error.Type, run.Error.Task));
        Assert.Contains("each.for-each", run.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_kind_that_may_fan_out_does()
    {
        var run = Scenario.Of("""
            tasks:
              s: { for-each: [1, 2], set: { v: "${{ item }}" } }
              d: { for-each: ["1m", "2m"], delay: "${{ item }}" }
              g: { for-each: [5, 6], tasks: { x: { set: { v: "${{ item + index }}" } } }, output: "${{ tasks.x.output.v }}" }
            """).RunToEnd();

        Assert.Equal("""{"s":[{"v":1},{"v":2}],"d":[null,null],"g":[5,7]}""", run.Output);
        Assert.Equal(TimeSpan.FromMinutes(2), run.Took);
    }

    [Fact]
    public void With_is_evaluated_for_each_element_when_its_turn_comes()
    {
        var run = Scenario.Of("""
            tasks:
              slow: { uses: slow }
              quick: { uses: work }
              each: { for-each: [1, 2], max-parallel: 1, uses: work, with: "${{ tasks.slow.status }}", needs: [slow, quick], join: any }
            """).Takes("slow", "90s").Handler("work", e => Answer.Success(e.Input).After("1m")).RunToEnd();

        Assert.Equal("""["running","completed"]""", $"[{run.First("each[0]").Input},{run.First("each[1]").Input}]");
    }
}

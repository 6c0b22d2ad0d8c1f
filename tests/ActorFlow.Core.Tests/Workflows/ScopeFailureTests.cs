using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Rule 14: what a failure does to the scope around it.</summary>
public sealed class ScopeFailureTests
{
    private const string Nested = """
        tasks:
          outside: { uses: slow }
          group:
            on-error: POLICY
            tasks:
              bad: { uses: bad }
              beside: { uses: slow }
              next: { uses: work, needs: beside }
              inner: { tasks: { deep: { uses: slow } } }
          after: { uses: work, needs: group }
        output: { status: "${{ tasks.group.status }}", error: "${{ tasks.group.error }}" }
        """;

    private static Scenario With(string policy) =>
        Scenario.Of(Nested.Replace("POLICY", policy, StringComparison.Ordinal))
            .Handler("bad", _ => Answer.Failure("Bad", "no good").After("1m"))
            .Takes("slow", "1h");

    [Fact]
    public void Rule_14_Nothing_new_starts_in_the_group_what_runs_there_is_cancelled_and_what_runs_outside_goes_on()
    {
        var run = With("continue").RunToEnd();

        Assert.Equal(["outside", "group/bad", "group/beside", "group/inner/deep", "after"], run.Paths);
        Assert.Equal([false, false, true, true, false], run.Started.Select(e => e.IsWithdrawn));
        Assert.Equal(TimeSpan.FromMinutes(1), run.First("after").At);
    }

    [Fact]
    public void Rule_14_The_group_fails_with_the_inner_error_plus_its_path_and_its_own_on_error_decides()
    {
        var run = With("continue").RunToEnd();

        Assert.Equal(RunOutcome.Completed, run.Outcome);
        Assert.Equal("""{"status":"failed","error":{"type":"Bad","message":"no good","task":"group/bad"}}""", run.Output);
    }

    [Fact]
    public void Failures_that_a_group_s_continue_tolerated_are_not_among_those_of_the_run() =>
        Assert.Empty(With("continue").RunToEnd().End.Failures);

    [Fact]
    public void Rule_14_Without_continue_the_failure_goes_on_outwards_to_the_run()
    {
        var run = With("fail").RunToEnd();

        Assert.Equal(["outside", "group/bad", "group/beside", "group/inner/deep"], run.Paths);
        Assert.Equal((RunOutcome.Failed, "Bad", "group/bad"), (run.Outcome, run.Error.Type, run.Error.Task));
        Assert.Equal(["group/bad"], run.End.Failures.Select(failure => failure.Path));
        Assert.Equal(TimeSpan.FromMinutes(1), run.Took);
    }

    [Fact]
    public void Rule_14_Only_that_instance_of_the_group_is_concerned()
    {
        var run = Scenario.Of("""
            tasks:
              each:
                for-each: [0, 1, 2]
                on-error: continue
                tasks:
                  x: { uses: work }
                  y: { uses: work, needs: x }
            output: ["${{ tasks.each.output }}", "${{ tasks.each.error.failures }}"]
            """).Handler("work", e => e.Path == "each[1]/x" ? Answer.Failure("Bad", "one") : Answer.Success(e.Path).After("1m")).RunToEnd();

        Assert.Equal("""[[{"y":"each[0]/y"},null,{"y":"each[2]/y"}],[{"index":1,"type":"Bad","message":"one"}]]""", run.Output);
    }

    [Fact]
    public void Rule_14_Fail_is_such_a_failure()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: slow }
              wait: { delay: 1m }
              no: { fail: "no ${{ input.what }} left", needs: wait }
            """).Input(new { what = "stock" }).Takes("slow", "1h").RunToEnd();

        Assert.Equal((RunOutcome.Failed, ErrorTypes.Failed, "no stock left", "no"), (run.Outcome, run.Error.Type, run.Error.Message, run.Error.Task));
        Assert.True(run.First("a").IsWithdrawn);
    }

    [Fact]
    public void Rule_14_Fail_with_continue_settles_as_failed()
    {
        var run = Scenario.Of("""
            tasks:
              no: { fail: never mind, on-error: continue }
              after: { uses: work, needs: no, with: "${{ tasks.no.error.message }}" }
            """).RunToEnd();

        Assert.Equal("""{"after":"never mind"}""", run.Output);
    }

    [Fact]
    public void A_failed_run_waits_until_what_it_took_back_has_ended()
    {
        var run = Scenario.Of("""
            tasks:
              stubborn: { uses: stubborn }
              bad: { uses: bad }
            """)
            .Handler("stubborn", _ => Answer.Success().After("1h").DespiteCancel())
            .Handler("bad", _ => Answer.Failure().After("1m")).RunToEnd();

        Assert.Equal((RunOutcome.Failed, TimeSpan.FromHours(1)), (run.Outcome, run.Took));
    }

    [Fact]
    public void What_waits_is_cancelled_with_its_scope_at_once()
    {
        var run = Scenario.Of("""
            tasks:
              delay: { delay: 5h }
              backoff: { uses: broken, retry: { max-attempts: 2, initial: 5h, max: 5h } }
              loop: { uses: work, repeat: { while: "true", delay: 5h } }
              group: { tasks: { x: { delay: 5h } } }
              each: { for-each: [5h, 5h], max-parallel: 1, delay: "${{ item }}" }
              bad: { uses: bad }
            """).Fails("broken").Handler("bad", _ => Answer.Failure("Bad").After("1m")).RunToEnd();

        Assert.Equal(("Bad", TimeSpan.FromMinutes(1)), (run.Error.Type, run.Took));
        Assert.Equal(["bad"], run.End.Failures.Select(failure => failure.Path));
    }

    [Fact]
    public void An_attempt_that_fails_while_its_scope_stops_is_cancelled_and_not_told_of_as_a_failure()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: a }
              b: { uses: b }
            """).Handler("a", _ => Answer.Failure("Late").After("2m").DespiteCancel()).Handler("b", _ => Answer.Failure("Early").After("1m")).RunToEnd();

        Assert.Equal(("Early", TimeSpan.FromMinutes(2)), (run.Error.Type, run.Took));
        Assert.Equal(["b"], run.End.Failures.Select(failure => failure.Path));
        Assert.Equal(["Late"], run.Events.OfType<WorkflowEvent.AttemptCancelled>().Select(e => e.Error!.Type));
    }

    [Fact]
    public void A_withdrawn_attempt_is_not_retried()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: a, retry: { max-attempts: 5 } }
              b: { uses: b }
            """).Handler("a", _ => Answer.Never.FailingOnCancel("Stopped")).Handler("b", _ => Answer.Failure("Early").After("1m")).RunToEnd();

        Assert.Equal((1, "Early"), (run.CountOf("a"), run.Error.Type));
    }
}

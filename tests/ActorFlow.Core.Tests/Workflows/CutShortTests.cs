using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Loops and attempts whose scope stops while they are under way: what was done counts, and a retry goes on with the rest.</summary>
public sealed class CutShortTests
{
    private const string Loop = """
        tasks:
          loop: { uses: stubborn, repeat: { until: iteration >= 2 } }
          bad: { uses: bad }
        output: ["${{ tasks.loop.output }}", "${{ tasks.loop.attempts }}"]
        """;

    /// <summary>The handler <c>bad</c> fails once, after a minute; <c>stubborn</c> takes an hour, whatever is cancelled.</summary>
    private static Scenario Of(string yaml) => Scenario.Of(yaml)
        .Handler("bad", e => e.Attempt == 1 ? Answer.Failure("Bad").After("1m") : 1)
        .Handler("stubborn", e => Answer.Success(e.Path).After("1h").DespiteCancel());

    private static string StatusOf(ScenarioRun run, int task = 0) => ((WorkflowState.Closed)run.State).Run.Root.Tasks[task].Phase.ToString();

    [Fact]
    public void A_loop_whose_scope_stops_during_an_iteration_is_cancelled()
    {
        var run = Of(Loop).RunToEnd();

        Assert.Equal((RunOutcome.Failed, "Bad", nameof(TaskPhase.Cancelled)), (run.Outcome, run.Error.Type, StatusOf(run)));
        Assert.Equal(["loop#0:1", "bad:1"], run.Attempts);
    }

    [Fact]
    public void A_retry_begins_with_the_iteration_after_the_one_that_completed()
    {
        var run = Of(Loop).Retry("2h").RunToEnd();

        Assert.Equal(["loop#0:1", "bad:1", "loop#1:1", "bad:2", "loop#2:1"], run.Attempts);
        Assert.Equal("""["loop#2",3]""", run.Output);
    }

    [Fact]
    public void The_next_iteration_sees_what_the_one_before_the_stop_came_to()
    {
        var run = Of("""
            tasks:
              loop: { uses: stubborn, with: "${{ tasks.loop.output }}", repeat: { while: iteration < 1, delay: 5m } }
              bad: { uses: bad }
            """).Retry("2h").RunToEnd();

        Assert.Equal(["null", "\"loop#0\""], run.Started.Where(e => e.Path[0] == 'l').Select(e => e.Input.ToString()));
    }

    [Fact]
    public void An_iteration_that_was_the_last_completes_its_loop()
    {
        var run = Of("""
            tasks:
              loop: { uses: stubborn, repeat: { until: "true" } }
              bad: { uses: bad }
            """).Retry("2h").RunToEnd();

        Assert.Equal(["loop#0:1", "bad:1", "bad:2"], run.Attempts);
        Assert.Equal(RunOutcome.Completed, run.Outcome);
    }

    [Theory]
    [InlineData("on-failure: compensate", null)]
    [InlineData("on-failure: compensate\ntimeout: 1m", null)]
    [InlineData("on-failure: compensate", "30s")]
    public void The_iteration_that_completed_is_compensated(string keys, string? cancelledAt)
    {
        var scenario = Of($"{keys}\ntasks:\n  loop: {{ uses: stubborn, repeat: {{ until: iteration >= 2 }}, compensate: {{ uses: undo, with: \"${{{{ tasks.loop.output }}}}\" }} }}\n  bad: {{ uses: bad }}");
        var run = (cancelledAt is null ? scenario : scenario.Cancel(cancelledAt)).RunToEnd();

        Assert.Equal("loop#0!compensate \"loop#0\"", string.Join(", ", run.Started.Where(e => e.Handler == "undo").Select(e => $"{e.Path} {e.Input}")));
        Assert.Equal(1, run.CountOf("loop#0"));
        Assert.Equal(0, run.CountOf("loop#1"));
    }

    [Fact]
    public void Every_element_goes_on_with_its_own_next_iteration()
    {
        var run = Of("""
            tasks:
              each: { for-each: [a, b], uses: stubborn, repeat: { until: iteration >= 1 } }
              bad: { uses: bad }
            output: ${{ tasks.each.output }}
            """).Retry("2h").RunToEnd();

        Assert.Equal(["each[0]#0:1", "each[1]#0:1", "bad:1", "each[0]#1:1", "each[1]#1:1", "bad:2"], run.Attempts);
        Assert.Equal("""["each[0]#1","each[1]#1"]""", run.Output);
    }

    [Fact]
    public void An_element_that_fails_cancels_the_loops_of_the_others()
    {
        var run = Scenario.Of("tasks: { each: { for-each: [a, b], uses: work, repeat: { until: iteration >= 1 } } }\noutput: ${{ tasks.each.output }}")
            .Handler("work", e => e is { Path: "each[1]#0", Attempt: 1 } ? Answer.Failure() : Answer.Success(e.Path).After("1h").DespiteCancel())
            .Retry("2h").RunToEnd();

        Assert.Equal(["each[0]#0:1", "each[1]#0:1", "each[0]#1:1", "each[1]#0:2", "each[1]#1:1"], run.Attempts);
        Assert.Equal("""["each[0]#1","each[1]#1"]""", run.Output);
    }

    [Fact]
    public void A_loop_in_a_group_whose_timeout_passes_goes_on_with_the_next_iteration()
    {
        var run = Of("tasks: { group: { timeout: 90m, tasks: { loop: { uses: stubborn, repeat: { until: iteration >= 2 } } } } }\noutput: ${{ tasks.group.output.loop }}")
            .Retry("3h").RunToEnd();

        // Two iterations of an hour each, then the timeout; the third begins anew with the group's time.
        Assert.Equal(["group/loop#0:1", "group/loop#1:1", "group/loop#2:1"], run.Attempts);
        Assert.Equal("\"group/loop#2\"", run.Output);
    }

    [Fact]
    public void A_group_in_a_loop_goes_on_where_it_was_and_then_with_the_next_iteration()
    {
        var run = Of("""
            tasks:
              group: { repeat: { until: iteration >= 1 }, tasks: { a: { uses: stubborn }, b: { uses: work, needs: a } } }
              bad: { uses: bad }
            """).Retry("2h").RunToEnd();

        Assert.Equal(["group#0/a:1", "bad:1", "group#0/b:1", "bad:2", "group#1/a:1", "group#1/b:1"], run.Attempts.OrderBy(line => run.Started.First(e => e.ToString() == line).At));
    }

    [Fact]
    public void A_child_in_a_loop_that_completes_all_the_same_is_followed_by_the_next()
    {
        var run = Of("""
            tasks:
              kid: { workflow: kid, repeat: { until: iteration >= 1 } }
              bad: { uses: bad }
            """).Child("kid", _ => ChildEnd.Completes(1).After("1h").DespiteCancel()).Retry("2h").RunToEnd();

        Assert.Equal(["run/kid~0", "run/kid~1"], run.Events.OfType<WorkflowEvent.ChildRequested>().Select(e => e.ChildId));
        Assert.Equal(RunOutcome.Completed, run.Outcome);
    }

    [Fact]
    public void An_attempt_that_fails_while_its_scope_stops_uses_up_nothing()
    {
        var run = Of("""
            tasks:
              slow: { uses: slow, retry: { max-attempts: 2, initial: 1s }, on-error: continue }
              bad: { uses: bad }
            output: ["${{ tasks.slow.output }}", "${{ tasks.slow.status }}"]
            """)
            .Handler("slow", e => e.Attempt <= 2 ? Answer.Failure().After("1h").DespiteCancel() : "done").Retry("2h").RunToEnd();

        Assert.Equal(["slow:1", "bad:1", "slow:2", "bad:2", "slow:3"], run.Attempts);
        Assert.Equal("""["done","completed"]""", run.Output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_is_cancelled_whether_or_not_it_could_be_tried_again(bool retryable)
    {
        var run = Of("""
            on-failure: compensate
            tasks:
              slow: { uses: slow, on-error: continue, compensate: { uses: undo } }
              bad: { uses: bad }
            """)
            .Handler("slow", _ => Answer.Failure("Late", retryable: retryable).After("1h").DespiteCancel()).RunToEnd();

        var cancelled = Assert.Single(run.Events.OfType<WorkflowEvent.AttemptCancelled>());
        Assert.Equal(("Late", null), (cancelled.Error?.Type, cancelled.Undo));
        Assert.Equal(nameof(TaskPhase.Cancelled), StatusOf(run));
        Assert.Equal(["bad"], run.End.Failures.Select(failure => failure.Path));
    }

    [Fact]
    public void An_element_that_fails_while_its_scope_stops_runs_again()
    {
        var run = Of("""
            tasks:
              each: { for-each: [a, b], uses: slow, on-error: continue }
              bad: { uses: bad }
            output: ["${{ tasks.each.status }}", "${{ tasks.each.output }}"]
            """)
            .Handler("slow", e => e.Attempt == 1 ? Answer.Failure().After("1h").DespiteCancel() : e.Path).Retry("2h").RunToEnd();

        Assert.Equal("""["completed",["each[0]","each[1]"]]""", run.Output);
    }

    [Fact]
    public void A_deadline_that_passed_before_the_scope_stopped_still_counts()
    {
        var run = Of("""
            tasks:
              slow: { uses: slow, deadline: 30s, on-error: continue }
              bad: { uses: bad }
            output: ${{ tasks.slow.error.type }}
            """)
            .Handler("slow", _ => Answer.Failure().After("1h").DespiteCancel()).Retry("2h").RunToEnd();

        Assert.Equal("\"DeadlineExceeded\"", run.Output);
        Assert.Equal(1, run.CountOf("slow"));
    }

    [Fact]
    public void A_child_that_fails_while_its_parent_stops_is_started_again()
    {
        var run = Of("""
            tasks:
              kid: { workflow: kid, on-error: continue }
              bad: { uses: bad }
            output: ["${{ tasks.kid.status }}", "${{ tasks.kid.output }}"]
            """)
            .Child("kid", child => child.Order.Attempt.Number == 1 ? ChildEnd.Fails().After("1h").DespiteCancel() : ChildEnd.Completes("well")).Retry("2h").RunToEnd();

        Assert.Equal("""["completed","well"]""", run.Output);
    }
}

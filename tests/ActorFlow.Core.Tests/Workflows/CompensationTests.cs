using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Rules 31 and 32: what is undone, and in what order.</summary>
public sealed class CompensationTests
{
    private static IEnumerable<string> Undone(ScenarioRun run) =>
        run.Started.Where(e => e.Handler == "undo").Select(e => $"{e.Path} {e.Input}");

    [Fact]
    public void Rule_31_Completed_bodies_are_undone_in_reverse_order_of_completion()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            tasks:
              slow: { uses: slow, compensate: { uses: undo } }
              quick: { uses: quick, compensate: { uses: undo } }
              plain: { uses: quick }
              no: { fail: no, needs: [slow, quick, plain] }
            """).Takes("slow", "2m").Takes("quick", "1m").RunToEnd();

        Assert.Equal(["slow!compensate null", "quick!compensate null"], Undone(run));
        Assert.Equal((RunOutcome.Failed, ErrorTypes.Failed), (run.Outcome, run.Error.Type));
    }

    [Fact]
    public void Rule_31_They_run_one_at_a_time()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            tasks:
              each: { for-each: [1, 2, 3], uses: work, compensate: { uses: undo } }
              no: { fail: no, needs: each }
            """).Takes("undo", "1m").RunToEnd();

        Assert.Equal([0, 1, 2], run.Started.Where(e => e.Handler == "undo").Select(e => (int)e.At.TotalMinutes));
    }

    [Fact]
    public void Rule_31_Each_element_and_iteration_is_an_entry_with_its_own_output_item_index_and_iteration()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            tasks:
              each:
                for-each: [a, b]
                max-parallel: 1
                repeat: { until: iteration === 1 }
                uses: work
                with: "${{ item + iteration }}"
                compensate: { uses: undo, with: ["${{ tasks.each.output }}", "${{ item }}", "${{ index }}", "${{ iteration }}"] }
              no: { fail: no, needs: each }
            """).RunToEnd();

        Assert.Equal(
            [
                """each[1]#1!compensate ["b1","b",1,1]""",
                """each[1]#0!compensate ["b0","b",1,0]""",
                """each[0]#1!compensate ["a1","a",0,1]""",
                """each[0]#0!compensate ["a0","a",0,0]""",
            ],
            Undone(run));
    }

    [Fact]
    public void Rule_31_A_task_in_a_group_is_an_entry_even_when_the_group_failed_and_was_tolerated()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            tasks:
              group:
                on-error: continue
                tasks:
                  x: { uses: work, with: 1, compensate: { uses: undo, with: "${{ tasks.x.output }}" } }
                  bad: { fail: bad, needs: x }
              wait: { delay: 1h, needs: group }
              no: { fail: no, needs: wait }
            """).RunToEnd();

        Assert.Equal(["group/x!compensate 1"], Undone(run));
        Assert.Equal(TimeSpan.FromHours(1), run.First("group/x!compensate").At);
    }

    [Fact]
    public void Rule_31_Failed_skipped_and_cancelled_tasks_have_none()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            tasks:
              tolerated: { uses: broken, on-error: continue, compensate: { uses: undo } }
              skipped: { uses: work, if: "false", compensate: { uses: undo } }
              running: { uses: never, compensate: { uses: undo } }
              waiting: { delay: 1h, compensate: { uses: undo } }
              fatal: { uses: late, compensate: { uses: undo } }
            """).Fails("broken").Handler("never", _ => Answer.Never).Handler("late", _ => Answer.Failure("Late").After("1m")).RunToEnd();

        Assert.Empty(Undone(run));
        Assert.Equal("Late", run.Error.Type);
        Assert.Empty(run.Events.OfType<WorkflowEvent.CompensationStarted>());
    }

    [Fact]
    public void Rule_31_A_failure_tolerated_by_continue_starts_no_compensation()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            tasks:
              a: { uses: work, compensate: { uses: undo } }
              b: { uses: broken, on-error: continue, needs: a }
            """).Fails("broken").RunToEnd();

        Assert.Empty(Undone(run));
        Assert.Equal(RunOutcome.Completed, run.Outcome);
    }

    [Fact]
    public void Rule_31_An_iteration_that_completed_has_an_entry_even_if_its_loop_then_failed()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            tasks:
              loop: { uses: work, repeat: { while: "true", max: 2 }, compensate: { uses: undo, with: "${{ iteration }}" } }
            """).RunToEnd();

        Assert.Equal(["loop#1!compensate 1", "loop#0!compensate 0"], Undone(run));
    }

    [Fact]
    public void Nothing_is_undone_where_on_failure_does_not_say_so()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, compensate: { uses: undo } }
              no: { fail: no, needs: a }
            """).RunToEnd();

        Assert.Equal(["a"], run.Paths);
    }

    [Fact]
    public void Rule_32_Compensation_starts_when_everything_in_flight_has_ended_and_what_still_completes_gets_an_entry()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            tasks:
              first: { uses: work, compensate: { uses: undo } }
              stubborn: { uses: stubborn, compensate: { uses: undo, with: "${{ tasks.stubborn.output }}" } }
              bad: { uses: bad }
            """)
            .Handler("stubborn", _ => Answer.Success("did it").After("1h").DespiteCancel())
            .Handler("bad", _ => Answer.Failure().After("1m")).RunToEnd();

        Assert.Equal(["stubborn!compensate \"did it\"", "first!compensate null"], Undone(run));
        Assert.Equal(TimeSpan.FromHours(1), run.First("stubborn!compensate").At);
        Assert.Equal((RunOutcome.Failed, "Boom"), (run.Outcome, run.Error.Type));
    }

    [Fact]
    public void Rule_32_One_that_fails_for_good_is_recorded_and_the_rest_go_on()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            defaults: { retry: { max-attempts: 2 } }
            tasks:
              a: { uses: work, compensate: { uses: undo } }
              b: { uses: work, needs: a, compensate: { uses: undoBadly } }
              c: { uses: work, needs: b, compensate: { uses: undo } }
              no: { fail: no, needs: c }
            """).Fails("undoBadly", type: "Stuck").RunToEnd();

        Assert.Equal(["c!compensate:1", "b!compensate:1", "b!compensate:2", "a!compensate:1"], run.Attempts.Skip(3));
        Assert.Equal([("no", "Failed"), ("b!compensate", "Stuck")], run.End.Failures.Select(failure => (failure.Path, failure.Type)));
        Assert.Equal((RunOutcome.Failed, ErrorTypes.Failed), (run.Outcome, run.Error.Type));
    }

    [Fact]
    public void Rule_32_One_whose_input_cannot_be_evaluated_is_recorded_and_the_rest_go_on()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            tasks:
              a: { uses: work, compensate: { uses: undo } }
              b: { uses: work, needs: a, compensate: { uses: undo, with: "${{ tasks.b.output.no.thing }}" } }
              no: { fail: no, needs: b }
            """).RunToEnd();

        Assert.Equal(["a!compensate null"], Undone(run));
        Assert.Equal([("no", "Failed"), ("b!compensate", "ExpressionError")], run.End.Failures.Select(failure => (failure.Path, failure.Type)));
    }

    [Fact]
    public void Rule_32_A_cancelled_run_is_compensated_and_ends_cancelled()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            tasks:
              a: { uses: work, compensate: { uses: undo } }
              b: { delay: 1h, needs: a }
            """).Cancel("1m", "changed my mind").RunToEnd();

        Assert.Equal(["a!compensate null"], Undone(run));
        Assert.Equal((RunOutcome.Cancelled, "changed my mind", TimeSpan.FromMinutes(1)), (run.Outcome, run.End.Reason, run.Took));
    }

    private const string SlowUndo = """
        on-failure: compensate
        tasks:
          a: { uses: work, compensate: { uses: undo } }
          b: { uses: work, needs: a, compensate: { uses: undo } }
          wait: { delay: 1d, needs: b }
        """;

    [Fact]
    public void Rule_32_A_further_cancel_changes_nothing()
    {
        var run = Scenario.Of(SlowUndo).Takes("undo", "10m").Cancel("1m", "first").Cancel("5m", "second").RunToEnd();

        Assert.Equal((RunOutcome.Cancelled, "first", TimeSpan.FromMinutes(21)), (run.Outcome, run.End.Reason, run.Took));
        Assert.Equal(["b!compensate null", "a!compensate null"], Undone(run));
        Assert.Empty(run.Refusals);
    }

    [Fact]
    public void Rule_32_Terminate_stops_compensation_at_once()
    {
        var run = Scenario.Of(SlowUndo).Takes("undo", "10m").Cancel("1m").Terminate("5m", "enough of this").RunToEnd();

        Assert.Equal(["b!compensate null"], Undone(run));
        Assert.Equal((RunOutcome.Terminated, "enough of this", TimeSpan.FromMinutes(5)), (run.Outcome, run.End.Reason, run.Took));
    }

    [Fact]
    public void A_lost_compensation_is_offered_again()
    {
        var lost = 0;
        var run = Scenario.Of(SlowUndo).Handler("undo", _ => lost++ == 0 ? Answer.Lost : 0).Cancel("1m").RunToEnd();

        Assert.Equal(["b!compensate:1", "b!compensate:1", "a!compensate:1"], run.Attempts.Skip(2));
        Assert.Empty(run.End.Failures);
    }

    [Fact]
    public void A_compensation_has_the_deadline_of_the_defaults()
    {
        var run = Scenario.Of("defaults: { deadline: 5m }\n" + SlowUndo).Handler("undo", e => e.Path[0] == 'b' ? Answer.Never : 0).Cancel("1m").RunToEnd();

        Assert.Equal([("b!compensate", ErrorTypes.DeadlineExceeded)], run.End.Failures.Select(failure => (failure.Path, failure.Type)));
        Assert.Equal(["b!compensate null", "a!compensate null"], Undone(run));
        Assert.Equal(TimeSpan.FromMinutes(6), run.Took);
    }
}

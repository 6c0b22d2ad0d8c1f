using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>A run that has ended goes on: from its failed tasks, or from a task on.</summary>
public sealed class RetryRunTests
{
    [Fact]
    public void A_retry_runs_only_what_failed_or_was_cancelled_or_had_not_begun()
    {
        var run = Scenario.Of("""
            tasks:
              done: { uses: work }
              broken: { uses: broken, needs: done }
              cancelled: { uses: slow, needs: done }
              after: { uses: work, needs: broken }
              skipped: { uses: work, if: "false" }
            """).Fails("broken", times: 1).Takes("slow", "1h").Retry("1h").RunToEnd();

        Assert.Equal(["done:1", "broken:1", "cancelled:1", "broken:2", "cancelled:2", "after:1"], run.Attempts);
        Assert.Equal(RunOutcome.Completed, run.Outcome);
        Assert.Empty(run.End.Failures);
        Assert.Null(run.End.Error);
    }

    [Fact]
    public void Attempt_numbers_go_on_the_key_stays_and_max_attempts_begins_anew()
    {
        var run = Scenario.Of("tasks: { a: { uses: broken, retry: { max-attempts: 3, initial: 1m } } }")
            .Fails("broken", times: 5).Retry("1h").RunToEnd();

        Assert.Equal(["a:1", "a:2", "a:3", "a:4", "a:5", "a:6"], run.Attempts);
        Assert.Single(run.Started.Select(execution => execution.Order.IdempotencyKey).Distinct());
        Assert.Equal([0, 1, 2, 60, 61, 62], run.Times("a").Select(at => (int)at.TotalMinutes));
    }

    [Fact]
    public void A_run_may_be_retried_again_and_again()
    {
        var run = Scenario.Of("tasks: { a: { uses: broken } }").Fails("broken", times: 3).Retry("1h").Retry("2h").Retry("3h").Retry("4h").RunToEnd();

        Assert.Equal(4, run.CountOf("a"));
        Assert.Equal(["not-failed"], run.Refusals.Select(refusal => refusal.Code));
        Assert.Equal(3, run.Events.OfType<WorkflowEvent.Failed>().Count());
    }

    [Fact]
    public void Completed_elements_are_not_run_again()
    {
        var run = Scenario.Of("tasks: { each: { for-each: [a, b, c, d], max-parallel: 2, uses: work, with: \"${{ item }}\" } }\noutput: ${{ tasks.each.output }}")
            .Handler("work", e => e is { Path: "each[1]", Attempt: 1 } ? Answer.Failure().After("3m")
                : Answer.Success(e.Input).After(e.Path == "each[2]" ? "1h" : "1m")).Retry("2h").RunToEnd();

        Assert.Equal(["each[0]:1", "each[1]:1", "each[2]:1", "each[1]:2", "each[2]:2", "each[3]:1"], run.Attempts);
        Assert.Equal("""["a","b","c","d"]""", run.Output);
    }

    [Fact]
    public void Inner_tasks_of_groups_that_completed_are_not_run_again()
    {
        var run = Scenario.Of("""
            tasks:
              outer:
                for-each: [x, y]
                tasks:
                  a: { uses: work }
                  inner: { needs: a, tasks: { b: { uses: work }, c: { uses: broken, needs: b, with: "${{ item }}" }, d: { uses: work, needs: c } } }
            """).Handler("broken", e => e is { Attempt: 1, Path: "outer[1]/inner/c" } ? Answer.Failure().After("1m") : Answer.Success(1).After("2m")).Retry("1h").RunToEnd();

        Assert.Equal(
            ["outer[0]/a:1", "outer[1]/a:1", "outer[0]/inner/b:1", "outer[1]/inner/b:1", "outer[0]/inner/c:1", "outer[1]/inner/c:1",
                "outer[0]/inner/c:2", "outer[1]/inner/c:2", "outer[0]/inner/d:1", "outer[1]/inner/d:1"],
            run.Attempts);
        Assert.Equal(RunOutcome.Completed, run.Outcome);
    }

    [Fact]
    public void What_a_group_that_tolerates_failures_had_done_when_it_was_cancelled_is_not_done_again()
    {
        var run = Scenario.Of("""
            tasks:
              group: { on-error: continue, tasks: { a: { uses: work }, b: { uses: slow, needs: a } } }
              broken: { uses: broken }
            """).Takes("slow", "1h").Handler("broken", e => e.Attempt == 1 ? Answer.Failure().After("1m") : 1).Retry("1h").RunToEnd();

        Assert.Equal(["broken:1", "broken:2", "group/a:1", "group/b:1", "group/b:2"], run.Attempts.Order());
        Assert.Equal(RunOutcome.Completed, run.Outcome);
    }

    [Fact]
    public void A_fan_out_that_tolerates_failures_goes_on_where_it_was_cancelled_and_its_failures_stand()
    {
        var run = Scenario.Of("""
            tasks:
              each: { for-each: [a, b, c], max-parallel: 1, on-error: continue, uses: work }
              broken: { uses: broken }
            output: ["${{ tasks.each.status }}", "${{ tasks.each.output }}"]
            """)
            .Handler("work", e => e.Path == "each[0]" ? Answer.Failure() : Answer.Success(1).After("1h"))
            .Handler("broken", e => e.Attempt == 1 ? Answer.Failure().After("1m") : 1).Retry("1h").RunToEnd();

        Assert.Equal(["broken:1", "broken:2", "each[0]:1", "each[1]:1", "each[1]:2", "each[2]:1"], run.Attempts.Order());
        Assert.Equal("""["failed",[null,1,1]]""", run.Output);
    }

    [Fact]
    public void A_loop_goes_on_with_the_iteration_that_failed()
    {
        var run = Scenario.Of("tasks: { loop: { uses: work, with: \"${{ tasks.loop.output }}\", repeat: { until: iteration === 3 } } }\noutput: ${{ tasks.loop.output }}")
            .Handler("work", e => e is { Path: "loop#2", Attempt: 1 } ? Answer.Failure() : e.Path).Retry("1h").RunToEnd();

        Assert.Equal(["loop#0:1", "loop#1:1", "loop#2:1", "loop#2:2", "loop#3:1"], run.Attempts);
        Assert.Equal("\"loop#1\"", run.Started[3].Input.ToString());
    }

    [Fact]
    public void A_child_that_failed_is_started_again_under_the_same_id()
    {
        var times = 0;
        var run = Scenario.Of("tasks: { kid: { workflow: other } }").Child("other", _ => times++ == 0 ? ChildEnd.Fails() : ChildEnd.Completes(1)).Retry("1h").RunToEnd();

        Assert.Equal(["run/kid", "run/kid"], run.ChildIds);
        Assert.Equal([1, 2], run.Children.Select(child => child.Order.Attempt.Number));
        Assert.Single(run.Children.Select(child => child.Order.Attempt.Generation).Distinct());
    }

    [Fact]
    public void Waits_that_were_cancelled_are_begun_again_and_kept_signals_are_not_lost()
    {
        var run = Scenario.Of("""
            tasks:
              broken: { uses: broken }
              s: { signal: go }
              q: { ask: { kind: text, prompt: p } }
              late: { signal: later, needs: broken }
            """).Handler("broken", e => e.Attempt == 1 ? Answer.Failure().After("1h") : 1)
            .Signal("1m", "later", 7).Retry("2h").Reply("3h", "q", "x").Signal("4h", "go", 8).RunToEnd();

        Assert.Equal(RunOutcome.Completed, run.Outcome);
        Assert.Contains("\"late\":7", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"s\":8", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_task_that_failed_before_it_began_is_decided_again()
    {
        var run = Scenario.Of("tasks: { a: { set: {}, if: input.no.thing }, b: { for-each: 5, uses: work, needs: a } }".Replace("5", "\"${{ 5 }}\"", StringComparison.Ordinal))
            .Input(new { }).Retry("1h").RunToEnd();

        Assert.Equal(2, run.Events.OfType<WorkflowEvent.TaskFailed>().Count());
        Assert.Equal(2, run.Events.OfType<WorkflowEvent.Failed>().Count());
    }

    [Fact]
    public void A_run_that_timed_out_gets_its_whole_timeout_again()
    {
        var run = Scenario.Of("timeout: 2h\ntasks: { a: { signal: go } }").Retry("10h").Signal("11h", "go").RunToEnd();

        Assert.Equal((RunOutcome.Completed, 11), (run.Outcome, (int)run.Took.TotalHours));
    }

    [Fact]
    public void A_group_that_timed_out_gets_its_whole_timeout_again()
    {
        var run = Scenario.Of("tasks: { g: { timeout: 2h, tasks: { a: { signal: go } } } }").Retry("10h").Signal("11h", "go").RunToEnd();

        Assert.Equal((RunOutcome.Completed, 11), (run.Outcome, (int)run.Took.TotalHours));
    }

    [Fact]
    public void A_run_whose_output_could_not_be_evaluated_tries_that_again()
    {
        var run = Scenario.Of("tasks: { a: { uses: work } }\noutput: ${{ input.no.thing }}").Input(new { }).Retry("1h").RunToEnd();

        Assert.Equal((1, 2), (run.Started.Count, run.Events.OfType<WorkflowEvent.OutputFailed>().Count()));
    }

    private const string Diamond = """
        tasks:
          a: { uses: work }
          b: { uses: work, needs: a }
          c: { uses: work, needs: a }
          d: { uses: work, needs: [b, c] }
          e: { uses: work }
        """;

    [Fact]
    public void From_a_task_on_it_and_everything_downstream_run_again_in_a_new_generation_with_new_keys()
    {
        var run = Scenario.Of(Diamond).Retry("1h", from: "b").RunToEnd();

        Assert.Equal(["a:1", "e:1", "b:1", "c:1", "d:1", "b:1", "d:1"], run.Attempts);
        Assert.Equal([1, 1, 1, 1, 1, 2, 2], run.Started.Select(execution => execution.Order.Attempt.Generation));
        Assert.Equal(7, run.Started.Select(execution => execution.Order.IdempotencyKey).Distinct().Count());
    }

    [Fact]
    public void From_a_task_on_what_is_left_elsewhere_runs_too()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work }
              b: { uses: work, needs: a }
              broken: { uses: broken }
            """).Handler("broken", e => e.Attempt == 1 ? Answer.Failure().After("1m") : 1).Retry("1h", from: "b").RunToEnd();

        Assert.Equal(["a:1", "broken:1", "b:1", "b:1", "broken:2"], run.Attempts);
        Assert.Equal(RunOutcome.Completed, run.Outcome);
    }

    [Fact]
    public void From_a_task_on_fan_outs_loops_groups_children_and_switches_begin_at_their_beginning()
    {
        var run = Scenario.Of("""
            tasks:
              a: { set: { n: 2 } }
              each: { for-each: "${{ [1, tasks.a.output.n] }}", uses: work, needs: a }
              loop: { uses: work, repeat: { until: iteration === 1 }, needs: a }
              group: { tasks: { x: { uses: work } }, needs: a }
              kid: { workflow: other, needs: a }
              choose: { switch: [{ case: yes, if: "true" }, { case: no }], needs: a }
              never: { uses: work, needs: choose.no }
              end: { uses: work, needs: [each, loop, group, kid, choose.yes] }
            """).Retry("1h", from: "a").RunToEnd();

        string[] once = ["each[0]:1", "each[1]:1", "end:1", "group/x:1", "loop#0:1", "loop#1:1"];
        Assert.Equal(once.Concat(once).Order(), run.Attempts.Order());
        Assert.Equal([1, 2], run.Children.Select(child => child.Order.Attempt.Generation));
        Assert.Equal(["run/kid", "run/kid"], run.ChildIds);
        Assert.Equal(12, run.Started.Select(execution => execution.Order.IdempotencyKey).Distinct().Count());
    }

    [Theory]
    [InlineData("30m", RunOutcome.Cancelled)]
    [InlineData(null, RunOutcome.Completed)]
    public void From_a_task_on_a_run_may_be_retried_that_completed_or_was_cancelled(string? cancelAt, Enum first)
    {
        var scenario = Scenario.Of("tasks: { a: { uses: work }, b: { uses: slow, needs: a } }").Takes("slow", "50m");
        var run = (cancelAt is null ? scenario : scenario.Cancel(cancelAt)).Retry("3h", from: "b").RunToEnd();

        Assert.Equal(first, run.Events.OfType<WorkflowEvent.Cancelled>().Any() ? RunOutcome.Cancelled : RunOutcome.Completed);
        Assert.Equal(RunOutcome.Completed, run.Outcome);
        Assert.Equal((1, 2), (run.CountOf("a"), run.CountOf("b")));
    }

    [Fact]
    public void What_ran_again_from_a_task_on_is_undone_as_often_as_it_ran_each_time_under_a_key_of_its_own()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            tasks:
              a: { uses: work, with: "${{ input }}", compensate: { uses: undo, with: "${{ tasks.a.output }}" } }
              b: { uses: late, needs: a }
            """).Handler("work", e => e.Order.Attempt.Generation).Handler("late", e => e.Order.Attempt.Generation == 1 ? 1 : Answer.Failure())
            .Retry("1h", from: "a").RunToEnd();
        var undone = run.Started.Where(execution => execution.Path == "a!compensate").ToList();

        Assert.Equal(["2", "1"], undone.Select(execution => execution.Input.ToString()));
        Assert.Equal(2, undone.Select(execution => execution.Order.IdempotencyKey).Distinct().Count());
    }

    [Fact]
    public void A_compensation_that_is_tried_again_keeps_its_key()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            defaults: { retry: { max-attempts: 3 } }
            tasks: { a: { uses: work, compensate: { uses: undo } }, b: { fail: x, needs: a } }
            """).Fails("undo", times: 2).RunToEnd();

        Assert.Equal(["a!compensate:1", "a!compensate:2", "a!compensate:3"], run.Attempts.Skip(1));
        Assert.Single(run.Started.Skip(1).Select(execution => execution.Order.IdempotencyKey).Distinct());
    }

    [Fact]
    public void From_a_failed_group_on_all_of_it_runs_again()
    {
        var run = Scenario.Of("tasks: { g: { tasks: { a: { uses: work }, b: { uses: broken, needs: a } } } }").Fails("broken", times: 1).Retry("1h", from: "g").RunToEnd();

        Assert.Equal(["g/a:1", "g/b:1", "g/a:1", "g/b:1"], run.Attempts);
    }

    [Fact]
    public void Attempts_of_before_are_void()
    {
        var run = Scenario.Of("tasks: { a: { uses: work }, b: { uses: slow, needs: a } }").Handler("slow", e => e.Order.Attempt.Generation == 1 ? 1 : Answer.NoReport)
            .Retry("1h", from: "b").Play();
        var old = run.Started.First(execution => execution.Path == "b");

        Assert.Same(Decision.Nothing, run.Ask(new WorkflowCommand.Report("run", old.Order.Attempt, old.Lease, new TaskOutcome.Succeeded(Payload.Null))));
    }

    [Fact]
    public void A_retry_is_taken_once_per_command_id()
    {
        var id = Guid.NewGuid();
        var run = Scenario.Of("tasks: { a: { uses: broken } }").Fails("broken").Retry("1h", command: id).Retry("2h", command: id).RunToEnd();

        Assert.Equal(2, run.Started.Count);
        Assert.Empty(run.Refusals);
    }

    [Theory]
    [InlineData("tasks: { a: { delay: 1d } }", null, "not-closed")]
    [InlineData("tasks: { a: { delay: 1m } }", null, "not-failed")]
    [InlineData("tasks: { a: { delay: 1m } }", "b", "task-not-found")]
    [InlineData("tasks: { g: { tasks: { a: { fail: x } } } }", "a", "task-not-found")]
    [InlineData("on-failure: compensate\ntasks: { a: { uses: work, compensate: { uses: undo } }, b: { fail: x, needs: a } }", null, "compensated")]
    [InlineData("on-failure: compensate\ntasks: { a: { uses: work, compensate: { uses: undo } }, b: { fail: x, needs: a } }", "a", "compensated")]
    public void A_retry_that_makes_no_sense_is_refused(string yaml, string? from, string code)
    {
        var run = Scenario.Of(yaml).Retry("1h", from).Play();

        Assert.Equal([code], run.Refusals.Select(refusal => refusal.Code));
    }

    [Fact]
    public void A_run_that_would_compensate_but_had_nothing_to_undo_may_be_retried()
    {
        var run = Scenario.Of("on-failure: compensate\ntasks: { a: { uses: broken, compensate: { uses: undo } } }").Fails("broken", times: 1).Retry("1h").RunToEnd();

        Assert.Equal(RunOutcome.Completed, run.Outcome);
    }

    [Fact]
    public void A_terminated_run_and_one_that_was_cancelled_are_not_retried()
    {
        var terminated = Scenario.Of("tasks: { a: { delay: 1d } }").Terminate("1m").Retry("1h").Retry("1h", from: "a").RunToEnd();
        var cancelled = Scenario.Of("tasks: { a: { delay: 1d } }").Cancel("1m").Retry("1h").RunToEnd();

        Assert.Equal(["terminated", "terminated"], terminated.Refusals.Select(refusal => refusal.Code));
        Assert.Equal(["not-failed"], cancelled.Refusals.Select(refusal => refusal.Code));
    }

    [Fact]
    public void A_child_that_has_told_its_parent_how_it_ended_is_not_retried_by_itself()
    {
        var run = Scenario.Of("tasks: { a: { uses: broken } }").AsChild().Fails("broken").Retry("1h").Retry("2h", from: "a").Rewind("3h", to: 1).RunToEnd();

        Assert.Equal(["consumed", "consumed", "consumed"], run.Refusals.Select(refusal => refusal.Code));
    }

    [Fact]
    public void A_child_that_its_parent_left_is_retried_and_rewound_like_any_run_and_only_for_the_attempt_that_left_it()
    {
        var left = new AttemptId(new Guid(7, 0, 0, new byte[8]), 1, new(0, 0, 0, 0), 1);
        var retry = new WorkflowCommand.Retry(ScenarioRun.WorkflowId, Guid.NewGuid(), null);
        var run = Scenario.Of("tasks: { a: { uses: broken }, b: { uses: work } }").AsChild().Fails("broken", times: 1)
            .Command("1h", retry with { CommandId = Guid.NewGuid(), LeftBy = left with { Number = 2 } })
            .Command("2h", retry with { LeftBy = left })
            .Command("3h", retry)
            .Command("4h", played => new WorkflowCommand.Rewind(ScenarioRun.WorkflowId, Guid.NewGuid(), 1, played.ImageAfter(1)) { LeftBy = left })
            .RunToEnd();

        Assert.Equal(["consumed"], run.Refusals.Select(refusal => refusal.Code));
        Assert.Equal(RunOutcome.Completed, run.Outcome);
        // Once each, what failed once more, and all of it after the rewind.
        Assert.Equal(["a", "b", "a", "a", "b"], run.Started.Select(started => started.Path));
    }
}

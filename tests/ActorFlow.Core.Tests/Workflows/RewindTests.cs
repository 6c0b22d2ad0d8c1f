using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>A run is taken back to a checkpoint: stopped and settled first, then in a new generation.</summary>
public sealed class RewindTests
{
    private const string Steps = """
        tasks:
          a: { uses: work, checkpoint: true }
          b: { uses: work, needs: a, checkpoint: true }
          c: { uses: work, needs: b }
        """;

    [Fact]
    public void An_open_run_stops_first_and_then_goes_on_from_the_checkpoint()
    {
        var run = Scenario.Of(Steps).Takes("work", "10m").Rewind("25m", "a").RunToEnd();

        Assert.Equal(["a:1", "b:1", "c:1", "b:1", "c:1"], run.Attempts);
        Assert.Equal([1, 1, 1, 2, 2], run.Started.Select(execution => execution.Order.Attempt.Generation));
        Assert.True(run.Started[2].IsWithdrawn);
        Assert.Equal(TimeSpan.FromMinutes(45), run.Took);
        Assert.Equal(RunOutcome.Completed, run.Outcome);
    }

    [Theory]
    [InlineData("completed", RunOutcome.Completed)]
    [InlineData("failed", RunOutcome.Failed)]
    [InlineData("cancelled", RunOutcome.Cancelled)]
    [InlineData("terminated", RunOutcome.Terminated)]
    public void A_closed_run_is_opened_again_however_it_ended(string how, Enum first)
    {
        var scenario = Scenario.Of(Steps)
            .Handler("work", e => e.Order.Attempt.Generation == 1 && how == "failed" && e.Path == "c" ? Answer.Failure().After("10m") : Answer.Success().After("10m"));
        scenario = how switch { "cancelled" => scenario.Cancel("25m"), "terminated" => scenario.Terminate("25m"), _ => scenario };
        var run = scenario.Rewind("1h", "b").RunToEnd();

        Assert.Equal(["a:1", "b:1", "c:1", "c:1"], run.Attempts);
        Assert.Equal((RunOutcome.Completed, 70), (run.Outcome, (int)run.Took.TotalMinutes));
        Assert.Contains(run.Events, e => e.GetType().Name == first.ToString());
        Assert.Equal(4, run.Started.Select(execution => execution.Order.IdempotencyKey).Distinct().Count());
    }

    [Fact]
    public void An_attempt_that_was_running_at_the_checkpoint_runs_again_under_a_new_key()
    {
        var run = Scenario.Of("tasks: { a: { uses: slow }, b: { uses: slow } }").Takes("slow", "50m").Checkpoint("10m", "x").Rewind("20m", "x").RunToEnd();

        Assert.Equal(["a:1", "b:1", "a:1", "b:1"], run.Attempts);
        Assert.Equal(4, run.Started.Select(execution => execution.Order.IdempotencyKey).Distinct().Count());
        Assert.Equal(TimeSpan.FromMinutes(70), run.Took);
    }

    [Fact]
    public void Attempts_of_before_are_void()
    {
        var run = Scenario.Of("tasks: { a: { uses: slow } }").Handler("slow", _ => Answer.NoReport).Checkpoint("1m", "x").Terminate("2m").Rewind("3m", "x").Play();
        var (old, now) = (run.Started[0], run.Started[1]);
        WorkflowCommand Success(Execution execution) =>
            new WorkflowCommand.Report("run", execution.Order.Attempt, execution.Lease, new TaskOutcome.Succeeded(Payload.Null));

        Assert.Same(Decision.Nothing, run.Ask(Success(old)));
        Assert.IsType<Decision.Accepted>(run.Ask(Success(now)));
    }

    [Fact]
    public void What_completes_while_the_run_stops_for_it_is_void_as_well()
    {
        var run = Scenario.Of(Steps).Handler("work", _ => Answer.Success().After("10m").DespiteCancel()).Rewind("15m", "a").RunToEnd();

        Assert.Equal(["a:1", "b:1", "b:1", "c:1"], run.Attempts);
        Assert.Equal([0, 10, 20, 30], run.Started.Select(execution => (int)execution.At.TotalMinutes));
    }

    [Fact]
    public void Generations_are_raised_each_time_and_restored_by_no_checkpoint()
    {
        var run = Scenario.Of(Steps).Takes("work", "10m").Rewind("15m", "a").Rewind("20m", "a").Rewind("22m", to: 1).RunToEnd();

        Assert.Equal([1, 2, 3, 4], run.Started.Select(execution => execution.Order.Attempt.Generation).Distinct());
        Assert.Equal(RunOutcome.Completed, run.Outcome);
    }

    [Fact]
    public void Timeouts_are_put_off_by_the_time_that_has_passed_since()
    {
        var run = Scenario.Of("""
            timeout: 10h
            tasks:
              s: { signal: go, timeout: 2h, on-error: continue }
              q: { ask: { kind: text, prompt: p, default: x }, timeout: 3h }
              g: { timeout: 4h, tasks: { x: { signal: never } } }
            """).Checkpoint("1h", "x").Rewind("90m", "x").Play();

        // An hour of each was over at the checkpoint, and half an hour has passed since.
        var settled = run.Commits.Where(commit => commit.Events.Any(e => e is WorkflowEvent.TaskExecutionFailed or WorkflowEvent.TaskExecutionCompleted)).Select(commit => (commit.At - ScenarioRun.Epoch).TotalHours);
        Assert.Equal([2.5, 3.5, 4.5], settled);
        Assert.Equal("TimedOut", run.Error.Type);
    }

    [Fact]
    public void The_run_s_own_timeout_is_put_off_too()
    {
        var run = Scenario.Of("timeout: 2h\ntasks: { a: { signal: go } }").Checkpoint("1h", "x").Rewind("20h", "x").RunToEnd();

        Assert.Equal((RunOutcome.Failed, 21), (run.Outcome, (int)run.Took.TotalHours));
    }

    [Fact]
    public void Deadlines_are_put_off_too()
    {
        var run = Scenario.Of("tasks: { a: { uses: broken, deadline: 3h, retry: { max-attempts: 100, initial: 1h, max: 1h } } }")
            .Fails("broken").Checkpoint("90m", "x").Rewind("10h", "x").RunToEnd();

        Assert.Equal("DeadlineExceeded", run.Error.Type);
        Assert.InRange(run.Took.TotalHours, 10, 11.5);
    }

    [Fact]
    public void Signals_that_nobody_has_consumed_are_not_lost()
    {
        var run = Scenario.Of("""
            tasks:
              a: { signal: go }
              b: { signal: go, needs: a }
              c: { signal: later, needs: b }
            output: ["${{ tasks.a.output }}", "${{ tasks.b.output }}", "${{ tasks.c.output }}"]
            """)
            .Signal("1m", "later", "early").Checkpoint("2m", "x").Signal("3m", "later", "late").Rewind("4m", "x")
            .Signal("5m", "go", 1).Signal("6m", "go", 2).RunToEnd();

        Assert.Equal("""[1,2,"early"]""", run.Output);
        Assert.Equal(1, Assert.IsType<WorkflowState.Open>(run.StateAfter(run.Commits.Count - 1)).Run.Signals.InOrder.Count(signal => signal.Name == "later") - 1);
    }

    [Fact]
    public void A_signal_that_was_waiting_at_the_checkpoint_and_consumed_since_is_there_again()
    {
        var run = Scenario.Of("""
            tasks: { w: { delay: 1h }, a: { signal: go, needs: w }, b: { delay: 1h, needs: a } }
            output: ${{ tasks.a.output }}
            """).Signal("1m", "go", 7).Checkpoint("2m", "x").Rewind("90m", "x").RunToEnd();

        Assert.Equal("7", run.Output);
        Assert.Single(run.Events.OfType<WorkflowEvent.SignalReceived>());
    }

    [Fact]
    public void A_signal_that_comes_while_the_run_stops_for_it_is_refused_with_a_code_of_its_own()
    {
        var run = Scenario.Of("tasks: { a: { uses: slow }, s: { signal: go } }").Handler("slow", _ => Answer.NoReport).Checkpoint("1m", "x").Rewind("2m", "x").Play();
        var decision = run.Ask(new WorkflowCommand.Signal("run", Guid.NewGuid(), "go", Payload.Null));

        Assert.Equal("rewinding", Assert.IsType<Decision.Refused>(decision).Code);
    }

    [Fact]
    public void Questions_are_asked_again_and_answers_of_before_do_not_count()
    {
        var run = Scenario.Of("tasks: { q: { ask: { kind: text, prompt: p } }, w: { delay: 1d, needs: q } }\noutput: ${{ tasks.q.output.value }}")
            .Reply("1h", "q", "first").Rewind("2h", to: 1).Reply("3h", "q", "second").RunToEnd();

        Assert.Equal("\"second\"", run.Output);
        Assert.Empty(run.Refusals);
    }

    [Fact]
    public void Rule_22_A_child_that_is_begun_again_counts_as_started_once()
    {
        var run = Scenario.Of("tasks: { a: { workflow: other } }\noutput: ${{ tasks.a.attempts }}")
            .Child("other", child => child.Order.Attempt.Generation == 1 ? ChildEnd.Never : ChildEnd.Completes()).Checkpoint("1h", "x").Rewind("2h", "x").RunToEnd();

        Assert.Equal("1", run.End.Output.ToString());
    }

    [Fact]
    public void Children_under_way_are_cancelled_and_begun_again_under_the_same_ids()
    {
        var run = Scenario.Of("tasks: { a: { workflow: other, timeout: 10h }, b: { for-each: [1, 2], max-parallel: 1, workflow: other } }")
            .Child("other", child => child.Order.Attempt.Generation == 1 ? ChildEnd.Never : ChildEnd.Completes(1).After("1m")).Checkpoint("1h", "x").Rewind("2h", "x").RunToEnd();

        Assert.Equal(["run/a", "run/b.0", "run/a", "run/b.0", "run/b.1"], run.ChildIds);
        Assert.Equal([true, true, false, false, false], run.Children.Select(child => child.Close is not null));
        Assert.Equal([(1, 1), (1, 1), (2, 2), (2, 2), (2, 1)], run.Children.Select(child => (child.Order.Attempt.Generation, child.Order.Attempt.Number)));
    }

    [Fact]
    public void A_child_that_was_being_cancelled_at_the_checkpoint_is_not_begun_again()
    {
        var run = Scenario.Of("""
            tasks:
              group: { on-error: continue, tasks: { kid: { workflow: other }, broken: { uses: broken } } }
              rest: { signal: go }
            """).Child("other", _ => ChildEnd.Completes().After("10h").DespiteCancel()).Handler("broken", _ => Answer.Failure().After("1h"))
            .Checkpoint("2h", "x").Rewind("3h", "x").Signal("20h", "go").RunToEnd();

        Assert.Single(run.Children);
        Assert.Equal(RunOutcome.Completed, run.Outcome);
        Assert.Equal(20, (int)run.Took.TotalHours);
    }

    [Fact]
    public void Failures_and_entries_to_undo_are_those_of_the_checkpoint()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            tasks:
              a: { uses: work, checkpoint: true, compensate: { uses: undo } }
              b: { uses: work, needs: a, compensate: { uses: undo } }
              c: { uses: slow, needs: b }
            """).Takes("slow", "50m").Rewind("10m", "a").Cancel("20m").RunToEnd();

        // The second b is undone; the first is void.
        Assert.Equal(["a", "b", "c", "b", "c", "b!compensate", "a!compensate"], run.Paths);
    }

    [Fact]
    public void A_paused_run_is_taken_back_too_and_goes_on()
    {
        var run = Scenario.Of(Steps).Takes("work", "10m").Pause("15m").Rewind("1h", "a").RunToEnd();

        Assert.Equal(["a", "b", "b", "c"], run.Paths);
        Assert.False(run.Events.OfType<WorkflowEvent.Cancelled>().Any());
    }

    [Fact]
    public void A_run_that_is_failing_or_being_cancelled_is_taken_back_instead()
    {
        var run = Scenario.Of(Steps).Handler("work", _ => Answer.Success().After("10m").DespiteCancel()).Cancel("15m").Rewind("16m", "a").RunToEnd();

        Assert.Equal(["a", "b", "b", "c"], run.Paths);
        Assert.Equal(RunOutcome.Completed, run.Outcome);
    }

    [Fact]
    public void A_run_that_is_terminated_while_it_stops_for_it_may_be_taken_back_again()
    {
        var run = Scenario.Of(Steps).Handler("work", e => e.Order.Attempt.Generation == 1 && e.Path == "b" ? Answer.NoReport : Answer.Success().After("10m"))
            .Rewind("15m", "a").Terminate("20m").Rewind("30m", "a").RunToEnd();

        Assert.Equal(["a", "b", "b", "c"], run.Paths);
        Assert.Equal((RunOutcome.Completed, 50), (run.Outcome, (int)run.Took.TotalMinutes));
    }

    [Fact]
    public void It_is_done_once_per_command_id()
    {
        var id = Guid.NewGuid();
        var run = Scenario.Of(Steps).Takes("work", "10m").Rewind("15m", "a", id).Rewind("15m", "a", id).Rewind("22m", "a", id).Rewind("5h", "a", id).RunToEnd();

        Assert.Equal(["a", "b", "b", "c"], run.Paths);
        Assert.Empty(run.Refusals);
    }

    [Fact]
    public void It_is_refused_while_work_is_undone_and_after()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            tasks: { a: { uses: work, checkpoint: true, compensate: { uses: undo } }, b: { fail: x, needs: a } }
            """).Takes("undo", "10m").Rewind("5m", to: 1).Rewind("1h", to: 1).RunToEnd();

        Assert.Equal(["compensated", "compensated"], run.Refusals.Select(refusal => refusal.Code));
    }

    [Fact]
    public void A_checkpoint_of_another_run_is_refused()
    {
        var run = Scenario.Of(Steps).Takes("work", "10m").RunToEnd();
        var image = run.ImageAfter(1);
        RunImage[] foreign = [image with { RunId = Guid.NewGuid() }, image with { Definition = image.Definition with { Hash = "other" } }];

        Assert.All(foreign, other => Assert.Equal(
            "checkpoint-not-found", Assert.IsType<Decision.Refused>(run.Ask(new WorkflowCommand.Rewind("run", Guid.NewGuid(), 1, other))).Code));
    }

    [Fact]
    public void A_checkpoint_taken_while_the_run_stopped_for_another_is_refused()
    {
        var run = Scenario.Of(Steps).Handler("work", e => Answer.Success().After("10m").DespiteCancel()).Rewind("15m", "a").RunToEnd();
        var stopping = Enumerable.Range(1, run.Commits.Count - 1).Select(run.ImageAfter).First(image => image.Rewinding is not null);

        Assert.Equal("rewinding", Assert.IsType<Decision.Refused>(run.Ask(new WorkflowCommand.Rewind("run", Guid.NewGuid(), 1, stopping))).Code);
    }
}

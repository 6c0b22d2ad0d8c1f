using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>The failure rules that the rules of a run keep by themselves: 6, 7, 8, 22 and 23.</summary>
public sealed class FailureRuleTests
{
    private static readonly TaskOutcome Done = new TaskOutcome.Succeeded(Payload.Null);

    private static WorkflowCommand Report(AttemptId attempt, LeaseId lease, TaskOutcome outcome) =>
        new WorkflowCommand.Report(ScenarioRun.WorkflowId, attempt, lease, outcome);

    private static ScenarioRun Waiting() => Scenario.Of("""
        tasks:
          a: { uses: work, retry: { max-attempts: 3 } }
        """).Handler("work", e => e.Lease.Number < 3 ? Answer.Lost : Answer.NoReport).Play();

    [Fact]
    public void Failure_06_A_report_under_another_name_changes_nothing()
    {
        var run = Waiting();
        var (attempt, lease) = (run.Started[^1].Order.Attempt, run.Started[^1].Lease);
        AttemptId[] others =
        [
            attempt with { RunId = Guid.NewGuid() },
            attempt with { Generation = 2 },
            attempt with { Number = 2 },
            attempt with { Number = 0 },
            attempt with { Execution = attempt.Execution with { Iteration = 1 } },
            attempt with { Execution = attempt.Execution with { Element = 1, Task = 5 } },
            attempt with { Execution = attempt.Execution with { Task = -1 } },
            attempt with { Execution = attempt.Execution with { Scope = 3 } },
            attempt with { Execution = new(-1, 0, 0, 0) },
        ];

        Assert.All(others, other => Assert.IsType<Decision.Unchanged>(run.Ask(Report(other, lease, Done))));
        Assert.IsType<Decision.Accepted>(run.Ask(Report(attempt, lease, Done)));
    }

    [Fact]
    public void Failure_07_A_lost_attempt_keeps_its_number_and_key_and_its_loss_is_recorded()
    {
        var run = Waiting();

        Assert.Equal(["a:1", "a:1", "a:1"], run.Attempts);
        Assert.Single(run.Started.Select(e => e.Order.IdempotencyKey).Distinct());
        Assert.Equal([1, 2], run.Events.OfType<WorkflowEvent.AttemptLost>().Select(e => (int)e.Lease.Number));
    }

    [Fact]
    public void Failure_07_A_success_counts_from_any_hand_out()
    {
        var run = Waiting();

        Assert.All(run.Started, e => Assert.IsType<Decision.Accepted>(run.Ask(Report(e.Order.Attempt, e.Lease, Done))));
    }

    [Fact]
    public void Failure_07_A_failure_or_a_loss_counts_only_from_a_hand_out_not_known_to_be_lost()
    {
        var run = Waiting();
        TaskOutcome[] outcomes = [new TaskOutcome.Failed("Boom", "late", true, null), TaskOutcome.Lost.Instance, TaskOutcome.Released.Instance, TaskOutcome.Cancelled.Instance];

        foreach (var outcome in outcomes)
        {
            Assert.All(run.Started.Take(2), e => Assert.IsType<Decision.Unchanged>(run.Ask(Report(e.Order.Attempt, e.Lease, outcome))));
            Assert.IsType<Decision.Accepted>(run.Ask(Report(run.Started[2].Order.Attempt, run.Started[2].Lease, outcome)));
        }
    }

    [Fact]
    public void Failure_07_The_result_of_an_attempt_is_applied_once()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, retry: { max-attempts: 3 } }
              b: { uses: work, needs: a }
            """).Handler("work", e => (e.Path == "a" && e.Attempt == 1 ? Answer.Failure() : Answer.Success(e.Attempt)).ReportedTwice()).RunToEnd();

        Assert.Equal(["a:1", "a:2", "b:1"], run.Attempts);
        Assert.Equal(2, run.Events.OfType<WorkflowEvent.TaskExecutionCompleted>().Count());
        Assert.Single(run.Events.OfType<WorkflowEvent.AttemptFailed>());
    }

    [Fact]
    public void Ten_losses_in_a_row_park_a_task_and_an_attempt_that_ended_otherwise_starts_the_count_again()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, retry: { max-attempts: 2 } }
            """).Handler("work", e => e.Attempt == 1 && e.Lease.Number == 10 ? Answer.Failure() : Answer.Lost).Play();

        Assert.False(run.IsClosed);
        Assert.Equal((10, 10), (run.Started.Count(e => e.Attempt == 1), run.Started.Count(e => e.Attempt == 2)));
    }

    [Fact]
    public void An_attempt_given_back_in_good_order_is_offered_again_and_is_no_loss()
    {
        var given = 0;
        var run = Scenario.Of("""
            tasks:
              a: { uses: work }
            """).Handler("work", _ => given++ < 25 ? Answer.Released : 0).RunToEnd();

        Assert.Equal((26, 1), (run.Started.Count, run.Attempts.Distinct().Count()));
    }

    private const string Race = """
        on-failure: compensate
        tasks:
          charge: { uses: charge, compensate: { uses: refund, with: "${{ tasks.charge.output }}" } }
          bad: { uses: bad }
        """;

    private static ScenarioRun RaceWith(Answer charge) =>
        Scenario.Of(Race).Handler("charge", _ => charge).Handler("bad", _ => Answer.Failure("Bad").After("1m")).RunToEnd();

    [Fact]
    public void Failure_08_A_success_that_races_a_failing_run_is_recorded_and_compensated() =>
        Assert.Equal("\"charged\"", RaceWith(Answer.Success("charged").After("2m").DespiteCancel()).First("charge!compensate").Input.ToString());

    [Fact]
    public void Failure_08_What_may_have_taken_effect_is_compensated_too()
    {
        Assert.Equal("null", RaceWith(Answer.Never.AbandonedOnCancel()).First("charge!compensate").Input.ToString());
        Assert.Equal("null", RaceWith(Answer.Never.LostOnCancel()).First("charge!compensate").Input.ToString());
    }

    [Fact]
    public void Failure_08_What_was_cancelled_or_failed_is_not_compensated()
    {
        Assert.Equal(0, RaceWith(Answer.Never).CountOf("charge!compensate"));
        Assert.Equal(0, RaceWith(Answer.Never.FailingOnCancel("Stopped")).CountOf("charge!compensate"));
    }

    [Fact]
    public void Failure_08_An_attempt_that_was_lost_before_may_have_taken_effect_one_that_was_given_back_has_not()
    {
        Assert.Equal(1, RaceWithFirst(Answer.Lost).CountOf("charge!compensate"));
        Assert.Equal(0, RaceWithFirst(Answer.Released).CountOf("charge!compensate"));
    }

    // The first hand-out ends so after a second; the next one is withdrawn, and confirmed as cancelled.
    private static ScenarioRun RaceWithFirst(Answer first)
    {
        var handedOut = 0;
        return Scenario.Of(Race)
            .Handler("charge", _ => handedOut++ == 0 ? first.After("1s") : Answer.Never)
            .Handler("bad", _ => Answer.Failure("Bad").After("1m"))
            .RunToEnd();
    }

    [Fact]
    public void Failure_08_Taking_back_is_outstanding_until_it_is_confirmed()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work }
            """).Handler("work", _ => Answer.NoReport).Cancel("1m").Play();

        var open = Assert.IsType<WorkflowState.Open>(run.State);
        var execution = Assert.Single(open.Outstanding);
        Assert.Null(open.OrderFor(execution));
        Assert.Equal(run.Started[0].Order.Attempt, open.WithdrawnFor(execution)?.Attempt);
        Assert.Equal("enough", open.Stopping);
    }

    [Fact]
    public void Failure_08_Terminate_alone_does_not_wait()
    {
        var run = Scenario.Of(Race).Handler("charge", _ => Answer.NoReport).Handler("bad", _ => Answer.Never).Terminate("1m").RunToEnd();

        Assert.Equal((RunOutcome.Terminated, TimeSpan.FromMinutes(1)), (run.Outcome, run.Took));
        Assert.Equal(0, run.CountOf("charge!compensate"));
    }

    private const string Timers = """
        timeout: 2h
        tasks:
          late: { delay: 50m }
          early: { delay: 10m }
          group: { timeout: 30m, on-error: continue, tasks: { x: { delay: 1d } } }
          retried: { uses: work, retry: { max-attempts: 2, initial: 20m, max: 20m } }
          after: { delay: 30m, needs: early }
        """;

    [Fact]
    public void Failure_22_What_fell_due_while_nobody_looked_fires_at_once_in_due_order()
    {
        var played = Scenario.Of(Timers).Fails("work").Command("1s", new WorkflowCommand.Tick(ScenarioRun.WorkflowId));
        var begun = played.Play().Commits.TakeWhile(commit => commit.At < ScenarioRun.Epoch.AddMinutes(1));
        var state = begun.Aggregate(played.NotStarted, WorkflowDecider.Evolve);

        var decision = WorkflowDecider.Decide(state, new WorkflowCommand.Tick(ScenarioRun.WorkflowId), ScenarioRun.Epoch.AddHours(1), 0.5);

        var events = Assert.IsType<Decision.Accepted>(decision).Commit.Events;
        Assert.Equal(
            ["TaskExecutionCompleted early", "WaitEnded retried", "ScopeTimedOut", "TaskExecutionCompleted late"],
            events.Take(4).Select(e => e switch
            {
                WorkflowEvent.TaskExecutionCompleted completed => completed.Execution.Task == 0 ? "TaskExecutionCompleted late" : "TaskExecutionCompleted early",
                WorkflowEvent.WaitEnded => "WaitEnded retried",
                _ => e.GetType().Name,
            }));
    }

    [Fact]
    public void Failure_22_Due_times_are_absolute_and_hold_the_jitter()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, retry: { max-attempts: 2, initial: 100s, max: 100s } }
              b: { delay: 1h }
            """).Fails("work", times: 1).Roll(1).RunToEnd();

        Assert.Equal(ScenarioRun.Epoch.AddSeconds(120), Assert.Single(run.Events.OfType<WorkflowEvent.AttemptFailed>()).RetryAt);
        Assert.Equal(ScenarioRun.Epoch.AddHours(1), Assert.Single(run.Events.OfType<WorkflowEvent.DelayStarted>()).DueAt);
    }

    [Fact]
    public void Failure_22_A_tick_too_early_changes_nothing()
    {
        var run = Scenario.Of("""
            tasks:
              a: { delay: 1h }
            """).Command("10m", new WorkflowCommand.Tick(ScenarioRun.WorkflowId)).RunToEnd();

        Assert.Equal(2, run.Commits.Count);
        Assert.Equal(TimeSpan.FromHours(1), run.Took);
    }

    [Fact]
    public void Failure_23_A_clock_that_goes_back_an_hour_fires_nothing_twice_and_loses_nothing()
    {
        var run = Scenario.Of(Timers).Fails("work", times: 1).ClockJumps("15m", TimeSpan.FromHours(-1)).RunToEnd();

        Assert.Equal(RunOutcome.Completed, run.Outcome);
        Assert.Equal(3, run.Events.OfType<WorkflowEvent.DelayStarted>().Count(e => e.Execution.Scope == 0));
        Assert.Equal(3, run.Events.OfType<WorkflowEvent.TaskExecutionCompleted>().Count(e => e.Execution.Task is 0 or 1 or 4));
        Assert.Single(run.Events.OfType<WorkflowEvent.WaitEnded>());
        Assert.Equal(2, run.CountOf("retried"));
    }

    [Fact]
    public void Failure_23_The_time_of_a_run_never_goes_back()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work, with: 1 }
              b: { uses: work, with: 2, needs: a }
            """).Takes("work", "10m").ClockJumps("5m", TimeSpan.FromHours(-1)).RunToEnd();

        Assert.Equal(run.Commits.Select(commit => commit.At).Order(), run.Commits.Select(commit => commit.At));
        Assert.Equal(ScenarioRun.Epoch, run.Commits[^1].At);
    }
}

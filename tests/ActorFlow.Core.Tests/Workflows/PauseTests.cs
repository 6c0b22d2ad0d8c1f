using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Rule 33: a pause starts nothing new, and records everything that comes.</summary>
public sealed class PauseTests
{
    [Fact]
    public void Rule_33_A_pause_starts_no_new_attempt_and_what_runs_goes_on()
    {
        var run = Scenario.Of("tasks: { a: { uses: work }, b: { uses: work, needs: a } }").Takes("work", "10m").Pause("1m").Resume("1h").RunToEnd();

        Assert.Equal([TimeSpan.Zero], run.Times("a"));
        Assert.Equal([TimeSpan.FromHours(1)], run.Times("b"));
        Assert.Equal(TimeSpan.FromMinutes(70), run.Took);
    }

    [Fact]
    public void Rule_33_A_pause_starts_no_child_no_element_no_group_and_nothing_inline()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: work }
              kid: { workflow: other, needs: a }
              each: { for-each: [1, 2, 3], max-parallel: 1, uses: work }
              group: { tasks: { x: { set: { n: 1 } } }, needs: a }
              value: { set: { n: 1 }, needs: a }
              wait: { delay: 1h, needs: a }
            """).Takes("work", "10m").Pause("1m").Play();

        Assert.Equal(["a", "each[0]"], run.Paths);
        Assert.Empty(run.Children);
        Assert.Equal(2, run.Events.OfType<WorkflowEvent.TaskExecutionCompleted>().Count());
        Assert.Empty(run.Events.OfType<WorkflowEvent.GroupOpened>());
        Assert.Empty(run.Events.OfType<WorkflowEvent.DelayStarted>());
        Assert.True(run.Open.IsWaiting);
        Assert.True(run.Open.IsPaused);
    }

    [Fact]
    public void Rule_33_Retries_and_iterations_wait_for_the_end_of_the_pause()
    {
        var run = Scenario.Of("""
            tasks:
              a: { uses: flaky, retry: { max-attempts: 2, initial: 5m } }
              loop: { uses: work, repeat: { until: iteration === 1, delay: 5m } }
            """).Fails("flaky", times: 1).Pause("1m").Resume("1h").RunToEnd();

        Assert.Equal([TimeSpan.Zero, TimeSpan.FromHours(1)], run.Times("a"));
        Assert.Equal([TimeSpan.FromHours(1)], run.Times("loop#1"));
    }

    [Fact]
    public void Rule_33_Signals_answers_timers_and_children_are_recorded_in_a_pause()
    {
        var run = Scenario.Of("""
            tasks:
              s: { signal: go }
              q: { ask: { kind: text, prompt: p } }
              d: { delay: 10m }
              kid: { workflow: other }
              after: { set: { done: true }, needs: [s, q, d, kid] }
            """).Child("other", _ => ChildEnd.Completes().After("20m")).Pause("1m").Signal("2m", "go").Reply("3m", "q", "x").Resume("1h").RunToEnd();

        var completed = run.Commits.SelectMany(commit => commit.Events.OfType<WorkflowEvent.TaskExecutionCompleted>().Select(e => commit.At - ScenarioRun.Epoch));
        Assert.Equal([2, 3, 10, 20, 60], completed.Select(at => (int)at.TotalMinutes));
        Assert.Empty(run.Refusals);
    }

    [Theory]
    [InlineData("tasks: { a: { signal: go, timeout: 1h } }", "TimedOut", 60)]
    [InlineData("timeout: 2h\ntasks: { a: { signal: go } }", "TimedOut", 120)]
    [InlineData("tasks: { a: { uses: broken } }", "Boom", 30)]
    public void Rule_33_A_paused_run_can_fail(string yaml, string type, int minutes)
    {
        var run = Scenario.Of(yaml).Handler("broken", _ => Answer.Failure().After("30m")).Pause("1m").RunToEnd();

        Assert.Equal((RunOutcome.Failed, type, minutes), (run.Outcome, run.Error.Type, (int)run.Took.TotalMinutes));
    }

    [Fact]
    public void Rule_33_A_paused_run_can_complete()
    {
        var run = Scenario.Of("tasks: { a: { uses: work } }").Takes("work", "10m").Pause("1m").RunToEnd();

        Assert.Equal((RunOutcome.Completed, 10), (run.Outcome, (int)run.Took.TotalMinutes));
    }

    [Fact]
    public void Rule_20_The_timeout_of_the_run_counts_paused_time()
    {
        var run = Scenario.Of("timeout: 2h\ntasks: { a: { delay: 1h }, b: { delay: 1h, needs: a } }").Pause("30m").Resume("90m").RunToEnd();

        Assert.Equal((RunOutcome.Failed, "TimedOut", TimeSpan.FromHours(2)), (run.Outcome, run.Error.Type, run.Took));
    }

    private const string Undoes = """
        on-failure: compensate
        tasks:
          a: { uses: work, compensate: { uses: undo } }
          b: { uses: work, compensate: { uses: undo } }
          c: { uses: broken, needs: [a, b] }
        """;

    [Fact]
    public void Rule_33_A_pause_starts_no_compensation()
    {
        var run = Scenario.Of(Undoes).Handler("broken", _ => Answer.Failure().After("10m")).Takes("undo", "10m").Pause("1m").Resume("1h").RunToEnd();

        Assert.Equal([TimeSpan.FromHours(1)], run.Times("b!compensate"));
        Assert.Equal(TimeSpan.FromMinutes(80), run.Took);
    }

    [Fact]
    public void Rule_33_A_pause_between_two_compensations_lets_the_first_end()
    {
        var run = Scenario.Of(Undoes).Fails("broken").Takes("undo", "10m").Pause("1m").Resume("1h").RunToEnd();

        Assert.Equal([TimeSpan.Zero], run.Times("b!compensate"));
        Assert.Equal([TimeSpan.FromHours(1)], run.Times("a!compensate"));
    }

    [Fact]
    public void Rule_33_Cancelling_a_paused_run_ends_it_and_compensates_it()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            tasks: { a: { uses: work, compensate: { uses: undo } }, b: { uses: slow, needs: a } }
            """).Takes("work", "10m").Pause("1m").Cancel("1h").RunToEnd();

        Assert.Equal(["a", "a!compensate"], run.Paths);
        Assert.Equal((RunOutcome.Cancelled, 60), (run.Outcome, (int)run.Took.TotalMinutes));
    }

    [Fact]
    public void Pausing_twice_and_repeating_either_command_changes_nothing()
    {
        var (pause, resume) = (Guid.NewGuid(), Guid.NewGuid());
        var run = Scenario.Of("tasks: { a: { delay: 1d } }")
            .Pause("1m", pause).Pause("2m", pause).Pause("3m").Resume("4m", resume).Resume("5m", resume).Pause("6m", pause).Resume("7m").RunToEnd();

        Assert.Single(run.Events.OfType<WorkflowEvent.Paused>());
        Assert.Single(run.Events.OfType<WorkflowEvent.Resumed>());
        Assert.Equal(["not-paused"], run.Refusals.Select(refusal => refusal.Code));
    }
}

using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>A run whose start is delayed exists at once, and waits durably for its first task to begin.</summary>
public sealed class DelayedStartTests
{
    private const string Steps = """
        timeout: 30m
        tasks:
          a: { uses: work, checkpoint: true }
          b: { uses: work, needs: a }
        """;

    [Fact]
    public void Nothing_begins_before_the_time_and_the_timeout_of_the_run_counts_from_then()
    {
        var run = Scenario.Of(Steps).Delayed("2h").Takes("work", "10m").RunToEnd();

        Assert.Equal(["a:1", "b:1"], run.Attempts);
        Assert.Equal([TimeSpan.FromHours(2)], run.Times("a"));
        Assert.Equal(RunOutcome.Completed, run.Outcome);
        Assert.Equal(TimeSpan.FromMinutes(140), run.Took);
        Assert.Single(run.Events.OfType<WorkflowEvent.Begun>());
    }

    [Fact]
    public void The_timeout_of_the_run_passes_after_it_has_begun()
    {
        var run = Scenario.Of(Steps).Delayed("2h").Takes("work", "20m").RunToEnd();

        Assert.Equal((RunOutcome.Failed, ErrorTypes.TimedOut), (run.Outcome, run.Error.Type));
        Assert.Equal(TimeSpan.FromMinutes(150), run.Took);
    }

    [Theory]
    [InlineData("0s")]
    [InlineData("-1h")]
    public void A_time_that_has_passed_means_at_once(string by)
    {
        var scenario = Scenario.Of(Steps).Takes("work", "10m");
        var run = (by == "0s" ? scenario.Delayed(by) : scenario.ClockJumps("0s", TimeSpan.FromHours(1)).Delayed("30m")).RunToEnd();

        Assert.Equal(TimeSpan.Zero, run.Times("a").Single());
        Assert.Empty(run.Events.OfType<WorkflowEvent.Begun>());
    }

    [Fact]
    public void It_only_waits_and_says_until_when()
    {
        var description = Described(Scenario.Of(Steps).Delayed("2h"), "1h");

        Assert.Equal(WorkflowStatus.Waiting, description.Status);
        Assert.True(description.OnlyWaits);
        Assert.Equal((ScenarioRun.Epoch.AddHours(2), ScenarioRun.Epoch.AddHours(2)), (description.BeginsAt, description.NextDue));
        Assert.All(description.Tasks, task => Assert.Equal(TaskPhase.Pending, task.Phase));
        Assert.Null(Described(Scenario.Of(Steps).Delayed("2h").Takes("work", "10m"), "125m").BeginsAt);
    }

    [Fact]
    public void It_is_cancelled_at_once_and_a_retry_begins_at_once()
    {
        var run = Scenario.Of(Steps).Delayed("2h").Cancel("1h").Retry("90m", from: "a").RunToEnd();

        Assert.Equal(["a:1", "b:1"], run.Attempts);
        Assert.Equal([TimeSpan.FromMinutes(90)], run.Times("a"));
        Assert.Empty(run.Events.OfType<WorkflowEvent.Begun>());
        Assert.Single(run.Events.OfType<WorkflowEvent.Cancelled>());
    }

    [Fact]
    public void It_is_terminated_at_once()
    {
        var run = Scenario.Of(Steps).Delayed("2h").Terminate("1h").RunToEnd();

        Assert.Equal((RunOutcome.Terminated, TimeSpan.FromHours(1)), (run.Outcome, run.Took));
        Assert.Empty(run.Attempts);
    }

    [Theory]
    [InlineData("1h", "3h", 180)]
    [InlineData("1h", "90m", 120)]
    public void A_pause_holds_it_too(string paused, string resumed, int begins)
    {
        var run = Scenario.Of("tasks: { a: { uses: work } }").Delayed("2h").Pause(paused).Resume(resumed).RunToEnd();

        Assert.Equal([TimeSpan.FromMinutes(begins)], run.Times("a"));
    }

    [Fact]
    public void A_signal_that_comes_before_is_kept()
    {
        var run = Scenario.Of("tasks: { s: { signal: go } }").Delayed("2h").Signal("1h", "go", 7).RunToEnd();

        Assert.Equal("""{"s":7}""", run.Output);
        Assert.Equal(TimeSpan.FromHours(2), run.Took);
    }

    [Fact]
    public void Taken_back_or_forked_before_it_began_it_waits_for_the_same_time()
    {
        var scenario = Scenario.Of(Steps).Delayed("2h").Takes("work", "10m").Checkpoint("1h", "early");
        var forked = scenario.Fork(scenario.RunToEnd(), 2);
        var rewound = scenario.Rewind("90m", "early").RunToEnd();

        Assert.Equal([TimeSpan.FromHours(2)], rewound.Times("a"));
        Assert.Equal(2, rewound.Started[0].Order.Attempt.Generation);
        Assert.Equal(["a:1", "b:1"], forked.Attempts);
    }

    [Fact]
    public void A_repeated_start_joins_it_whatever_its_delay()
    {
        var run = Scenario.Of(Steps).Delayed("2h").RunToEnd();

        Assert.Same(Decision.Nothing, run.Ask(new WorkflowCommand.Start(ScenarioRun.WorkflowId, Guid.NewGuid(), Guid.NewGuid(), run.Reference, Payload.Null)));
    }

    [Fact]
    public void Its_history_says_when_it_was_to_begin_and_that_it_has()
    {
        var run = Scenario.Of("tasks: { a: { set: { n: 1 } } }").Delayed("2h").RunToEnd();
        var state = Scenario.Of("tasks: { a: { set: { n: 1 } } }").NotStarted;
        var lines = new List<HistoryEvent>();
        foreach (var commit in run.Commits)
        {
            var after = WorkflowDecider.Evolve(state, commit);
            lines.AddRange(commit.Events.SelectMany(new EventText(commit.At, state, after).Of));
            state = after;
        }

        Assert.Equal(("run-started", ScenarioRun.Epoch.AddHours(2)), (lines[0].Event, lines[0].Until));
        Assert.Equal(("run-begun", ScenarioRun.Epoch.AddHours(2)), (lines[1].Event, lines[1].At));
    }

    private static WorkflowDescription Described(Scenario scenario, string at)
    {
        var run = scenario.Terminate(at).RunToEnd();
        var open = Assert.IsType<WorkflowState.Open>(run.StateAfter(run.Commits.Count - 1));
        var image = open.ToImage();
        var described = RunDescriber.Describe(open.Run.Plan, image);
        Assert.Equal(open.NextDue, described.NextDue);
        return described;
    }
}

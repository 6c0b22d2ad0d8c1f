using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Explaining;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>Each thing that can hold a run up is explained in words, with the command that helps.</summary>
public sealed class RunExplainerTests
{
    private const string Worker = "node-2";

    [Theory]
    [InlineData("s: { signal: paid }", ReasonKind.Signal, "s", "s waits for the signal paid.", "actorflow workflow signal run paid")]
    [InlineData("q: { ask: { kind: approval, prompt: 'Ship it?' } }", ReasonKind.Answer, "q", "q waits for a person's answer: Ship it?", "actorflow workflow answer run q yes")]
    [InlineData("q: { ask: { kind: choice, prompt: P, options: [red one, blue] } }", ReasonKind.Answer, "q", "q waits for a person's answer: P.", "actorflow workflow answer run q 'red one'")]
    [InlineData("d: { delay: 1d }", ReasonKind.Delay, "d", "d waits for the end of its delay.", null)]
    [InlineData("l: { uses: work, repeat: { until: 'false', delay: 1d, max: 9 } }", ReasonKind.Delay, "l#1", "l#1 waits for its iteration 1.", null)]
    [InlineData("k: { workflow: other }", ReasonKind.Child, "k", "k waits for its child run/k.", "actorflow workflow explain run/k")]
    [InlineData("r: { uses: broken, retry: { max-attempts: 5, initial: 1d } }", ReasonKind.Retry, "r", "r: attempt 1 of 5 failed, and the next one is not due yet.", "actorflow workflow history run")]
    [InlineData("g: { tasks: { x: { signal: go } } }", ReasonKind.Signal, "g/x", "g/x waits for the signal go.", "actorflow workflow signal run go")]
    public void A_wait_of_a_task(string task, Enum kind, string path, string text, string? command)
    {
        var explained = Explain($"tasks: {{ {task} }}");

        var reason = Assert.Single(explained.Reasons);
        Assert.Equal(kind, reason.Kind);
        Assert.Equal((path, text, command), (reason.Task, reason.Text, reason.Command));
        Assert.Equal(text, explained.Summary);
        Assert.NotNull(reason.Since);
        Assert.Equal(WorkflowStatus.Waiting, explained.Status);
    }

    [Fact]
    public void An_attempt_that_a_worker_has_holds_nothing_up()
    {
        var explained = Explain("tasks: { a: { uses: never, retry: { max-attempts: 3 } } }", attempt => new(attempt) { Worker = Worker, Since = ScenarioRun.Epoch.AddSeconds(7) });

        var reason = Assert.Single(explained.Reasons);
        Assert.Equal((ReasonKind.Running, "a: attempt 1 of 3 of never runs on node-2."), (reason.Kind, reason.Text));
        Assert.Equal(ScenarioRun.Epoch.AddSeconds(7), reason.Since);
        Assert.Equal("Nothing holds it up: a: attempt 1 of 3 of never runs on node-2.", explained.Summary);
    }

    [Fact]
    public void A_handler_that_nobody_offers_and_who_did_last()
    {
        var never = Explain("tasks: { a: { uses: never } }", attempt => new(attempt) { IsOffered = false });
        var once = Explain("tasks: { a: { uses: never } }", attempt => new(attempt) { IsOffered = false, LastWorker = Worker, LastOffered = ScenarioRun.Epoch });

        Assert.Equal((ReasonKind.Worker, "a waits for a worker of the queue default that offers never: none has since the queue began."), KindAndText(never));
        Assert.Equal((ReasonKind.Worker, "a waits for a worker of the queue default that offers never: none does now, node-2 was the last."), KindAndText(once));
    }

    [Fact]
    public void No_free_slot_and_who_holds_them()
    {
        var explained = Explain(
            "tasks: { a: { uses: never } }", attempt => new(attempt), new QueueLoad("default", 5, 4, [new("big", 3), new("small", 1)]));

        Assert.Equal(
            (ReasonKind.Slot, "a waits for a free slot of the queue default: 4 attempts run there (3 of big, 1 of small), 5 attempts wait."), KindAndText(explained));
    }

    [Fact]
    public void A_queue_that_does_not_answer()
    {
        var explained = Explain("tasks: { a: { uses: never } }", _ => null);

        Assert.Equal((ReasonKind.Running, "a: never is with the queue default, which has not said whether a worker has it."), KindAndText(explained));
    }

    [Fact]
    public void An_attempt_that_is_lost_again_and_again()
    {
        var scenario = Scenario.Of("tasks: { a: { uses: lost } }").Handler("lost", _ => Answer.Lost);
        var explained = Explain(scenario, _ => null);

        Assert.Equal((ReasonKind.Poison, "a: lost was lost 10 times in a row with its worker, and is not offered any more."), KindAndText(explained));
        Assert.Equal("actorflow workflow cancel run", explained.Reasons[0].Command);
    }

    [Fact]
    public void Places_within_max_parallel()
    {
        var explained = Explain("max-parallel: 1\ntasks: { a: { uses: never }, b: { uses: work } }", attempt => new(attempt) { Worker = Worker });

        Assert.Equal([ReasonKind.Slot, ReasonKind.Running], explained.Reasons.Select(reason => reason.Kind));
        Assert.Equal("b is ready, and waits for a place: as many tasks as max-parallel allows are under way.", explained.Summary);
    }

    [Fact]
    public void A_pause_says_so_once_and_comes_first()
    {
        var explained = Explain(Scenario.Of("tasks: { a: { uses: work }, b: { uses: work, needs: a }, s: { signal: go } }").Takes("work", "10s").Pause("1s"), _ => null);

        Assert.Equal([ReasonKind.Paused, ReasonKind.Signal], explained.Reasons.Select(reason => reason.Kind));
        Assert.Equal("actorflow workflow resume run", explained.Reasons[0].Command);
        Assert.Equal("It is paused: nothing new starts. 1 more reason holds it up.", explained.Summary);
        Assert.Equal(WorkflowStatus.Paused, explained.Status);
    }

    [Fact]
    public void A_run_that_stops_waits_for_what_still_runs()
    {
        var explained = Explain(
            Scenario.Of("tasks: { a: { uses: deaf } }").Handler("deaf", _ => Answer.Never).Cancel("1s", reason: "no\nmoney"), attempt => new(attempt) { Worker = Worker });

        Assert.Equal((ReasonKind.Stopping, "It stops (no money), and waits for what still runs or is undone."), (explained.Reasons[0].Kind, explained.Reasons[0].Text));
        Assert.Equal((ReasonKind.Running, "a: deaf was withdrawn, and has not ended yet."), (explained.Reasons[1].Kind, explained.Reasons[1].Text));
    }

    [Fact]
    public void A_delayed_start()
    {
        var explained = Explain(Scenario.Of("tasks: { a: { uses: work } }").Delayed("2h"), _ => null);

        var reason = Assert.Single(explained.Reasons);
        Assert.Equal((ReasonKind.Delay, null, "Its start is delayed: no task has begun."), (reason.Kind, reason.Task, reason.Text));
        Assert.Equal((ScenarioRun.Epoch, ScenarioRun.Epoch.AddHours(2)), (reason.Since, reason.Until));
    }

    [Fact]
    public void The_store_comes_first()
    {
        var explained = Explain("tasks: { s: { signal: go } }", storeFailure: "disk I/O error");

        Assert.Equal(
            (ReasonKind.Store, "The store cannot write, and keeps trying: disk I/O error. Nothing that is recorded is lost."), (explained.Reasons[0].Kind, explained.Reasons[0].Text));
    }

    [Theory]
    [InlineData("tasks: { a: { uses: work } }", "It has completed.", "actorflow workflow result run")]
    [InlineData("tasks: { a: { fail: 'too late' } }", "It has failed: Failed: too late.", "actorflow workflow retry run")]
    public void A_run_that_has_ended(string yaml, string text, string command)
    {
        var run = Scenario.Of(yaml).RunToEnd();
        var end = run.End;
        var result = new WorkflowResult
        {
            Id = "run",
            Definition = end.Definition,
            Status = end.Outcome.ToStatus(),
            Failure = end.Error,
            StartedAt = end.StartedAt,
            ClosedAt = end.ClosedAt,
        };

        var explained = new RunExplainer(RunDescriber.Describe(end.Run.Plan, end.ToImage(), result), [], [], []).Explain();

        Assert.Equal((text, text, command), (explained.Summary, Assert.Single(explained.Reasons).Text, explained.Reasons[0].Command));
    }

    [Fact]
    public void A_run_that_cannot_be_read_back()
    {
        var explained = RunExplainer.Stuck("run", "row 7 is damaged.");

        Assert.Equal((WorkflowStatus.Stuck, "It cannot be read back from the store: row 7 is damaged."), (explained.Status, explained.Summary));
    }

    [Fact]
    public void No_more_than_a_hundred_reasons_are_told()
    {
        var explained = Explain("tasks: { each: { for-each: '${{ input }}', signal: go } }".Replace("input", "Array.from({ length: 300 })", StringComparison.Ordinal));

        Assert.Equal(RunExplainer.MostReasons, explained.Reasons.Length);
        Assert.Equal("each[0] waits for the signal go. 299 more reasons hold it up.", explained.Summary);
    }

    private static (ReasonKind, string) KindAndText(WorkflowExplanation explained) => (Assert.Single(explained.Reasons).Kind, explained.Reasons[0].Text);

    private static WorkflowExplanation Explain(string yaml, Func<AttemptId, AttemptPlace?>? placeOf = null, QueueLoad? load = null, string? storeFailure = null) =>
        Explain(Scenario.Of(yaml).Fails("broken").Handler("never", _ => Answer.Never).Child("other", _ => ChildEnd.Never), placeOf ?? (_ => null), load, storeFailure);

    /// <summary>Explains the run as it stands after a minute.</summary>
    private static WorkflowExplanation Explain(Scenario scenario, Func<AttemptId, AttemptPlace?> placeOf, QueueLoad? load = null, string? storeFailure = null)
    {
        var run = scenario.Terminate("1m").RunToEnd();
        var open = Assert.IsType<WorkflowState.Open>(run.StateAfter(run.Commits.Count - 1));
        var attempts = OutstandingAttempt.Of(open).ToList();
        var places = attempts.Select(attempt => placeOf(attempt.Attempt)).OfType<AttemptPlace>().ToDictionary(place => place.Attempt);
        var byPath = attempts.ToDictionary(attempt => attempt.Path, attempt => places.GetValueOrDefault(attempt.Attempt));
        var described = RunDescriber.WithPlaces(RunDescriber.Describe(open.Run.Plan, open.ToImage()), byPath.GetValueOrDefault);
        return new RunExplainer(described, attempts, places.Values, load is null ? [] : [load]).Explain(storeFailure);
    }
}

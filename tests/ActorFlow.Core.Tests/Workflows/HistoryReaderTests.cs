using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Tests.Workflows;

public sealed class HistoryReaderTests
{
    [Fact]
    public void Paths_name_groups_elements_and_iterations_even_where_the_body_is_gone_after_the_commit()
    {
        var lines = Read(Scenario.Of("""
            tasks:
              each:
                for-each: [a, b]
                tasks:
                  x: { uses: work, repeat: { until: iteration === 1 } }
            """));

        Assert.Equal(
            ["each[0]/x#0", "each[0]/x#1", "each[1]/x#0", "each[1]/x#1"],
            lines.Where(line => line.Event == "attempt-started").Select(line => line.Task).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["each[0]", "each[0]/x#0", "each[0]/x#1", "each[1]", "each[1]/x#0", "each[1]/x#1"],
            lines.Where(line => line.Event == "completed").Select(line => line.Task).Order(StringComparer.Ordinal));
        Assert.Equal(2, lines.Count(line => line.Text == "goes round again"));
        Assert.Equal("2 elements", Assert.Single(lines, line => line.Event == "fanned-out").Text);
    }

    [Fact]
    public void A_failed_attempt_says_why_and_when_the_next_may_start()
    {
        var lines = Read(Scenario.Of("tasks: { a: { uses: flaky, retry: { max-attempts: 2, initial: 10s, jitter: 0 } } }").Fails("flaky", times: 2));

        var failed = Assert.Single(lines, line => line.Event == "attempt-failed");
        Assert.Equal(("a", (int?)1, ScenarioRun.Epoch.AddSeconds(10)), (failed.Task, failed.Attempt, failed.Until));
        Assert.StartsWith("Boom: ", failed.Text);
        var last = Assert.Single(lines, line => line.Event == "failed");
        Assert.Equal(("a", (int?)2, (DateTimeOffset?)null), (last.Task, last.Attempt, last.Until));
        Assert.StartsWith("Boom: ", Assert.Single(lines, line => line.Event == "run-failed").Text);
    }

    [Fact]
    public void A_compensation_is_named_after_what_it_undoes()
    {
        var lines = Read(Scenario.Of("""
            on-failure: compensate
            tasks:
              a: { uses: work, compensate: { uses: undo } }
              b: { needs: a, uses: work, compensate: { uses: undo-badly } }
              c: { needs: b, fail: "enough" }
            """).Fails("undo-badly"));

        Assert.Equal("2 completed tasks to undo", Assert.Single(lines, line => line.Event == "compensation-started").Text);
        Assert.Equal(
            ["attempt-started b!compensate undo-badly", "failed b!compensate", "attempt-started a!compensate undo", "completed a!compensate"],
            lines.Where(line => line.Task?.EndsWith("!compensate", StringComparison.Ordinal) == true)
                .Select(line => $"{line.Event} {line.Task} {(line.Event == "attempt-started" ? line.Text : "")}".TrimEnd()));
    }

    [Fact]
    public void Waits_say_what_for_and_until_when()
    {
        var lines = Read(Scenario.Of("""
            tasks:
              go: { signal: start, timeout: 1h }
              ok: { ask: { kind: choice, prompt: "Which?", options: [a, b] } }
              kid: { workflow: child }
            """).Signal("1m", "start", 7).Reply("2m", "ok", "b", by: "ada"));

        var awaited = Assert.Single(lines, line => line.Event == "signal-awaited");
        Assert.Equal(("go", "start", ScenarioRun.Epoch.AddHours(1)), (awaited.Task, awaited.Text, awaited.Until));
        Assert.Equal(("start", "7"), (Assert.Single(lines, line => line.Event == "signal-received") is var came) ? (came.Text, came.Value!.ToString()) : default);
        var asked = Assert.Single(lines, line => line.Event == "asked");
        Assert.Equal(("ok", "Which?", """["a","b"]"""), (asked.Task, asked.Text, asked.Value!.ToString()));
        Assert.Equal("run/kid", Assert.Single(lines, line => line.Event == "child-requested").Text);
        Assert.Equal("child@1", Assert.Single(lines, line => line.Event == "child-resolved").Text);
    }

    [Fact]
    public void What_was_taken_back_and_what_was_forked_says_from_where()
    {
        var scenario = Scenario.Of("tasks: { a: { uses: work }, go: { needs: a, signal: go } }");
        var run = scenario.Checkpoint("1s", "here").Rewind("1m", "here").Signal("2m", "go").RunToEnd();
        var lines = Read(run);

        var rewound = Assert.Single(lines, line => line.Event == "rewound");
        Assert.Matches(@"^to checkpoint #\d+, generation 2$", rewound.Text);
        Assert.Equal("here", Assert.Single(lines, line => line.Event == "checkpoint").Text);

        var fork = Read(scenario.Fork(run, after: 1));
        Assert.Equal("scenario@1, forked from run at checkpoint #1", fork[0].Text);
    }

    private static List<HistoryEvent> Read(Scenario scenario) => Read(scenario.RunToEnd());

    private static List<HistoryEvent> Read(ScenarioRun run)
    {
        var reader = new HistoryReader(PlanOf(run));
        return [.. run.Commits.SelectMany(commit => reader.Read(commit))];
    }

    private static WorkflowPlan PlanOf(ScenarioRun run) => run.State is WorkflowState.Open open ? open.Run.Plan : run.End.Run.Plan;
}

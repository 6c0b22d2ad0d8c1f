using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows;

public sealed class RunDescriptionTests
{
    [Fact]
    public void Every_task_says_where_it_stands_and_what_it_waits_for()
    {
        var run = Scenario.Of("""
            tasks:
              done: { uses: work, with: { n: 1 } }
              skipped: { set: {}, if: "false" }
              tolerated: { uses: broken, on-error: continue }
              retried: { uses: flaky, retry: { max-attempts: 3, initial: 365d, max: 365d, jitter: 0 } }
              runs: { uses: never, timeout: 1000d }
              waits: { delay: 1000d }
              listens: { signal: go, timeout: 999d }
              asks: { title: Ask them, ask: { kind: text, prompt: "Why?" } }
              kid: { workflow: child }
              later: { needs: asks, set: {} }
            """).Fails("broken").Fails("flaky").Handler("never", _ => Answer.Never).Child("child", _ => ChildEnd.Never);

        var tasks = Describe(run, at: "1m").Tasks.ToDictionary(task => task.Path);

        Assert.Equal("""{"n":1}""", tasks["done"].Output!.ToString());
        Assert.Equal((TaskPhase.Skipped, 0), (tasks["skipped"].Phase, tasks["skipped"].Attempts));
        Assert.Equal((TaskPhase.Failed, "Boom"), (tasks["tolerated"].Phase, tasks["tolerated"].Error!.Type));
        Assert.Equal((TaskWait.Retry, ScenarioRun.Epoch.AddDays(365), 1), (tasks["retried"].Wait, tasks["retried"].Until, tasks["retried"].Attempts));
        Assert.Equal((TaskWait.Worker, "never"), (tasks["runs"].Wait, tasks["runs"].WaitsFor));
        Assert.Equal((TaskWait.Delay, ScenarioRun.Epoch.AddDays(1000)), (tasks["waits"].Wait, tasks["waits"].Until));
        Assert.Equal((TaskWait.Signal, "go", ScenarioRun.Epoch.AddDays(999)), (tasks["listens"].Wait, tasks["listens"].WaitsFor, tasks["listens"].Until));
        Assert.Equal((TaskWait.Answer, "Why?", "Ask them"), (tasks["asks"].Wait, tasks["asks"].WaitsFor, tasks["asks"].Title));
        Assert.Equal((TaskWait.Child, "run/kid"), (tasks["kid"].Wait, tasks["kid"].WaitsFor));
        Assert.Equal((TaskPhase.Pending, TaskWait.None), (tasks["later"].Phase, tasks["later"].Wait));
    }

    [Fact]
    public void Elements_that_have_begun_are_listed_behind_their_task_and_the_tasks_of_a_group_behind_the_group()
    {
        var run = Scenario.Of("""
            tasks:
              each:
                for-each: [a, b, c]
                max-parallel: 2
                tasks:
                  x: { uses: "never", repeat: { until: "false" }, timeout: 1000d }
            """).Handler("never", _ => Answer.Never);

        var description = Describe(run, at: "1m");

        Assert.Equal(["each", "each[0]", "each[0]/x#0", "each[1]", "each[1]/x#0"], description.Tasks.Select(task => task.Path));
        Assert.Equal((3, 0), (description.Tasks[0].Elements, description.Tasks[0].SettledElements));
        Assert.Equal(["tasks", "tasks", "uses", "tasks", "uses"], description.Tasks.Select(task => task.Kind));
        Assert.False(description.OnlyWaits);
    }

    [Fact]
    public void A_run_that_only_waits_says_so_with_its_questions_its_unread_signals_and_what_falls_due()
    {
        var run = Scenario.Of("""
            tasks:
              first: { ask: { kind: rating, prompt: "How?" }, timeout: 30d }
              second: { needs: first, signal: more }
            """).Signal("1m", "more", 1).Signal("2m", "more", 2);

        var description = Describe(run, at: "3m");

        Assert.True(description.OnlyWaits);
        Assert.Equal(("first", "How?"), (Assert.Single(description.Questions).Task, description.Questions[0].Prompt));
        Assert.Equal(["1", "2"], description.Signals.Select(signal => signal.Payload.ToString()));
        Assert.Equal(ScenarioRun.Epoch.AddDays(30), description.NextDue);
    }

    [Fact]
    public void A_run_that_has_ended_keeps_what_failed_and_what_was_done()
    {
        var run = Scenario.Of("""
            tasks:
              good: { uses: work, with: 1 }
              group: { needs: good, tasks: { bad: { uses: broken } } }
            """).Fails("broken").RunToEnd();

        var description = RunDescriber.Describe(run.End.Run.Plan, run.End.ToImage());

        Assert.Equal(["good", "group", "group/bad"], description.Tasks.Select(task => task.Path));
        Assert.Equal([TaskPhase.Completed, TaskPhase.Failed, TaskPhase.Failed], description.Tasks.Select(task => task.Phase));
        Assert.Equal("group/bad", Assert.Single(description.Failures).Path);
    }

    [Fact]
    public void A_compensation_under_way_comes_last()
    {
        var run = Scenario.Of("""
            on-failure: compensate
            tasks:
              a: { uses: work, compensate: { uses: undo } }
              b: { needs: a, uses: work, compensate: { uses: never } }
              c: { needs: b, fail: "enough" }
            """).Handler("never", _ => Answer.Never);

        var description = Describe(run, at: "1m");

        Assert.Equal(("b!compensate", TaskWait.Worker, "never"), (description.Tasks[^1].Path, description.Tasks[^1].Wait, description.Tasks[^1].WaitsFor));
        Assert.Equal("a", Assert.Single(description.ToUndo));
        Assert.Equal("enough", description.Stopping);
    }

    /// <summary>The run at some time: where it stands when a checkpoint is taken then.</summary>
    private static WorkflowDescription Describe(Scenario scenario, string at)
    {
        var run = scenario.Terminate(at).RunToEnd();
        var open = Assert.IsType<WorkflowState.Open>(run.StateAfter(run.Commits.Count - 1));
        return RunDescriber.Describe(open.Run.Plan, open.ToImage());
    }
}

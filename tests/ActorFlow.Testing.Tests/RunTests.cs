
namespace ActorFlow.Testing.Tests;

public sealed class RunTests
{
    private const string Waiting = "name: waiting\ntasks: { wait: { signal: go } }";

    [Theory]
    [InlineData("{ signal: go }", "a signal 'go'")]
    [InlineData("{ ask: { kind: approval, prompt: Really? } }", "an answer to 'task' (approval: Really?)")]
    [InlineData("{ uses: nowhere }", "a worker that offers 'nowhere', for task (AddTask; there are: somewhere)")]
    [InlineData("{ workflow: waiting }", "the child 'r/task', which waits for a signal 'go'")]
    [InlineData("{ for-each: [1, 2], tasks: { inner: { signal: inside } } }", "a signal 'inside'")]
    public async Task A_run_that_does_not_end_by_itself_says_what_it_waits_for(string task, string what)
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask("somewhere", FakeHandler.Echoes()));
        host.Register(Waiting);
        var run = await host.StartAsync(host.Register($"name: test\ntasks: {{ task: {task} }}"), id: "r");

        var waits = await Assert.ThrowsAsync<WorkflowWaitsException>(() => run.EndAsync());

        Assert.Equal("r", waits.WorkflowId);
        Assert.StartsWith(what, Assert.Single(waits.WaitingFor));
        Assert.Contains(what, waits.Message);
        Assert.Equal(TimeSpan.Zero, run.Took);
    }

    [Fact]
    public async Task An_end_may_be_waited_for_within_a_time()
    {
        await using var host = WorkflowTestHost.Create();
        var run = await host.StartAsync(host.Register("name: test\ntasks: { wait: { delay: 3d } }"));

        var waits = await Assert.ThrowsAsync<WorkflowWaitsException>(() => run.EndAsync(2.Days()));
        Assert.Contains("the time 2026-01-04 00:00:00Z", waits.Message);
        await run.EndAsync(3.Days());

        Assert.Equal(3.Days(), run.Took);
    }

    [Fact]
    public async Task A_run_that_is_not_there_is_refused_by_code()
    {
        await using var host = WorkflowTestHost.Create();

        Assert.Equal("workflow-not-found", Assert.ThrowsAny<WorkflowRefusedException>(() => host.Run("nobody")).Code);
        Assert.Equal("definition-not-found", (await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => host.StartAsync("nothing"))).Code);
    }

    [Fact]
    public async Task A_start_is_repeated_freely_and_refused_for_another_input()
    {
        await using var host = WorkflowTestHost.Create();
        host.Register(Waiting);
        await host.StartAsync("waiting", 1, id: "w");

        await host.StartAsync("waiting@1", 1, id: "w");
        var refused = await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => host.StartAsync("waiting", 2, id: "w"));

        Assert.Equal("id-conflict", refused.Code);
        Assert.Single(host.Runs);
        Assert.Equal(1, host.Commits);
    }

    [Fact]
    public async Task Versions_live_side_by_side_and_never_change()
    {
        await using var host = WorkflowTestHost.Create();
        host.Register("name: v\nversion: 1\ntasks: { t: { set: { v: 1 } } }");
        host.Register("name: v\nversion: 2\ntasks: { t: { set: { v: 2 } } }");

        Assert.Equal("""{"t":{"v":2}}""", (await host.StartAsync("v")).Output.ToString());
        Assert.Equal("""{"t":{"v":1}}""", (await host.StartAsync("v@1")).Output.ToString());
        Assert.Equal(
            "definition-conflict",
            Assert.ThrowsAny<WorkflowRefusedException>(() => host.Register("name: v\nversion: 2\ntasks: { t: { set: { v: 3 } } }")).Code);
        Assert.Throws<DefinitionException>(() => host.Register("name: v\ntasks: { t: { needs: [nobody] } }"));
    }

    [Fact]
    public async Task Its_history_reads_like_a_story()
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask("work", FakeHandler.InTurn(FakeHandler.Fails("Busy"), FakeHandler.Returns(1))));
        var run = await host.StartAsync(host.Register("""
            name: story
            on-failure: compensate
            tasks:
              group:
                for-each: [7]
                tasks: { x: { uses: work, retry: { max-attempts: 2, jitter: 0 }, compensate: { uses: work } } }
              no: { needs: [group], fail: enough }
            """));

        await run.EndAsync();

        Assert.Equal(
            [
                "00 started", "00 fan-out-opened group", "00 group-opened group[0]", "00 task-ready group[0]/x", "00 attempts-started group[0]/x",
                "00 attempt-failed group[0]/x", "01 wait-ended group[0]/x", "01 attempts-started group[0]/x", "01 task-execution-completed group[0]/x",
                "01 task-execution-completed group[0]", "01 task-ready no", "01 task-execution-failed no", "01 compensation-started",
                "01 attempts-started group[0]/x!compensate", "01 task-execution-completed group[0]/x!compensate", "01 failed",
            ],
            run.Events.Select(e => $"{e.At:ss} {e.Kind} {e.Task}".TrimEnd()));
        Assert.Equal([1, 1, 1, 1, 1, 2, 3, 3, 4, 4, 4, 4, 4, 4, 5, 5], run.Events.Select(e => (int)e.Sequence));
        Assert.Equal(2, run.Tasks["group[0]/x"].Attempts);
        Assert.Equal("1", run.Tasks["group[0]/x"].Output.ToString());
    }

    [Fact]
    public async Task It_is_described_with_what_it_waits_for_and_how_it_ended()
    {
        await using var host = WorkflowTestHost.Create();
        var run = await host.StartAsync(host.Register("""
            name: order
            tasks:
              paid: { signal: payment, timeout: 2d }
              pack: { uses: packer }
            """), new { id = 7 }, "o7");

        var waiting = run.Describe();

        Assert.Equal(("o7", WorkflowStatus.Running, null), (waiting.Id, waiting.Status, waiting.Result));
        Assert.Equal(
            [
                $"paid Signal {run.StartedAt:O} {run.StartedAt + 2.Days():O} payment",
                $"pack Worker {run.StartedAt:O}  packer",
            ],
            waiting.Waits.Select(wait => $"{wait.Task} {wait.Kind} {wait.Since:O} {wait.Until:O} {wait.Detail}"));

        await host.ServeAsync(set => set.AddTask("packer", FakeHandler.Echoes()));
        await run.SignalAsync("payment", 12);
        var ended = run.Describe();

        Assert.Equal((WorkflowStatus.Completed, WorkflowStatus.Completed, "{\"paid\":12,\"pack\":null}"), (ended.Status, ended.Result!.Status, ended.Result.Output!.ToString()));
        Assert.Empty(ended.Waits);
        Assert.Equal(("signal-received", "12"), (run.History[^3].Event, run.History[^3].Value!.ToString()));
        Assert.Equal("run-completed", run.History[^1].Event);
        Assert.Equal(run.History.Select(e => e.Token).Order(), run.History.Select(e => e.Token));
        Assert.Equal(run.History.Count, run.History.Select(e => e.Token).Distinct().Count());
    }

    [Fact]
    public async Task A_checkpoint_that_is_not_there_is_refused_with_those_that_are()
    {
        await using var host = WorkflowTestHost.Create();
        host.Register(Waiting);
        var run = await host.StartAsync("waiting");
        await run.CheckpointAsync("here");

        var refused = await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => run.RewindAsync("there"));

        Assert.Equal("checkpoint-not-found", refused.Code);
        Assert.Contains("There are: here.", refused.Message);
    }

    [Fact]
    public async Task It_is_taken_back_to_any_commit_with_or_without_a_checkpoint()
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask("step", FakeHandler.Echoes()));
        var run = await host.StartAsync(host.Register("""
            name: steps
            tasks:
              a: { signal: next }
              b: { needs: [a], signal: next }
              c: { needs: [b], uses: step, with: "${{ [tasks.a.output, tasks.b.output] }}" }
            """));
        await run.SignalAsync("next", 1);
        var between = run.Events[^1].Sequence;
        await run.SignalAsync("next", 2);
        Assert.Empty(run.Checkpoints);

        await run.RewindAsync(between);
        await run.SignalAsync("next", 3);
        var fork = await run.ForkAsync(between);
        await fork.SignalAsync("next", 4);

        Assert.Equal("""{"c":[1,3]}""", run.Output.ToString());
        Assert.Equal("""{"c":[1,4]}""", fork.Output.ToString());
        Assert.Equal(3, host.Calls.Count);
        Assert.Equal("checkpoint-not-found", (await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => run.RewindAsync(99))).Code);
    }
}

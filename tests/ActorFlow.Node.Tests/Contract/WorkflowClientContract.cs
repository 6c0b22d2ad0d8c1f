using ActorFlow.TestSupport;

namespace ActorFlow.Node.Tests.Contract;

/// <summary>What every <see cref="IWorkflowClient"/> does, wherever it is.</summary>
public abstract class WorkflowClientContract : IAsyncLifetime
{
    private RunningNode _node = null!;

    private protected IWorkflowClient Client { get; private set; } = null!;

    private protected RunningNode Node => _node;

    public async Task InitializeAsync()
    {
        _node = await RunningNode.StartAsync();
        Client = Connect(_node);
        await Client.Definitions.RegisterAsync(Samples.Definitions);
    }

    public async Task DisposeAsync()
    {
        (Client as IDisposable)?.Dispose();
        await _node.DisposeAsync();
    }

    private protected abstract IWorkflowClient Connect(RunningNode node);

    [Fact]
    public async Task A_run_is_started_described_signalled_and_gives_its_output()
    {
        var run = await Client.StartAsync("order", Payload.Parse("""{"n":7}"""), new() { Id = "c-1", Tags = { ["customer"] = "7" } });
        await WaitsForAsync(run, WaitKind.Signal);
        var waiting = await run.DescribeAsync();
        await run.SignalAsync("paid", Payload.Parse("""{"amount":12}"""));
        var result = await run.WaitForResultAsync();
        var described = await run.DescribeAsync();

        Assert.Equal(("c-1", "order", 1, true), (run.Id, run.Started!.Definition, run.Started.Version, run.Started.Created));
        Assert.Equal(run.Started.RunId, described.RunId);
        var wait = Assert.Single(waiting.Waits);
        Assert.Equal(("payment", WaitKind.Signal, "paid"), (wait.Task, wait.Kind, wait.Detail));
        Assert.True(wait.Since > DateTimeOffset.UtcNow.AddMinutes(-1));
        Assert.Equal((WorkflowStatus.Completed, """{"paid":{"amount":12}}"""), (result.Status, result.Output!.ToString()));
        Assert.Equal((WorkflowStatus.Completed, "7", """{"n":7}"""), (described.Status, described.Tags["customer"], described.Input.ToString()));
        Assert.Equal(result with { Failures = [] }, described.Result! with { Failures = [] });
        Assert.Equal(["reserve", "ship"], Node.Tasks.Executions.Select(execution => execution.Path));
    }

    [Fact]
    public async Task A_run_is_explained_with_the_command_that_helps()
    {
        var run = await Client.StartAsync("order", Payload.Parse("1"), new() { Id = "c-why" });
        await WaitsForAsync(run, WaitKind.Signal);

        var explained = await run.ExplainAsync();
        var nobody = await Client.StartAsync("nobody", options: new() { Id = "c-nobody" });
        var missing = await nobody.ExplainAsync();
        await Eventually.HoldsAsync(async () => (missing = await nobody.ExplainAsync()).Reasons is [{ Kind: ReasonKind.Worker }], "the queue has it");
        var refused = await Assert.ThrowsAsync<NotFoundException>(() => Client.ExplainAsync("c-none"));

        var reason = Assert.Single(explained.Reasons);
        Assert.Equal(("c-why", WorkflowStatus.Waiting, "payment waits for the signal paid."), (explained.Id, explained.Status, explained.Summary));
        Assert.Equal((ReasonKind.Signal, "payment", "actorflow workflow signal c-why paid"), (reason.Kind, reason.Task, reason.Command));
        Assert.True(reason.Since > DateTimeOffset.UtcNow.AddMinutes(-1));
        Assert.Equal("a waits for a worker of the queue default that offers nobody.has: none has since the queue began.", missing.Summary);
        Assert.Equal(["a"], (await nobody.DescribeAsync()).Waits.Where(wait => wait.Kind == WaitKind.Worker).Select(wait => wait.Task));
        Assert.Equal("workflow-not-found", refused.Code);
    }

    [Fact]
    public async Task A_delayed_start_waits_and_begins_when_its_time_has_come()
    {
        var before = DateTimeOffset.UtcNow;
        var later = await Client.StartAsync("echo", Payload.Parse("1"), new() { Id = "c-later", Delay = TimeSpan.FromHours(2) });
        var described = await later.DescribeAsync();
        var soon = await Client.StartAsync("echo", Payload.Parse("2"), new() { StartAt = DateTimeOffset.UtcNow.AddSeconds(1) });
        var past = await Client.StartAsync("echo", Payload.Parse("3"), new() { StartAt = DateTimeOffset.UtcNow.AddDays(-1) });
        var begun = (await past.WaitForResultAsync(), await soon.WaitForResultAsync());
        var stillLater = await Client.ResultAsync("c-later");
        await later.CancelAsync("not needed");
        var cancelled = await later.WaitForResultAsync();

        Assert.InRange(described.BeginsAt!.Value, before.AddHours(2), DateTimeOffset.UtcNow.AddHours(2));
        Assert.Equal((WorkflowStatus.Waiting, TaskPhase.Pending), (described.Status, Assert.Single(described.Tasks).Phase));
        Assert.Equal(("3", "2"), (begun.Item1.Output!.ToString(), begun.Item2.Output!.ToString()));
        Assert.True(begun.Item2.ClosedAt - begun.Item2.StartedAt > TimeSpan.FromMilliseconds(900));
        Assert.Null(stillLater);
        Assert.Equal((WorkflowStatus.Cancelled, "not needed"), (cancelled.Status, cancelled.Reason));
    }

    [Theory]
    [InlineData(-1, null, "delay must lie between 0s and 3650d.")]
    [InlineData(3651 * 24, null, "delay must lie between 0s and 3650d.")]
    [InlineData(1, 1, "delay and startAt are both given: give one of them.")]
    [InlineData(null, 3651 * 24, "startAt must lie at most 3650 days ahead.")]
    public async Task A_wrong_delay_is_refused_and_starts_nothing(int? delay, int? startsIn, string message)
    {
        var options = new StartOptions
        {
            Id = "c-wrong",
            Delay = delay is { } hours ? TimeSpan.FromHours(hours) : null,
            StartAt = startsIn is { } ahead ? DateTimeOffset.UtcNow.AddHours(ahead) : null,
        };

        var refused = await Assert.ThrowsAsync<InvalidRequestException>(() => Client.StartAsync("echo", Payload.Parse("1"), options));

        Assert.Equal(("invalid-request", message), (refused.Code, refused.Message));
        await Assert.ThrowsAsync<NotFoundException>(() => Client.DescribeAsync("c-wrong"));
    }

    [Fact]
    public async Task A_start_under_one_id_or_command_id_happens_once()
    {
        var first = await Client.StartAsync("echo", Payload.Parse("1"), new() { CommandId = "command-1" });
        var repeated = await Client.StartAsync("echo", Payload.Parse("1"), new() { CommandId = "command-1" });
        var other = await Client.StartAsync("echo", Payload.Parse("1"));

        Assert.Equal((first.Id, false), (repeated.Id, repeated.Started!.Created));
        Assert.NotEqual(first.Id, other.Id);
        Assert.Equal(2, (await Client.ListPageAsync(new() { Definition = "echo" })).Items.Length);
    }

    [Fact]
    public async Task A_failed_run_tells_why()
    {
        var run = await Client.StartAsync("fails");
        var result = await run.WaitForResultAsync();
        var thrown = await Assert.ThrowsAsync<WorkflowFailedException>(() => run.ResultAsync());

        Assert.Equal((WorkflowStatus.Failed, "never"), (result.Status, result.Failure!.Task));
        Assert.Null(result.Output);
        Assert.Equal(result.Failure, thrown.Failure);
        Assert.Single(result.Failures);
    }

    [Fact]
    public async Task Questions_are_answered_once()
    {
        var run = await Client.StartAsync("asks", options: new() { Id = "c-ask" });
        await WaitsForAsync(run, WaitKind.Answer);
        var question = Assert.Single((await run.DescribeAsync()).Questions);

        var wrong = await Assert.ThrowsAsync<InvalidRequestException>(() => run.AnswerAsync("well", Payload.Parse("\"maybe\"")));
        await run.AnswerAsync("well", Payload.Parse("true"), new() { Comment = "fine" });
        await run.WaitForResultAsync();
        var late = await Assert.ThrowsAsync<WrongStateException>(() => run.AnswerAsync("well", Payload.Parse("false")));

        Assert.Equal(("well", AskKind.Approval, "Well?"), (question.Task, question.Kind, question.Prompt));
        Assert.Equal(("invalid-answer", "closed"), (wrong.Code, late.Code));
    }

    [Fact]
    public async Task Runs_are_turned_and_forked()
    {
        var run = await Client.StartAsync("order", options: new() { Id = "c-turn" });
        await WaitsForAsync(run, WaitKind.Signal);
        await run.PauseAsync();
        var paused = (await run.DescribeAsync()).Status;
        await run.ResumeAsync();
        await run.TakeCheckpointAsync("here");
        var fork = await run.ForkAsync(new() { From = "here", Id = "c-fork" });
        await run.SignalAsync("paid", Payload.Parse("1"));
        await run.WaitForResultAsync();
        await run.RewindAsync("here");
        await run.CancelAsync("enough");
        var cancelled = await run.WaitForResultAsync();
        await run.RetryAsync("payment");
        await run.TerminateAsync("done");
        var terminated = await run.WaitForResultAsync();
        var checkpoint = await Client.CheckpointAsync("c-turn", "here");

        Assert.Equal((WorkflowStatus.Paused, "c-fork", true), (paused, fork.Id, fork.Started!.Created));
        Assert.Equal((WorkflowStatus.Cancelled, "enough"), (cancelled.Status, cancelled.Reason));
        Assert.Equal((WorkflowStatus.Terminated, "done"), (terminated.Status, terminated.Reason));
        Assert.Contains(await run.CheckpointsAsync(), one => one.Name == "here");
        Assert.Equal(checkpoint.Checkpoint, (await run.CheckpointsAsync()).Single(one => one.Name == "here").Sequence);
        Assert.Equal("c-turn", (await fork.DescribeAsync()).ForkedFrom!.Id);
    }

    [Fact]
    public async Task Runs_are_listed_counted_and_purged()
    {
        foreach (var i in Enumerable.Range(0, 5))
        {
            await (await Client.StartAsync("echo", options: new() { Id = $"c-list-{i}", Tags = { ["set"] = "a" } })).WaitForResultAsync();
        }

        var first = await Client.ListPageAsync(new() { Tags = new Dictionary<string, string> { ["set"] = "a" }, Limit = 3 });
        var all = new List<WorkflowSummary>();
        await foreach (var item in Client.ListAsync(new() { Tags = new Dictionary<string, string> { ["set"] = "a" }, Limit = 2 }))
        {
            all.Add(item);
        }

        var counts = await Client.CountAsync(new() { Definition = "echo@1" });
        await Client.PurgeAsync("c-list-0");
        await Client.PurgeAsync("c-list-0");
        var purged = await Assert.ThrowsAsync<NotFoundException>(() => Client.DescribeAsync("c-list-0"));

        Assert.Equal(3, first.Items.Length);
        Assert.True(DateTimeOffset.UtcNow - first.AsOf < TimeSpan.FromMinutes(1));
        Assert.Equal(Enumerable.Range(0, 5).Select(i => $"c-list-{4 - i}"), all.Select(one => one.Id));
        Assert.All(all, one => Assert.Equal((WorkflowStatus.Completed, "echo", 1), (one.Status, one.Definition, one.Version)));
        Assert.Equal(5, counts.Values.Sum());
        Assert.Equal("workflow-not-found", purged.Code);
    }

    [Fact]
    public async Task History_and_watch_give_the_same_events_from_any_place()
    {
        var run = await Client.StartAsync("order", options: new() { Id = "c-watch" });
        var watched = new List<HistoryEvent>();
        var watching = Task.Run(async () =>
        {
            await foreach (var item in run.WatchAsync())
            {
                lock (watched)
                {
                    watched.Add(item);
                }
            }
        });
        await Eventually.HoldsAsync(() => Locked(watched, () => watched.Any(item => item.Event == "signal-awaited" || item.Task == "payment")), "the wait is seen");
        await run.SignalAsync("paid", Payload.Parse("1"));
        await watching.WaitAsync(Eventually.Patience);
        var history = (await run.HistoryAsync(limit: 1_000)).Items;

        Assert.Equal(history.Select(item => item.Token), watched.Select(item => item.Token));
        Assert.Equal(history.Select(item => (item.Event, item.Task, item.Attempt, $"{item.Value}", item.Text)), watched.Select(item => (item.Event, item.Task, item.Attempt, $"{item.Value}", item.Text)));
        var rest = new List<HistoryToken>();
        await foreach (var item in run.WatchAsync(history[2].Token))
        {
            rest.Add(item.Token);
        }

        Assert.Equal(history.Skip(3).Select(item => item.Token), rest);
        await foreach (var _ in run.WatchAsync(history[^1].Token))
        {
            Assert.Fail("Nothing follows the end.");
        }
    }

    [Fact]
    public async Task Changes_of_many_runs_are_watched()
    {
        using var enough = new CancellationTokenSource(Eventually.Patience);
        var changes = Client.WatchAllAsync(new() { Definition = "fails" }, enough.Token).GetAsyncEnumerator(enough.Token);
        var next = changes.MoveNextAsync().AsTask();
        // The subscription takes a moment on the wire: runs are started until one of them is seen.
        for (var i = 0; !next.IsCompleted; i++)
        {
            await (await Client.StartAsync("fails", options: new() { Id = $"c-all-{i}" })).WaitForResultAsync(enough.Token);
            await (await Client.StartAsync("echo", options: new() { Id = $"c-other-{i}" })).WaitForResultAsync(enough.Token);
        }

        Assert.True(await next);
        Assert.Equal("fails", changes.Current.Workflow.Definition);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await changes.MoveNextAsync())
            {
                Assert.Equal("fails", changes.Current.Workflow.Definition);
            }

            throw new OperationCanceledException();
        });
        await changes.DisposeAsync();
    }

    [Fact]
    public async Task Refusals_have_the_same_type_and_code_everywhere()
    {
        var open = await Client.StartAsync("order", options: new() { Id = "c-open" });
        await WaitsForAsync(open, WaitKind.Signal);
        var closed = await Client.StartAsync("echo", options: new() { Id = "c-closed" });
        await closed.WaitForResultAsync();

        await RefusedAsync<NotFoundException>("workflow-not-found", () => Client.DescribeAsync("nobody"));
        await RefusedAsync<NotFoundException>("workflow-not-found", () => Client.ResultAsync("nobody"));
        await RefusedAsync<NotFoundException>("workflow-not-found", () => Client.WaitForResultAsync("nobody"));
        await RefusedAsync<NotFoundException>("workflow-not-found", () => Client.HistoryAsync("nobody"));
        await RefusedAsync<NotFoundException>("workflow-not-found", () => Client.SignalAsync("nobody", "paid"));
        await RefusedAsync<NotFoundException>("workflow-not-found", () => Client.PurgeAsync("nobody"));
        await RefusedAsync<NotFoundException>("definition-not-found", () => Client.StartAsync("nothing"));
        await RefusedAsync<NotFoundException>("definition-not-found", () => Client.Definitions.GetAsync("nothing"));
        await RefusedAsync<NotFoundException>("checkpoint-not-found", () => Client.CheckpointAsync("c-open", "never"));
        await RefusedAsync<NotFoundException>("task-not-found", () => Client.RetryAsync("c-closed", "never"));
        await RefusedAsync<ConflictException>("id-conflict", () => Client.StartAsync("echo", options: new() { Id = "c-open" }));
        await RefusedAsync<WrongStateException>("closed", () => closed.PauseAsync());
        await RefusedAsync<WrongStateException>("closed", () => closed.CancelAsync("late"));
        await RefusedAsync<InvalidRequestException>("bad-id", () => Client.StartAsync("echo", options: new() { Id = "a b" }));
        await RefusedAsync<InvalidRequestException>("invalid-request", () => Client.StartAsync("echo", options: new() { CommandId = "a b" }));
        await RefusedAsync<InvalidRequestException>("invalid-request", () => Client.HistoryAsync("c-open", limit: 1_001));
        await RefusedAsync<InvalidRequestException>("invalid-request", () => Client.ListPageAsync(new() { Limit = 1_001 }));
        await RefusedAsync<InvalidRequestException>("invalid-request", () => Client.ListPageAsync(new() { Cursor = "nonsense" }));
        await RefusedAsync<ConflictException>("definition-conflict", () => Client.Definitions.RegisterAsync("name: echo\ntasks:\n  other: { uses: echo }\n"));
        var invalid = await Assert.ThrowsAsync<DefinitionException>(() => Client.Definitions.RegisterAsync("name: wrong\ntasks:\n  a: { uses: echo, wiht: 1 }\n"));
        Assert.Equal(3, invalid.Errors[0].Position!.Value.Line);

        static async Task RefusedAsync<T>(string code, Func<Task> request)
            where T : WorkflowRefusedException => Assert.Equal(code, RefusalCode.Of((await Assert.ThrowsAsync<T>(request)).Code).ApiWord);
    }

    [Fact]
    public async Task Definitions_are_registered_listed_read_and_validated()
    {
        var registered = await Client.Definitions.RegisterAsync("name: mine\nversion: 3\ntasks:\n  a: { uses: echo }\n");
        var versions = await Client.Definitions.VersionsAsync("mine");
        var content = await Client.Definitions.GetAsync("mine@3");
        var problems = await Client.Definitions.ValidateAsync("name: wrong\ntasks:\n  a: { uses: echo, wiht: 1 }\n");

        Assert.Equal(("mine", 3), (registered[0].Name, registered[0].Version));
        Assert.Equal(registered[0], Assert.Single(versions));
        Assert.Contains(await Client.Definitions.ListAsync(), one => one == registered[0]);
        Assert.Equal((registered[0].Hash, true), (content.Definition.Hash, content.Content.ToString().Contains("\"mine\"", StringComparison.Ordinal)));
        Assert.Contains(problems, problem => !problem.IsWarning);
        Assert.Empty(await Client.Definitions.VersionsAsync("nothing"));
    }

    [Fact]
    public async Task Payloads_arrive_as_they_were_sent()
    {
        foreach (var json in (string[])
            ["null", "0.1000", "12345678901234567890.5e-3", "\"\\u0041 \\\" ü 🙂\"", """{"b":1,"a":[true,null,{}]}""", $"\"{new string('x', 200_000)}\""])
        {
            var input = Payload.Parse(json);
            var run = await Client.StartAsync("echo", input);
            Assert.Equal(input, (await run.WaitForResultAsync()).Output);
        }
    }

    [Fact]
    public async Task Waiting_ends_with_its_token_and_the_run_goes_on()
    {
        var run = await Client.StartAsync("order", options: new() { Id = "c-cancelled" });
        using var over = new CancellationTokenSource();
        var waiting = run.WaitForResultAsync(over.Token);
        await WaitsForAsync(run, WaitKind.Signal);
        await over.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(WorkflowStatus.Waiting, (await run.DescribeAsync()).Status);
    }

    private static T Locked<T>(object gate, Func<T> read)
    {
        lock (gate)
        {
            return read();
        }
    }

    private static Task WaitsForAsync(WorkflowHandle run, WaitKind kind) => Eventually.HoldsAsync(
        async () => (await run.DescribeAsync()).Waits.Any(wait => wait.Kind == kind), $"{run.Id} waits for {kind}");
}

/// <summary>The contract in a node's own process.</summary>
public sealed class LocalClientTests : WorkflowClientContract
{
    private protected override IWorkflowClient Connect(RunningNode node) => node.Local;
}

/// <summary>The contract over the wire.</summary>
public sealed class RemoteClientTests : WorkflowClientContract
{
    private protected override IWorkflowClient Connect(RunningNode node) => WorkflowClient.Connect(node.Http.BaseAddress!.ToString());
}

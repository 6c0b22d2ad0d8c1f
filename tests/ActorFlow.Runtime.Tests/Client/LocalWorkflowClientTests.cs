using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Memory;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Tasks;

namespace ActorFlow.Runtime.Tests.Client;

public sealed class LocalWorkflowClientTests : IAsyncLifetime
{
    private const string Order = """
        name: order
        tasks:
          reserve: { uses: task, with: "${{ input }}", checkpoint: true }
          payment: { signal: paid, needs: reserve }
          ship: { uses: task, with: { paid: "${{ tasks.payment.output }}" }, needs: payment }
        output: ${{ tasks.ship.output }}
        """;

    private const string Waits = """
        name: waits
        tasks:
          signal: { signal: go }
          ask: { ask: { prompt: "Well?", kind: approval } }
          delay: { delay: 3h }
          again: { uses: task, with: fails, retry: { max-attempts: 3, initial: 1h, max: 1h } }
          child: { workflow: order, with: { n: 1 } }
        """;

    private readonly PersistenceStore _store = MemoryPersistence.Open();
    private readonly TaskRecorder _tasks = new();
    private TestHost _host = null!;

    private IWorkflowClient Client => _host.Client;

    public async Task InitializeAsync() => _host = await TestHost.StartAsync("node", _tasks, store: _store);

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task A_run_is_started_signalled_and_gives_its_output_as_a_NET_object()
    {
        await Client.Definitions.RegisterAsync(Order);

        var run = await Client.StartAsync("order", new Item(7), new StartOptions { Id = "order-7", Tags = { ["customer"] = "7" } });
        await run.SignalAsync("paid", new { amount = 12 });
        var shipped = await run.ResultAsync<Shipped>();

        Assert.Equal(("order-7", 12), (run.Id, shipped!.Paid.Amount));
        Assert.Equal(["reserve", "ship"], _tasks.Executions.Select(execution => execution.Path));
        var described = await run.DescribeAsync();
        Assert.Equal((WorkflowStatus.Completed, "7"), (described.Status, described.Tags["customer"]));
        Assert.Equal("""{"n":7}""", described.Input.ToString());
        Assert.Empty(described.Waits);
        Assert.Equal(described.Result, await run.WaitForResultAsync());
    }

    [Fact]
    public async Task A_run_that_fails_throws_what_failed()
    {
        await Client.Definitions.RegisterAsync("name: failing\ntasks: { stop: { fail: \"no stock\" } }");
        var run = await Client.StartAsync("failing");

        var failed = await Assert.ThrowsAsync<WorkflowFailedException>(() => run.ResultAsync<int>());

        Assert.Equal((WorkflowStatus.Failed, "Failed", "no stock"), (failed.Result.Status, failed.Failure!.Type, failed.Failure.Message));
        Assert.Contains("no stock", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_description_says_why_a_run_does_not_move_and_since_when()
    {
        var before = DateTimeOffset.UtcNow;
        _tasks.Fail(execution => execution.Path == "again", () => new TaskFailure("Busy", "later"));
        await Client.Definitions.RegisterAsync(Order + "\n---\n" + Waits);
        var run = await Client.StartAsync("waits", options: new() { Id = "w" });

        WorkflowDescription described = null!;
        await Eventually.HoldsAsync(async () => (described = await run.DescribeAsync()).Waits.Length == 5, "all wait");

        Assert.Equal(
            [("signal", WaitKind.Signal, "go"), ("ask", WaitKind.Answer, "Well?"), ("delay", WaitKind.Delay, null), ("again", WaitKind.Retry, null), ("child", WaitKind.Child, "w/child")],
            described.Waits.Select(wait => (wait.Task, wait.Kind, wait.Detail)));
        Assert.All(described.Waits, wait => Assert.InRange(wait.Since!.Value, before, DateTimeOffset.UtcNow));
        Assert.Equal(described.StartedAt + TimeSpan.FromHours(3), described.Waits[2].Until);
        await Eventually.HoldsAsync(async () => await Client.GetHandle("w/child").TryDescribeAsync() is { Parent: "w" }, "the child has begun");
        Assert.Equal("Well?", Assert.Single(described.Questions).Prompt);
        await run.CancelAsync("done");
        Assert.Equal((WorkflowStatus.Cancelled, "done"), ((await run.WaitForResultAsync()).Status, (await run.WaitForResultAsync()).Reason));
    }

    [Fact]
    public async Task The_same_command_starts_one_run_however_often_it_is_sent()
    {
        await Client.Definitions.RegisterAsync("name: one\ntasks: { t: { uses: task } }");

        var runs = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Client.StartAsync("one", options: new() { CommandId = "order 7".Replace(' ', '-') })));
        await runs[0].WaitForResultAsync();

        Assert.Single(runs.Select(run => run.Id).Distinct());
        Assert.Single(_tasks.Executions);
        var others = await Task.WhenAll(Client.StartAsync("one"), Client.StartAsync("one"));
        Assert.NotEqual(others[0].Id, others[1].Id);
    }

    [Fact]
    public async Task A_file_is_registered_whole_or_not_at_all()
    {
        var registered = await Client.Definitions.RegisterAsync("name: a\ntasks: { t: { set: { x: 1 } } }\n---\nname: b\nversion: 2\ntasks: { t: { set: { x: 1 } } }");
        var again = await Client.Definitions.RegisterAsync("name: a\ntasks: { t: { set: { x: 1 } } }");
        var conflict = await Assert.ThrowsAsync<ConflictException>(() =>
            Client.Definitions.RegisterAsync("name: c\ntasks: { t: { set: { x: 1 } } }\n---\nname: a\ntasks: { t: { set: { x: 2 } } }"));
        var invalid = await Assert.ThrowsAsync<DefinitionException>(() => Client.Definitions.RegisterAsync("name: A\ntasks: {}"));

        Assert.Equal([("a", 1), ("b", 2)], registered.Select(one => (one.Name, one.Version)));
        Assert.Equal(registered[0], again[0]);
        Assert.Equal("definition-conflict", conflict.Code);
        Assert.Equal("definition-invalid", invalid.Code);
        Assert.Equal(["bad-name", "no-tasks"], invalid.Errors.Select(error => error.Code).Order());
        Assert.Equal(["a", "b"], (await Client.Definitions.ListAsync()).Select(one => one.Name));
        Assert.Empty(await Client.Definitions.VersionsAsync("c"));
        Assert.Equal("b", (await Client.Definitions.GetAsync("b@2")).Definition.Name);
        Assert.Contains("\"set\"", (await Client.Definitions.GetAsync("b")).Content.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, (await Client.Definitions.ValidateAsync("name: A\ntasks: {}")).Length);
        Assert.Empty(await Client.Definitions.ValidateAsync("name: z\ntasks: { t: { set: { x: 1 } } }"));
    }

    [Fact]
    public async Task What_is_refused_names_its_family_and_code()
    {
        await Client.Definitions.RegisterAsync(Order);
        await Client.StartAsync("order", options: new() { Id = "o" });

        await RefusedAsync<NotFoundException>("definition-not-found", () => Client.StartAsync("nothing"));
        await RefusedAsync<NotFoundException>("definition-not-found", () => Client.StartAsync("order@9"));
        await RefusedAsync<NotFoundException>("definition-not-found", () => Client.StartAsync("order@x"));
        await RefusedAsync<InvalidRequestException>("bad-id", () => Client.StartAsync("order", options: new() { Id = "with blank" }));
        await RefusedAsync<InvalidRequestException>("invalid-request", () => Client.StartAsync("order", options: new() { CommandId = "ü" }));
        await RefusedAsync<ConflictException>("id-conflict", () => Client.StartAsync("order", Payload.Parse("1"), new() { Id = "o" }));
        await RefusedAsync<NotFoundException>("workflow-not-found", () => Client.DescribeAsync("none"));
        await RefusedAsync<NotFoundException>("workflow-not-found", () => Client.WaitForResultAsync("none"));
        await RefusedAsync<NotFoundException>("workflow-not-found", () => Client.HistoryAsync("none"));
        await RefusedAsync<InvalidRequestException>("signal-not-found", () => Client.SignalAsync("o", "unknown"));
        await RefusedAsync<NotFoundException>("task-not-found", () => Client.AnswerAsync("o", "nowhere", Payload.Null));
        await RefusedAsync<WrongStateException>("not-paused", () => Client.ResumeAsync("o"));
        await RefusedAsync<WrongStateException>("not-closed", () => Client.RetryAsync("o"));
        await RefusedAsync<NotFoundException>("checkpoint-not-found", () => Client.RewindAsync("o", "nothing"));
        await RefusedAsync<InvalidRequestException>("invalid-request", () => Client.HistoryAsync("o", limit: 0));
        await RefusedAsync<InvalidRequestException>("invalid-request", () => Client.ListPageAsync(new() { Limit = 1_001 }));
        await RefusedAsync<InvalidRequestException>("invalid-request", () => Client.ListPageAsync(new() { Cursor = "?" }));
        await RefusedAsync<InvalidRequestException>("invalid-request", () => Client.CountAsync(new() { Definition = "A b" }));
    }

    [Fact]
    public async Task Lists_go_through_all_pages_and_counts_agree()
    {
        await Client.Definitions.RegisterAsync("name: one\ntasks: { t: { uses: task } }");
        var runs = await Task.WhenAll(Enumerable.Range(0, 25).Select(i => Client.StartAsync("one", options: new() { Tags = { ["even"] = $"{i % 2 == 0}" } })));
        await Task.WhenAll(runs.Select(run => run.WaitForResultAsync()));
        await Eventually.HoldsAsync(async () => (await Client.CountAsync()).GetValueOrDefault(WorkflowStatus.Completed) == 25, "all are listed as completed");

        var listed = new List<WorkflowSummary>();
        await foreach (var summary in Client.ListAsync(new() { Definition = "one@1", Tags = new Dictionary<string, string> { ["even"] = "True" }, Limit = 4 }))
        {
            listed.Add(summary);
        }

        Assert.Equal(13, listed.Select(summary => summary.Id).Distinct().Count());
        Assert.Equal(13, listed.Count);
        Assert.Equal(listed.OrderByDescending(summary => summary.StartedAt).ThenByDescending(summary => summary.Id, StringComparer.Ordinal), listed);
        Assert.All(listed, summary => Assert.NotNull(summary.ClosedAt));
    }

    [Fact]
    public async Task A_run_is_paused_forked_taken_back_and_opened_again()
    {
        await Client.Definitions.RegisterAsync(Order);
        var run = await Client.StartAsync("order", new Item(1), new() { Id = "o" });
        await _tasks.StartedAsync("o", "reserve");
        await Eventually.HoldsAsync(async () => (await run.DescribeAsync()).Waits.Length == 1, "it waits for its payment");

        await run.PauseAsync("pause-1");
        await run.PauseAsync("pause-1");
        Assert.Equal(WorkflowStatus.Paused, (await run.DescribeAsync()).Status);
        await run.ResumeAsync();
        await run.TakeCheckpointAsync("mine");
        var fork = await run.ForkAsync(new() { From = "reserve", Input = Payload.Parse("""{"n":2}"""), CommandId = "fork-1" });
        var same = await run.ForkAsync(new() { From = "reserve", Input = Payload.Parse("""{"n":2}"""), CommandId = "fork-1" });
        await Task.WhenAll(fork.SignalAsync("paid"), run.SignalAsync("paid"));
        await Task.WhenAll(fork.WaitForResultAsync(), run.WaitForResultAsync());
        await run.RewindAsync("mine");
        await run.SignalAsync("paid");
        await run.WaitForResultAsync();
        await run.RetryAsync(from: "ship");
        await run.WaitForResultAsync();

        Assert.Equal(fork.Id, same.Id);
        Assert.Equal(["reserve", "ship", "ship", "ship"], _tasks.Executions.Where(execution => execution.WorkflowId == "o").Select(execution => execution.Path));
        Assert.Equal(["ship"], _tasks.Executions.Where(execution => execution.WorkflowId == fork.Id).Select(execution => execution.Path));
        Assert.Equal("o", (await fork.DescribeAsync()).ForkedFrom!.Id);
        Assert.Contains(await run.CheckpointsAsync(), kept => kept.Name == "mine");
        var then = await Client.CheckpointAsync("o", "mine");
        Assert.Equal((WorkflowStatus.Waiting, WaitKind.Signal), (then.Status, Assert.Single(then.Waits).Kind));
        Assert.NotNull(then.Checkpoint);
        await RefusedAsync<WrongStateException>("closed", () => run.TerminateAsync("too late"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1_000)]
    public async Task A_history_is_the_same_in_pages_of_any_size_and_from_any_place(int limit)
    {
        await Client.Definitions.RegisterAsync(Order);
        var run = await Client.StartAsync("order", new Item(1));
        await run.SignalAsync("paid");
        await run.WaitForResultAsync();

        var all = (await run.HistoryAsync(limit: 1_000)).Items;
        var paged = new List<HistoryEvent>();
        for (var (place, last) = (HistoryToken.Start, false); !last;)
        {
            var page = await run.HistoryAsync(place, limit);
            paged.AddRange(page.Items);
            (place, last) = (page.Next, page.IsLast);
        }

        Assert.Equal(("run-started", "run-completed"), (all[0].Event, all[^1].Event));
        Assert.Equal(all, paged);
        Assert.Equal(all.Select(read => read.Token).Order(), all.Select(read => read.Token));
        Assert.Equal(all.Length, all.Select(read => read.Token).Distinct().Count());
        foreach (var (read, i) in all.Select((read, i) => (read, i)))
        {
            var rest = await run.HistoryAsync(read.Token, 1_000);
            Assert.Equal(all.Skip(i + 1), rest.Items);
            Assert.True(rest.IsLast);
        }

        var foreign = all[0].Token with { RunId = Guid.CreateVersion7() };
        Assert.Equal("gone", (await Assert.ThrowsAsync<NotFoundException>(() => run.HistoryAsync(foreign))).Code);
        Assert.Equal("gone", (await Assert.ThrowsAsync<NotFoundException>(() => run.HistoryAsync(all[^1].Token with { Row = 1_000 }))).Code);
    }

    private static async Task RefusedAsync<TException>(string code, Func<Task> request)
        where TException : WorkflowRefusedException =>
        Assert.Equal(code, (await Assert.ThrowsAsync<TException>(request)).Code);

    private sealed record Item(int N);

    private sealed record Payment(int Amount);

    private sealed record Shipped(Payment Paid);
}

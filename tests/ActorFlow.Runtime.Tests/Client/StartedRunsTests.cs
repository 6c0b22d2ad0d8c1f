using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Memory;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Tasks;

namespace ActorFlow.Runtime.Tests.Client;

/// <summary>What a start leads to, what lists show at once, and the purge of one run: through the client of a node.</summary>
public sealed class StartedRunsTests : IAsyncLifetime
{
    private const string One = "name: one\ntasks: { t: { uses: task, checkpoint: true }, s: { signal: go, needs: t } }";

    private readonly PersistenceStore _store = MemoryPersistence.Open();
    private readonly TaskRecorder _tasks = new();
    private TestHost _host = null!;

    private IWorkflowClient Client => _host.Client;

    public async Task InitializeAsync()
    {
        _host = await TestHost.StartAsync("node", _tasks, store: _store);
        await Client.Definitions.RegisterAsync(One);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Failure_65_a_repeated_start_is_told_the_run_of_the_first_start()
    {
        var first = await Client.StartAsync("one", options: new() { CommandId = "c" });
        var repeated = await Client.StartAsync("one", options: new() { CommandId = "c" });
        var joined = await Client.StartAsync("one", options: new() { Id = first.Id });

        Assert.Equal(("one", 1, true), (first.Started!.Definition, first.Started.Version, first.Started.Created));
        Assert.Equal(first.Started with { Created = false }, repeated.Started);
        Assert.Equal(first.Started with { Created = false }, joined.Started);
        Assert.Equal(first.Started.RunId, (await first.DescribeAsync()).RunId);
        Assert.Null(Client.GetHandle(first.Id).Started);
    }

    [Fact]
    public async Task Failure_68_a_fork_is_told_what_it_led_to_and_takes_its_id_from_the_command_id()
    {
        var run = await Client.StartAsync("one");
        await Eventually.HoldsAsync(async () => !(await run.CheckpointsAsync()).IsEmpty, "the checkpoint is taken");

        var fork = await run.ForkAsync(new() { CommandId = "f" });
        var repeated = await run.ForkAsync(new() { CommandId = "f" });

        Assert.Equal(("one", 1, true), (fork.Started!.Definition, fork.Started.Version, fork.Started.Created));
        Assert.Equal((fork.Id, fork.Started with { Created = false }), (repeated.Id, repeated.Started!));
    }

    [Fact]
    public async Task Failure_115_a_list_has_what_its_node_accepted_before_it()
    {
        for (var n = 0; n < 20; n++)
        {
            var before = DateTimeOffset.UtcNow;
            var run = await Client.StartAsync("one", options: new() { Id = $"r{n}" });
            var page = await Client.ListPageAsync(new() { Text = run.Id });

            Assert.Contains(page.Items, item => item.Id == run.Id);
            Assert.InRange(page.AsOf, before, DateTimeOffset.UtcNow);
            Assert.Equal(n + 1, (await Client.CountAsync()).Values.Sum());
        }
    }

    [Fact]
    public async Task Failure_69_a_purge_deletes_a_run_that_has_ended_and_repeats_succeed()
    {
        var run = await Client.StartAsync("one", options: new() { Id = "p" });
        Assert.Equal("not-closed", (await Assert.ThrowsAsync<WrongStateException>(() => run.PurgeAsync())).Code);
        await run.TerminateAsync("enough");

        await run.PurgeAsync("c");
        await run.PurgeAsync("c");
        await run.PurgeAsync();

        Assert.Equal("workflow-not-found", (await Assert.ThrowsAsync<NotFoundException>(() => run.DescribeAsync())).Code);
        Assert.Equal("purged", (await Assert.ThrowsAsync<ConflictException>(() => Client.StartAsync("one", options: new() { Id = "p" }))).Code);
        Assert.Equal("workflow-not-found", (await Assert.ThrowsAsync<NotFoundException>(() => Client.GetHandle("none").PurgeAsync())).Code);
        Assert.Empty((await Client.ListPageAsync(new() { Text = "p" })).Items.Where(item => item.Id == "p"));
    }

    [Fact]
    public async Task A_run_whose_retry_was_refused_can_be_purged_at_once()
    {
        var run = await Client.StartAsync("one");
        await run.TerminateAsync("enough");
        await Assert.ThrowsAsync<WrongStateException>(() => run.RetryAsync());

        await run.PurgeAsync();

        Assert.NotNull(await _store.Index.PurgedAtAsync(run.Id));
    }

    [Fact]
    public async Task A_child_that_has_told_its_parent_how_it_ended_can_be_purged_and_one_is_listed_as_soon_as_it_has_ended()
    {
        await Client.Definitions.RegisterAsync("name: parent\ntasks: { c: { workflow: one } }");
        var parent = await Client.StartAsync("parent", options: new() { Id = "top" });
        await Eventually.HoldsAsync(async () => await Client.GetHandle("top/c").TrySignalAsync("go"), "the child waits for it");

        await parent.WaitForResultAsync();
        Assert.Equal(WorkflowStatus.Completed, Assert.Single((await Client.ListPageAsync(new() { Definition = "parent" })).Items).Status);
        await Client.GetHandle("top/c").PurgeAsync();

        Assert.NotNull(await _store.Index.PurgedAtAsync("top/c"));
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public async Task Failure_111_an_id_that_vanishes_in_addresses_is_refused(string id)
    {
        Assert.Equal("bad-id", (await Assert.ThrowsAsync<InvalidRequestException>(() => Client.StartAsync("one", options: new() { Id = id }))).Code);
        Assert.Equal("...", (await Client.StartAsync("one", options: new() { Id = "..." })).Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a:b")]
    [InlineData("a b")]
    [InlineData("\u00fc")]
    public async Task Failure_116_a_tag_key_that_a_list_cannot_be_asked_for_is_refused(string key)
    {
        var start = await Assert.ThrowsAsync<InvalidRequestException>(() => Client.StartAsync("one", options: new() { Tags = { [key] = "x" } }));
        var list = await Assert.ThrowsAsync<InvalidRequestException>(() => Client.ListPageAsync(new() { Tags = new Dictionary<string, string> { [key] = "x" } }));

        Assert.Equal(("invalid-request", "invalid-request"), (start.Code, list.Code));
    }

    [Fact]
    public async Task Failure_116_a_cursor_belongs_to_its_filter()
    {
        for (var n = 0; n < 5; n++)
        {
            await Client.StartAsync("one", options: new() { Id = $"r{n}", Tags = { ["k.e-y_1"] = "a:b" } });
        }

        var query = new ListQuery { Definition = "one", Tags = new Dictionary<string, string> { ["k.e-y_1"] = "a:b" }, Limit = 2 };
        var first = await Client.ListPageAsync(query);
        var second = await Client.ListPageAsync(query with { Cursor = first.Next, Limit = 3 });

        Assert.Equal(["r4", "r3", "r2", "r1", "r0"], first.Items.Concat(second.Items).Select(item => item.Id));
        Assert.Null(second.Next);
        ListQuery[] others = [new() { Cursor = first.Next }, query with { Definition = "one@1", Cursor = first.Next }, query with { Text = "r", Cursor = first.Next }, query with { Cursor = "none" }];
        foreach (var other in others)
        {
            Assert.Equal("invalid-request", (await Assert.ThrowsAsync<InvalidRequestException>(() => Client.ListPageAsync(other))).Code);
        }
    }

    [Fact]
    public async Task An_answer_says_for_whom_it_is_given()
    {
        await Client.Definitions.RegisterAsync("name: asks\ntasks: { q: { ask: { prompt: \"Well?\", kind: approval } } }\noutput: ${{ tasks.q.output }}");
        var run = await Client.StartAsync("asks");
        await Eventually.HoldsAsync(async () => !(await run.DescribeAsync()).Questions.IsEmpty, "it asks");

        await run.AnswerAsync("q", Payload.From(true), new() { By = "key:ci", ClaimedBy = "ada" });

        var output = (await run.WaitForResultAsync()).Output!.ToString();
        Assert.Contains("\"by\":\"key:ci\"", output, StringComparison.Ordinal);
        Assert.Contains("\"claimedBy\":\"ada\"", output, StringComparison.Ordinal);
        var answered = (await run.HistoryAsync()).Items.Single(item => item.Event == "completed" && item.Task == "q");
        Assert.Contains("\"claimedBy\":\"ada\"", answered.Value!.ToString(), StringComparison.Ordinal);
        Assert.Equal("answered by key:ci, for ada", answered.Text);
    }
}

/// <summary>Calls that may come before their run has begun.</summary>
internal static class EarlyCalls
{
    // A parent waits for its child before the child has begun.
    public static async Task<WorkflowDescription?> TryDescribeAsync(this WorkflowHandle run)
    {
        try
        {
            return await run.DescribeAsync();
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    public static async Task<bool> TrySignalAsync(this WorkflowHandle run, string name)
    {
        try
        {
            await run.SignalAsync(name);
            return true;
        }
        catch (NotFoundException)
        {
            return false;
        }
    }
}

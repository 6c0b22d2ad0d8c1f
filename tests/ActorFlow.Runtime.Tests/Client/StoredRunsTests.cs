using System.Text.Json;
using ActorFlow.Persistence.Sqlite;
using ActorFlow.Runtime.Client;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Memory;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Tasks;

namespace ActorFlow.Runtime.Tests.Client;

/// <summary>A store that is read without a node says what a node would say of it.</summary>
public sealed class StoredRunsTests : IAsyncLifetime
{
    private const string Definitions = """
        name: order
        tasks:
          reserve: { uses: task, with: "${{ input }}", checkpoint: true }
          payment: { signal: paid, needs: reserve }
          ship: { uses: task, with: { paid: "${{ tasks.payment.output }}" }, needs: payment }
        output: ${{ tasks.ship.output }}
        ---
        name: waits
        tasks:
          ask: { ask: { prompt: "Well?", kind: approval } }
          delay: { delay: 3h }
          child: { workflow: order, with: { n: 1 } }
        ---
        name: fails
        tasks:
          "no": { fail: refused }
        """;

    private static readonly string[] Ids = ["done", "failed", "forked", "open", "waiting", "waiting/child"];

    private readonly string _directory = Path.Combine(Path.GetTempPath(), "actorflow-stored-" + Guid.NewGuid().ToString("n"));
    private readonly TaskRecorder _tasks = new();
    private PersistenceStore _store = null!;
    private TestHost _host = null!;

    private IWorkflowClient Client => _host.Client;

    public async Task InitializeAsync()
    {
        _store = SqlitePersistence.Open(new PersistenceOptions { DataDirectory = _directory });
        _host = await TestHost.StartAsync("node", _tasks, store: _store);
        await Client.Definitions.RegisterAsync(Definitions);
        var done = await Client.StartAsync("order", Payload.Parse("""{"n":7}"""), new() { Id = "done", Tags = { ["customer"] = "7" } });
        await done.SignalAsync("paid", Payload.Parse("12"));
        await done.WaitForResultAsync();
        await (await Client.StartAsync("fails", options: new() { Id = "failed" })).WaitForResultAsync();
        var open = await Client.StartAsync("order", Payload.Parse($$"""{"large":"{{new string('x', 100_000)}}"}"""), new() { Id = "open" });
        await WaitsAsync(open, WaitKind.Signal);
        await open.TakeCheckpointAsync("paused");
        await Client.ForkAsync("open", new() { Id = "forked", From = "paused" });
        await WaitsAsync(Client.GetHandle("forked"), WaitKind.Signal);
        await WaitsAsync(await Client.StartAsync("waits", options: new() { Id = "waiting" }), WaitKind.Child);
        await WaitsAsync(Client.GetHandle("waiting/child"), WaitKind.Signal);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _store.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Every_run_is_described_as_its_node_describes_it()
    {
        var stored = new StoredRuns(_store);

        foreach (var id in Ids)
        {
            Assert.Equal(Json(await Client.DescribeAsync(id)), Json(await stored.DescribeAsync(id)));
            Assert.Equal(Json(await Client.CheckpointsAsync(id)), Json(await stored.CheckpointsAsync(id)));
        }

        Assert.Equal(Json(await Client.CheckpointAsync("open", "paused")), Json(await stored.CheckpointAsync("open", "paused")));
        Assert.Equal(Json(await Client.CheckpointAsync("done", "#2")), Json(await stored.CheckpointAsync("done", "#2")));
    }

    [Fact]
    public async Task Every_history_is_the_same_in_pages_of_any_size()
    {
        var stored = new StoredRuns(_store);

        foreach (var id in Ids)
        {
            var expected = (await Client.HistoryAsync(id, limit: 1_000)).Items;
            foreach (var limit in (int[])[1, 3, 1_000])
            {
                var (read, history, place) = (new List<HistoryEvent>(), stored.HistoryOf(id), HistoryToken.Start);
                for (var last = false; !last;)
                {
                    var page = await history.ReadAsync(place, limit, default);
                    read.AddRange(page.Items);
                    (place, last) = (page.Next, page.IsLast);
                }

                Assert.Equal(Json(expected), Json(read));
            }
        }
    }

    [Fact]
    public async Task What_is_not_there_is_refused_in_the_words_of_a_node()
    {
        var stored = new StoredRuns(_store);

        foreach (var (ofNode, ofStore) in ((Func<Task> Node, Func<Task> Store)[])
        [
            (() => Client.DescribeAsync("nobody"), () => stored.DescribeAsync("nobody")),
            (() => Client.CheckpointsAsync("nobody"), () => stored.CheckpointsAsync("nobody")),
            (() => Client.HistoryAsync("nobody"), () => stored.HistoryOf("nobody").ReadAsync(default, 1, default)),
            (() => Client.CheckpointAsync("open", "never"), () => stored.CheckpointAsync("open", "never")),
            (() => Client.CheckpointAsync("open", "#99"), () => stored.CheckpointAsync("open", "#99")),
        ])
        {
            var expected = await Assert.ThrowsAnyAsync<WorkflowRefusedException>(ofNode);
            var actual = await Assert.ThrowsAnyAsync<WorkflowRefusedException>(ofStore);
            Assert.Equal((expected.Code, expected.Message), (actual.Code, actual.Message));
        }
    }

    [Fact]
    public async Task Reading_writes_nothing_and_runs_nothing()
    {
        await _host.DisposeAsync();
        var executed = _tasks.Executions.Count;
        var stored = new StoredRuns(_store);
        var before = await RowsAsync(stored);

        foreach (var id in Ids)
        {
            await stored.DescribeAsync(id);
        }

        Assert.Equal(before, await RowsAsync(stored));
        Assert.Equal(executed, _tasks.Executions.Count);
        _host = await TestHost.StartAsync("node", _tasks, store: _store);
    }

    [Fact]
    public void A_store_in_memory_has_nothing_to_read_without_its_node() =>
        Assert.Throws<ArgumentException>(() => new StoredRuns(MemoryPersistence.Open()));

    private static async Task<string> RowsAsync(StoredRuns stored)
    {
        var rows = new List<HistoryToken>();
        foreach (var id in Ids)
        {
            rows.Add((await stored.HistoryOf(id).ReadAsync(default, 1_000, default)).Next);
        }

        return string.Join(' ', rows);
    }

    private static Task WaitsAsync(WorkflowHandle run, WaitKind kind) => TestSupport.Eventually.HoldsAsync(
        async () => await run.TryDescribeAsync() is { } described && described.Waits.Any(wait => wait.Kind == kind), $"{run.Id} waits for {kind}");

    private static string Json<T>(T value) => JsonSerializer.Serialize(value);
}

using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Persistence.Postgres;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tests.Persistence.Databases;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Databases;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Tasks;
using Akka.Cluster;

namespace ActorFlow.Runtime.Tests.Persistence;

using Definitions = ActorFlow.Runtime.Tests.Workflows.Definitions;

/// <summary>Whole nodes that keep their runs in PostgreSQL, and share them there.</summary>
[OnPostgres]
public sealed class PostgresNodeTests : IAsyncLifetime
{
    private readonly TaskRecorder _tasks = new();
    private PrivatePostgres _database = null!;

    public async Task InitializeAsync() => _database = await PrivatePostgres.StartAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [StoreFact]
    public async Task A_run_goes_on_where_its_node_was_killed_and_nothing_that_completed_runs_again()
    {
        var gate = _tasks.Hold(execution => execution.Path == "t3" && execution.Node == "before");
        await using var before = await StartAsync("before");
        var id = await before.Engine.StartAsync(await before.Engine.KeepAsync(Definitions.Linear(10)), Payload.Null);
        await _tasks.StartedAsync(id, "t3");
        await before.KillAsync();

        await using var after = await StartAsync("after");
        var end = await after.Engine.EndOfAsync(id);

        Assert.False(gate.IsOpen);
        Assert.Equal(RunOutcome.Completed, end.Outcome);
        Assert.Equal(
            ["t0 before", "t1 before", "t2 before", "t3 before", "t3 after", "t4 after", "t5 after", "t6 after", "t7 after", "t8 after", "t9 after"],
            _tasks.Executions.Select(execution => $"{execution.Path} {execution.Node}"));
        await Eventually.HoldsAsync(
            async () => (await after.Engine.HistoryAsync(id)).Rows.Length > 0
                && await _database.QueryAsync("SELECT status FROM workflow_index") is ["completed"],
            "the index says that it has completed");
    }

    [StoreFact]
    public async Task Nodes_of_a_cluster_share_a_database_and_one_goes_on_with_the_runs_of_another()
    {
        const int Runs = 20;
        await using var first = await StartAsync("first");
        await using var second = await StartAsync("second", first.Cluster.SelfAddress.ToString());
        await Eventually.HoldsAsync(
            () => first.Cluster.State.Members.Count(member => member.Status == MemberStatus.Up) == 2, "the two nodes see each other");
        _tasks.Hold(execution => execution.Path == "t2" && execution.Node == "second");
        var definition = await second.Engine.KeepAsync(Definitions.Linear(5));
        var ids = await Task.WhenAll(Enumerable.Range(0, Runs).Select(i => (i % 2 == 0 ? first : second).Engine.StartAsync(definition, Payload.Null)));
        await Eventually.HoldsAsync(() => _tasks.Executions.Any(execution => execution.Node == "second" && execution.Path == "t2"), "the second node is busy");
        var address = second.Cluster.SelfAddress;

        await second.KillAsync();
        first.Cluster.Down(address);

        foreach (var id in ids)
        {
            Assert.Equal(RunOutcome.Completed, (await first.Engine.EndOfAsync(id)).Outcome);
        }

        foreach (var task in _tasks.Executions.GroupBy(execution => (execution.WorkflowId, execution.Path)))
        {
            Assert.Single(task, execution => execution.End == ExecutionEnd.Returned);
            Assert.All(task, execution => Assert.Equal(1, execution.Attempt));
        }

        Assert.Equal(5 * Runs, _tasks.Executions.Count(execution => execution.End == ExecutionEnd.Returned));
        await Eventually.HoldsAsync(
            async () => await _database.QueryAsync("SELECT count(*) FROM workflow_index WHERE status = 'completed'") is ["20"], "all are listed as completed");
    }

    [StoreFact]
    public async Task Two_nodes_claim_each_due_run_once_and_of_rows_that_both_write_the_newest_stays()
    {
        await using var first = PostgresPersistence.Open(Options);
        await using var second = PostgresPersistence.Open(Options);
        PersistenceStore[] stores = [first, second];
        WorkflowIndexRow Row(int id, int sequence) => new(
            $"run-{id}", new Guid(id, 0, 0, new byte[8]), sequence, "order", 1, WorkflowStatus.Waiting, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch)
        {
            WakeAt = DateTimeOffset.UnixEpoch.AddTicks(id),
            Tags = ImmutableSortedDictionary<string, string>.Empty.Add("n", $"{sequence}"),
        };
        var rows = Enumerable.Range(1, 20).SelectMany(sequence => Enumerable.Range(0, 100).Select(id => Row(id, sequence))).ToArray();
        new Random(11).Shuffle(rows);
        await Task.WhenAll(rows.Chunk(20).Select((chunk, i) => Task.Run(() => stores[i % 2].Index.UpsertAsync(chunk))));

        var claimed = await Task.WhenAll(stores.Select(store => Task.Run(async () =>
        {
            var mine = new List<string>();
            while (await store.Index.ClaimDueAsync(DateTimeOffset.UnixEpoch.AddDays(1), 7, TimeSpan.FromSeconds(30)) is { Length: > 0 } runs)
            {
                mine.AddRange(runs.Select(run => run.WorkflowId));
            }

            return mine;
        })));

        Assert.Equal(100, claimed.Sum(ids => ids.Count));
        Assert.Equal(100, claimed.SelectMany(ids => ids).Distinct().Count());
        Assert.Equal(["100"], await _database.QueryAsync("SELECT count(*) FROM workflow_index WHERE sequence = 20"));
        Assert.Equal(["100"], await _database.QueryAsync("SELECT count(*) FROM workflow_tag WHERE key = 'n' AND value = '20'"));
        Assert.Equal(["100"], await _database.QueryAsync("SELECT count(*) FROM workflow_tag"));
    }

    private PersistenceOptions Options => new() { Journal = JournalKind.Postgres, ConnectionString = _database.ConnectionString };

    [StoreFact]
    public async Task A_node_without_seed_nodes_warns_that_it_forms_a_cluster_of_its_own()
    {
        await using var alone = await StartAsync("alone");
        await using var joined = await StartAsync("joined", alone.Cluster.SelfAddress.ToString());

        await Eventually.HoldsAsync(() => alone.Log.ToString().Contains("Warning: ", StringComparison.Ordinal), "it warns");
        Assert.Contains("Cluster:SeedNodes is empty: this node forms a cluster of its own", alone.Log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("SeedNodes", joined.Log.ToString(), StringComparison.Ordinal);
    }

    private Task<TestHost> StartAsync(string name, params ImmutableArray<string> seeds) => TestHost.StartAsync(
        name,
        _tasks,
        options =>
        {
            options.Persistence.Journal = JournalKind.Postgres;
            options.Persistence.ConnectionString = _database.ConnectionString;
            options.Cluster.SeedNodes = seeds;
            options.Queues.InventoryWait = TimeSpan.FromSeconds(8);
        });
}

using System.Text.Json;
using ActorFlow.Core.Workflows;
using ActorFlow.Perf.Nodes;
using ActorFlow.Runtime.Persistence;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Databases;

namespace ActorFlow.Perf.Tests.Nodes;

public sealed class DatabasesTests
{
    [Fact]
    public Task A_node_on_sqlite_runs_and_leaves_nothing() => RunsAndLeavesNothingAsync("sqlite");

    [PostgresFact]
    public Task A_node_on_postgres_runs_and_leaves_nothing() => RunsAndLeavesNothingAsync("postgres");

    [PostgresFact]
    public async Task Each_node_on_postgres_has_a_database_of_its_own_as_durable_as_by_default()
    {
        await using var database = await Databases.OpenAsync("postgres");
        await using var first = await database.CreateAsync();
        await using var second = await database.CreateAsync();

        Assert.NotEqual(first.ConnectionString, second.ConnectionString);
        Assert.Contains("fsync=on, synchronous_commit=on", database.Durability);
    }

    [PostgresFact]
    public async Task The_processor_time_of_a_private_server_counts_its_connections()
    {
        if (Environment.GetEnvironmentVariable(PrivatePostgres.Variable) is { Length: > 0 })
        {
            // That of a given server cannot be told.
            return;
        }

        await using var database = await Databases.OpenAsync("postgres");
        await using var other = await PrivatePostgres.StartAsync();
        var before = database.ProcessorTime();

        // The connection and its process are gone when this returns.
        await other.QueryAsync("SELECT count(*) FROM generate_series(1, 3000000)");

        await Eventually.HoldsAsync(() => database.ProcessorTime() > before, "the server has used processor time");
    }

    [Theory]
    [InlineData("sqlite", JournalKind.ActorFlow)]
    [InlineData("memory", JournalKind.Memory)]
    public async Task A_node_is_pointed_at_its_storage(string store, JournalKind journal)
    {
        await using var database = await Databases.OpenAsync(store);
        await using var storage = await database.CreateAsync();
        var options = new PersistenceOptions();

        storage.Configure(options);

        Assert.Equal(journal, options.Journal);
        Assert.Equal(store == "sqlite", Directory.Exists(options.DataDirectory) && options.DataDirectory == storage.DataDirectory);
    }

    [Fact]
    public void Another_process_can_be_told_where_runs_are_kept()
    {
        var order = new NodeOrder(new(JournalKind.Postgres, "", "Host=h;Database=d"), "file", 200, 10, 5, NodeWork.Serve)
        {
            Place = new("worker", 2, [1, 2]),
        };

        var read = JsonSerializer.Deserialize<NodeOrder>(JsonSerializer.Serialize(order))!;

        Assert.Equal((JournalKind.Postgres, "", "Host=h;Database=d"), (read.Storage.Journal, read.Storage.DataDirectory, read.Storage.ConnectionString));
        Assert.Equal(("worker", 2, "1 2"), (read.Place!.Role, read.Place.Port, string.Join(' ', read.Place.Ports)));
        Assert.Equal(order, read with { Storage = order.Storage, Place = order.Place });
    }

    private static async Task RunsAndLeavesNothingAsync(string store)
    {
        await using var database = await Databases.OpenAsync(store);
        var storage = await database.CreateAsync();
        await using (storage)
        {
            await using (var node = await EmbeddedNode.StartAsync(storage, new()))
            {
                var definition = await node.RegisterAsync(Perf.Specs.Graphs.SignalWait());
                await node.Engine.StartAsync("kept", definition, Payload.Null);
            }

            // Another node finds the run there.
            await using var later = await EmbeddedNode.StartAsync(storage, new());
            await later.Engine.SignalAsync("kept", "go", Payload.Null);
            Assert.Equal(RunOutcome.Completed, (await later.Engine.EndOfAsync("kept")).Outcome);
            await later.UntilCompletedAsync(1);
        }

        Assert.False(Directory.Exists(storage.DataDirectory));
        if (storage.ConnectionString.Length > 0)
        {
            await Assert.ThrowsAsync<DatabaseException>(() => EmbeddedNode.StartAsync(storage, new()));
        }
    }
}

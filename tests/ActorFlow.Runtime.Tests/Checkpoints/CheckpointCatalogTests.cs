using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Tests.Persistence;
using ActorFlow.Runtime.Tests.Persistence.Databases;
using ActorFlow.Runtime.Tests.Wire;
using Akka.Persistence;

namespace ActorFlow.Runtime.Tests.Checkpoints;

public abstract class CheckpointCatalogContract(IStoreOrigin origin) : IAsyncLifetime
{
    private PersistentNode _node = null!;

    private ICheckpointCatalog Catalog => _node.Store.Checkpoints;

    public async Task InitializeAsync()
    {
        await origin.ClearAsync();
        _node = await PersistentNode.Start(origin.Open());
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await origin.DisposeAsync();
    }

    [StoreFact]
    public async Task A_thousand_checkpoints_of_one_run_are_all_kept_and_listed_newest_first()
    {
        var before = DateTimeOffset.UtcNow;
        Save("wf-a", Enumerable.Range(1, 1_000));
        Save("wf-b", [5]);

        var kept = await Catalog.ListAsync("wf-a");

        Assert.Equal(Enumerable.Range(1, 1_000).Reverse().Select(sequence => (long)sequence), kept.Select(checkpoint => checkpoint.Sequence));
        Assert.All(kept, checkpoint => Assert.InRange(checkpoint.Created, before.AddSeconds(-1), DateTimeOffset.UtcNow.AddSeconds(1)));
        Assert.All(kept, checkpoint => Assert.InRange(checkpoint.Bytes, 100, 10_000));
        Assert.Equal(500, (await Catalog.LoadAsync("wf-a", 500))?.Sequence);
    }

    [StoreFact]
    public async Task They_are_listed_page_by_page()
    {
        Save("wf-a", [3, 1, 7, 5]);

        var first = await Catalog.ListAsync("wf-a", limit: 3);
        var second = await Catalog.ListAsync("wf-a", before: first[^1].Sequence, limit: 3);

        Assert.Equal([7, 5, 3], first.Select(checkpoint => checkpoint.Sequence));
        Assert.Equal([1], second.Select(checkpoint => checkpoint.Sequence));
        Assert.Empty(await Catalog.ListAsync("wf-nobody"));
    }

    [StoreTheory]
    [InlineData(0)]
    [InlineData(10_001)]
    public Task A_limit_out_of_range_is_refused(int limit) =>
        Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Catalog.ListAsync("wf-a", limit: limit));

    private void Save(string persistenceId, IEnumerable<int> sequences)
    {
        var probe = _node.Probe();
        foreach (var sequence in sequences)
        {
            var metadata = new SnapshotMetadata(persistenceId, sequence, DateTime.UtcNow);
            _node.Snapshots.Tell(new SaveSnapshot(metadata, new WorkflowCheckpoint(sequence, [], ImageSamples.Full)), probe);
        }
        Assert.All(sequences, _ => probe.ExpectMsg<SaveSnapshotSuccess>());
    }
}

public sealed class SqliteCheckpointCatalogTests() : CheckpointCatalogContract(new SqliteTestDatabase());

public sealed class MemoryCheckpointCatalogTests() : CheckpointCatalogContract(new MemoryOrigin());

[OnPostgres]
public sealed class PostgresCheckpointCatalogTests(PostgresTestDatabase database) : CheckpointCatalogContract(database), IClassFixture<PostgresTestDatabase>;

using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Memory;
using ActorFlow.Runtime.Tests.Persistence;
using ActorFlow.Runtime.Tests.Persistence.Databases;
using ActorFlow.Runtime.Tests.Wire;
using ActorFlow.Runtime.Wire;
using Akka.Event;
using Akka.TestKit;

namespace ActorFlow.Runtime.Tests.Checkpoints;

/// <summary>A checkpoint that cannot be read costs its run a longer replay, and nothing else.</summary>
public abstract class UnreadableCheckpointContract(IStoreOrigin origin) : IAsyncLifetime
{
    private readonly List<PersistentNode> _nodes = [];

    /// <summary>Which checkpoint is found in the place of the newest, which is damaged.</summary>
    protected virtual int? Found => 2;

    public Task InitializeAsync() => origin.ClearAsync();

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
        await origin.DisposeAsync();
    }

    [StoreFact]
    public async Task A_damaged_checkpoint_is_passed_over_and_what_came_after_the_one_before_is_replayed()
    {
        var (node, _) = await Start();
        await FourRowsAndCheckpointsAfter(node, 2, 3);
        Damage(node, 3);
        await node.Stop();

        var (again, warnings) = await Start();
        var told = await CommitLog.Ask(again.CommitLog("wf-a"), new CommitLog.Tell());

        Assert.Equal(Found, (int?)told.Checkpoint?.Sequence);
        Assert.Equal(Enumerable.Range((Found ?? 0) + 1, 4 - (Found ?? 0)).Select(Row), told.Replayed);
        Assert.Equal(4, told.SequenceNr);
        if (Found is not null)
        {
            var warning = warnings.FishForMessage<Warning>(warning => warning.ToString().Contains("checkpoint", StringComparison.Ordinal));
            Assert.Contains("wf-a: the checkpoint with sequence number 3 cannot be read", warning.Message.ToString());
        }
    }

    protected abstract void Damage(PersistentNode node, int sequence);

    private protected async Task<(PersistentNode Node, TestProbe Warnings)> Start()
    {
        var node = await PersistentNode.Start(origin.Open(), logLevel: "WARNING");
        _nodes.Add(node);
        var warnings = node.Probe();
        node.System.EventStream.Subscribe(warnings, typeof(Warning));
        return (node, warnings);
    }

    private protected static CommitBatch Row(int number) => new([JournalSamples.Commit(new WorkflowEvent.CancelRequested($"{number}"))]);

    private protected static WorkflowCheckpoint Checkpoint(long sequence) => new(sequence, [], ImageSamples.Full);

    private protected static async Task<Akka.Actor.IActorRef> FourRowsAndCheckpointsAfter(PersistentNode node, params int[] checkpoints)
    {
        var log = node.CommitLog("wf-a");
        for (var i = 1; i <= 4; i++)
        {
            await CommitLog.Ask(log, Row(i));
            if (checkpoints.Contains(i))
            {
                await CommitLog.Ask(log, Checkpoint(i));
            }
        }
        return log;
    }
}

/// <summary>What holds of ActorFlow's own snapshot stores only: the stock one gives up at a snapshot that it cannot read.</summary>
public abstract class PassedOverCheckpointContract(IStoreOrigin origin) : UnreadableCheckpointContract(origin)
{
    [StoreFact]
    public async Task Failure_rule_4_a_checkpoint_of_another_sequence_number_is_passed_over()
    {
        var (node, _) = await Start();
        var log = await FourRowsAndCheckpointsAfter(node, 2);
        await CommitLog.Ask(log, Checkpoint(5));
        await node.Stop();

        var (again, warnings) = await Start();
        var told = await CommitLog.Ask(again.CommitLog("wf-a"), new CommitLog.Tell());

        Assert.Equal(2, told.Checkpoint?.Sequence);
        Assert.Equal([Row(3), Row(4)], told.Replayed);
        var warning = warnings.FishForMessage<Warning>(warning => warning.ToString().Contains("checkpoint", StringComparison.Ordinal));
        Assert.Contains("It was taken after sequence number 5", warning.Message.ToString());
    }

    [StoreFact]
    public async Task Where_no_checkpoint_can_be_read_all_is_replayed()
    {
        var (node, _) = await Start();
        await FourRowsAndCheckpointsAfter(node, 1, 2, 4);
        Array.ForEach([1, 2, 4], sequence => Damage(node, sequence));
        await node.Stop();

        var (again, _) = await Start();
        var told = await CommitLog.Ask(again.CommitLog("wf-a"), new CommitLog.Tell());

        Assert.Null(told.Checkpoint);
        Assert.Equal(Enumerable.Range(1, 4).Select(Row), told.Replayed);
    }

    [StoreFact]
    public async Task A_damaged_checkpoint_is_listed_and_loading_it_says_which_it_is()
    {
        var (node, _) = await Start();
        await FourRowsAndCheckpointsAfter(node, 2, 3);
        Damage(node, 3);

        Assert.Equal([3, 2], (await node.Store.Checkpoints.ListAsync("wf-a")).Select(kept => kept.Sequence));
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => node.Store.Checkpoints.LoadAsync("wf-a", 3));

        Assert.StartsWith("wf-a: the checkpoint with sequence number 3 cannot be read", error.Message);
        Assert.Equal(2, (await node.Store.Checkpoints.LoadAsync("wf-a", 2))?.Sequence);
        Assert.Null(await node.Store.Checkpoints.LoadAsync("wf-a", 4));
    }
}

public sealed class MemoryUnreadableCheckpointTests : PassedOverCheckpointContract
{
    private readonly PersistenceStore _store;

    public MemoryUnreadableCheckpointTests() : this(new MemoryOrigin(keep: true))
    {
    }

    private MemoryUnreadableCheckpointTests(MemoryOrigin origin) : base(origin) => _store = origin.Open();

    protected override void Damage(PersistentNode node, int sequence)
    {
        var rows = ((MemoryStore)_store).Snapshots;
        var kept = rows.Newest("wf-a", new(sequence), sequence)!;
        rows.Put("wf-a", kept with { Bytes = kept.Bytes[..^1] });
    }
}

public sealed class SqliteUnreadableCheckpointTests : PassedOverCheckpointContract
{
    private readonly SqliteTestDatabase _database;

    public SqliteUnreadableCheckpointTests() : this(new())
    {
    }

    private SqliteUnreadableCheckpointTests(SqliteTestDatabase database) : base(database) => _database = database;

    internal static string Shorten(int sequence) =>
        $"UPDATE snapshot SET snapshot = substr(snapshot, 1, length(snapshot) - 1) WHERE sequence_number = {sequence} RETURNING 1";

    protected override void Damage(PersistentNode node, int sequence) => Assert.Single(_database.Rows(Shorten(sequence)));
}

public sealed class StockUnreadableCheckpointTests : UnreadableCheckpointContract
{
    private readonly SqliteTestDatabase _database;

    public StockUnreadableCheckpointTests() : this(new(JournalKind.Stock))
    {
    }

    private StockUnreadableCheckpointTests(SqliteTestDatabase database) : base(database) => _database = database;

    protected override int? Found => null;

    protected override void Damage(PersistentNode node, int sequence) =>
        Assert.Single(_database.Rows(SqliteUnreadableCheckpointTests.Shorten(sequence)));
}

[OnPostgres]
public sealed class PostgresUnreadableCheckpointTests(PostgresTestDatabase database)
    : PassedOverCheckpointContract(database), IClassFixture<PostgresTestDatabase>
{
    private readonly PostgresTestDatabase _database = database;

    protected override void Damage(PersistentNode node, int sequence) =>
        Assert.Single(_database.Rows(SqliteUnreadableCheckpointTests.Shorten(sequence)));
}

using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Memory;
using ActorFlow.Runtime.Tests.Persistence;
using ActorFlow.Runtime.Tests.Wire;
using ActorFlow.Runtime.Wire;
using Akka.Event;
using Akka.TestKit;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Runtime.Tests.Checkpoints;

/// <summary>A checkpoint that cannot be read costs its run a longer replay, and nothing else.</summary>
public sealed class UnreadableCheckpointTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly List<PersistentNode> _nodes = [];
    private PersistenceStore? _memory;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
        _directory.Dispose();
    }

    [Theory]
    [InlineData(JournalKind.ActorFlow, 2)]
    [InlineData(JournalKind.Memory, 2)]
    [InlineData(JournalKind.Stock, null)]
    public async Task A_damaged_checkpoint_is_passed_over_and_what_came_after_the_one_before_is_replayed(JournalKind kind, int? expected)
    {
        var (node, _) = await Start(kind);
        await FourRowsAndCheckpointsAfter(node, 2, 3);
        Damage(node, 3);
        await node.Stop();

        var (again, warnings) = await Start(kind);
        var told = await CommitLog.Ask(again.CommitLog("wf-a"), new CommitLog.Tell());

        Assert.Equal(expected, (int?)told.Checkpoint?.Sequence);
        Assert.Equal(Enumerable.Range((expected ?? 0) + 1, 4 - (expected ?? 0)).Select(Row), told.Replayed);
        Assert.Equal(4, told.SequenceNr);
        if (kind != JournalKind.Stock)
        {
            var warning = warnings.FishForMessage<Warning>(warning => warning.ToString().Contains("checkpoint", StringComparison.Ordinal));
            Assert.Contains("wf-a: the checkpoint with sequence number 3 cannot be read", warning.Message.ToString());
        }
    }

    [Theory]
    [InlineData(JournalKind.ActorFlow)]
    [InlineData(JournalKind.Memory)]
    public async Task Failure_rule_4_a_checkpoint_of_another_sequence_number_is_passed_over(JournalKind kind)
    {
        var (node, _) = await Start(kind);
        var log = await FourRowsAndCheckpointsAfter(node, 2);
        await CommitLog.Ask(log, Checkpoint(5));
        await node.Stop();

        var (again, warnings) = await Start(kind);
        var told = await CommitLog.Ask(again.CommitLog("wf-a"), new CommitLog.Tell());

        Assert.Equal(2, told.Checkpoint?.Sequence);
        Assert.Equal([Row(3), Row(4)], told.Replayed);
        var warning = warnings.FishForMessage<Warning>(warning => warning.ToString().Contains("checkpoint", StringComparison.Ordinal));
        Assert.Contains("It was taken after sequence number 5", warning.Message.ToString());
    }

    [Theory]
    [InlineData(JournalKind.ActorFlow)]
    [InlineData(JournalKind.Memory)]
    public async Task Where_no_checkpoint_can_be_read_all_is_replayed(JournalKind kind)
    {
        var (node, _) = await Start(kind);
        await FourRowsAndCheckpointsAfter(node, 1, 2, 4);
        Damage(node, 1, 2, 4);
        await node.Stop();

        var (again, _) = await Start(kind);
        var told = await CommitLog.Ask(again.CommitLog("wf-a"), new CommitLog.Tell());

        Assert.Null(told.Checkpoint);
        Assert.Equal(Enumerable.Range(1, 4).Select(Row), told.Replayed);
    }

    [Theory]
    [InlineData(JournalKind.ActorFlow)]
    [InlineData(JournalKind.Memory)]
    public async Task A_damaged_checkpoint_is_listed_and_loading_it_says_which_it_is(JournalKind kind)
    {
        var (node, _) = await Start(kind);
        await FourRowsAndCheckpointsAfter(node, 2, 3);
        Damage(node, 3);

        Assert.Equal([3, 2], (await node.Store.Checkpoints.ListAsync("wf-a")).Select(kept => kept.Sequence));
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => node.Store.Checkpoints.LoadAsync("wf-a", 3));

        Assert.StartsWith("wf-a: the checkpoint with sequence number 3 cannot be read", error.Message);
        Assert.Equal(2, (await node.Store.Checkpoints.LoadAsync("wf-a", 2))?.Sequence);
        Assert.Null(await node.Store.Checkpoints.LoadAsync("wf-a", 4));
    }

    private static CommitBatch Row(int number) => new([JournalSamples.Commit(new WorkflowEvent.CancelRequested($"{number}"))]);

    private static WorkflowCheckpoint Checkpoint(long sequence) => new(sequence, [], ImageSamples.Full);

    private static async Task<Akka.Actor.IActorRef> FourRowsAndCheckpointsAfter(PersistentNode node, params int[] checkpoints)
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

    private async Task<(PersistentNode Node, TestProbe Warnings)> Start(JournalKind kind)
    {
        var options = new PersistenceOptions { DataDirectory = _directory.Path, Journal = kind };
        var store = kind == JournalKind.Memory ? _memory ??= PersistenceStore.Open(options) : PersistenceStore.Open(options);
        var node = await PersistentNode.Start(store, logLevel: "WARNING");
        _nodes.Add(node);
        var warnings = node.Probe();
        node.System.EventStream.Subscribe(warnings, typeof(Warning));
        return (node, warnings);
    }

    private void Damage(PersistentNode node, params int[] sequences)
    {
        foreach (var sequence in sequences)
        {
            if (node.Store is MemoryStore memory)
            {
                var kept = memory.Snapshots.Newest("wf-a", new(sequence), sequence)!;
                memory.Snapshots.Put("wf-a", kept with { Bytes = kept.Bytes[..^1] });
                continue;
            }
            using var connection = new SqliteConnection($"Data Source={_directory.File("actorflow.db")};Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE snapshot SET snapshot = substr(snapshot, 1, length(snapshot) - 1) WHERE sequence_number = $1";
            command.Parameters.AddWithValue("$1", sequence);
            Assert.Equal(1, command.ExecuteNonQuery());
        }
    }
}

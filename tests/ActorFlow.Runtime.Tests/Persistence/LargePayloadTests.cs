using ActorFlow.Persistence.Sqlite;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tests.Persistence.Databases;
using ActorFlow.Runtime.Tests.Wire;
using ActorFlow.Runtime.Wire;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>Payloads over 64 KB are stored once per run, beside the journal and the checkpoints that refer to them.</summary>
public sealed class LargePayloadTests() : LargePayloadContract(new SqliteTestDatabase())
{
    [Theory]
    [InlineData(JournalKind.Stock)]
    [InlineData(JournalKind.Memory)]
    public async Task Other_journals_keep_it_in_the_event(JournalKind kind)
    {
        using var directory = new TemporaryDirectory();
        await using var store = SqlitePersistence.Open(new PersistenceOptions { DataDirectory = directory.Path, Journal = kind });
        await using var node = await PersistentNode.Start(store);
        await CommitLog.Ask(node.CommitLog("wf-a"), Row(Mebibyte));
        await CommitLog.Ask(node.CommitLog("wf-b"), Row(Payload.Null));

        Assert.Equal([Row(Mebibyte)], (await CommitLog.Ask(node.CommitLog("wf-a"), new CommitLog.Tell())).Replayed);
    }

    [Fact]
    public void Messages_between_nodes_carry_it_whole()
    {
        var row = Row(Mebibyte);

        Assert.InRange(JournalFormat.Write(row).Length, Mebibyte.Length, int.MaxValue);
        Assert.Equal(row, JournalFormat.Read(JournalFormat.Write(row)));
    }

    [Fact]
    public void Small_payloads_are_written_the_same_whether_anybody_collects_or_not()
    {
        var row = new CommitBatch(JournalSamples.Row);
        using var payloads = PayloadCollector.Open();

        var bytes = JournalFormat.Write(row);

        payloads.Dispose();
        Assert.Empty(payloads.Collected);
        Assert.Equal(JournalFormat.Write(row), bytes);
    }
}

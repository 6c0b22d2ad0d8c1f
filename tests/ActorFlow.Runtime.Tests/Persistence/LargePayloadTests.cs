using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tests.Wire;
using ActorFlow.Runtime.Wire;
using ActorFlow.Testing.Persistence;
using Akka.Actor;
using Akka.Persistence;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>Payloads over 64 KB are stored once per run, beside the journal and the checkpoints that refer to them.</summary>
public sealed class LargePayloadTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly DiskFaults _disk = new();
    private PersistentNode _node = null!;

    private static Payload Mebibyte { get; } = Payload.FromString(new string('x', (1024 * 1024) - 2));

    public async Task InitializeAsync() => _node = await Start();

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_payload_of_1_MiB_in_several_events_and_checkpoints_is_stored_once()
    {
        var rows = new[] { Row(Mebibyte, Mebibyte), Row(Mebibyte), Row(Copy(Mebibyte)) };
        var log = _node.CommitLog("wf-a");
        foreach (var row in rows)
        {
            await CommitLog.Ask(log, row);
        }
        await CommitLog.Ask(log, new WorkflowCheckpoint(3, [], ImageSamples.Bare with { Input = Mebibyte }));
        await CommitLog.Ask(log, Row(Mebibyte));
        await Restart();

        var told = await CommitLog.Ask(_node.CommitLog("wf-a"), new CommitLog.Tell());

        Assert.Equal(Mebibyte, told.Checkpoint?.State.Input);
        Assert.Equal([Row(Mebibyte)], told.Replayed);
        Assert.Equal(["wf-a 1048576"], Rows("SELECT persistence_id || ' ' || length(bytes) FROM payload"));
        Assert.InRange(long.Parse(Rows("SELECT SUM(length(message)) FROM journal")[0]), 1, 1_000);
        Assert.InRange(long.Parse(Rows("SELECT SUM(length(snapshot)) FROM snapshot")[0]), 1, 1_000);
        Assert.Equal(Mebibyte, (await _node.Store.Checkpoints.LoadAsync("wf-a", 3))?.State.Input);
    }

    [Fact]
    public async Task Without_a_checkpoint_a_replay_gives_every_event_its_payload()
    {
        var rows = new[] { Row(Mebibyte, Payload.Null), Row(Text(65_536)), Row(Text(65_537)) };
        var log = _node.CommitLog("wf-a");
        foreach (var row in rows)
        {
            await CommitLog.Ask(log, row);
        }
        await Restart();

        Assert.Equal(rows, (await CommitLog.Ask(_node.CommitLog("wf-a"), new CommitLog.Tell())).Replayed);
        Assert.Equal(["65537", "1048576"], Rows("SELECT length(bytes) FROM payload ORDER BY 1"));
    }

    [Fact]
    public async Task Every_run_has_its_own_and_a_purge_takes_no_other()
    {
        await CommitLog.Ask(_node.CommitLog("wf-a"), Row([.. Enumerable.Range(0, 40).Select(i => Text(70_000 + i))]));
        await CommitLog.Ask(_node.CommitLog("wf-b"), Row(Text(70_000)));
        Assert.Equal(["wf-a 40", "wf-b 1"], Rows("SELECT persistence_id || ' ' || COUNT(*) FROM payload GROUP BY persistence_id"));

        await _node.Store.DeletePayloadsAsync("wf-a");

        Assert.Equal(["wf-b 1"], Rows("SELECT persistence_id || ' ' || COUNT(*) FROM payload GROUP BY persistence_id"));
    }

    [Fact]
    public async Task Failure_rule_17_a_commit_whose_answer_was_lost_is_a_success_with_large_payloads_too()
    {
        var log = _node.CommitLog("wf-a");
        await CommitLog.Ask(log, new CommitLog.Tell());
        _disk.LoseNextAcknowledgement();

        var told = await CommitLog.Ask(log, Row(Mebibyte));

        Assert.Equal(1, told.SequenceNr);
        Assert.Equal(["1"], Rows("SELECT COUNT(*) FROM journal"));
        Assert.Equal(["1"], Rows("SELECT COUNT(*) FROM payload"));
    }

    [Fact]
    public async Task A_write_that_is_fenced_leaves_no_payload_behind()
    {
        var first = _node.CommitLog("wf-a");
        var second = _node.CommitLog("wf-a");
        await CommitLog.Ask(second, new CommitLog.Tell());
        await CommitLog.Ask(first, Row(Payload.Null));
        var watch = _node.Probe();
        watch.Watch(second);

        second.Tell(Row(Mebibyte));

        watch.ExpectTerminated(second);
        Assert.Equal(["0"], Rows("SELECT COUNT(*) FROM payload"));
    }

    [Fact]
    public async Task A_reference_whose_payload_is_gone_names_the_run_the_row_and_the_hash()
    {
        await CommitLog.Ask(_node.CommitLog("wf-a"), Row(Mebibyte));
        var hash = Rows("SELECT hash FROM payload")[0];
        await _node.Store.DeletePayloadsAsync("wf-a");
        var probe = _node.Probe();

        _node.Journal.Tell(new ReplayMessages(1, long.MaxValue, long.MaxValue, "wf-a", probe), probe);

        var cause = probe.FishForMessage<ReplayMessagesFailure>(_ => true).Cause.GetBaseException();
        Assert.IsType<InvalidDataException>(cause);
        Assert.Equal(
            $"wf-a: the row with sequence number 1 refers to a payload of 1048576 bytes with the SHA-256 {hash}, which is not stored.", cause.Message);
    }

    [Theory]
    [InlineData(JournalKind.Stock)]
    [InlineData(JournalKind.Memory)]
    public async Task Other_journals_keep_it_in_the_event(JournalKind kind)
    {
        await using var store = PersistenceStore.Open(new PersistenceOptions { DataDirectory = _directory.File("other"), Journal = kind });
        await using var node = await PersistentNode.Start(store);
        await CommitLog.Ask(node.CommitLog("wf-a"), Row(Mebibyte));
        await CommitLog.Ask(node.CommitLog("wf-b"), Row(Payload.Null));
        await store.DeletePayloadsAsync("wf-a");

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

    private static Payload Text(int length) => Payload.FromString(new string('y', length - 2));

    private static Payload Copy(Payload payload) => Payload.FromTrustedUtf8(payload.Utf8.ToArray());

    private static CommitBatch Row(params Payload[] outputs) =>
        new([.. outputs.Select(output => JournalSamples.Commit(new WorkflowEvent.Completed(output)))]);

    private async Task<PersistentNode> Start() =>
        await PersistentNode.Start(_disk.Open(new PersistenceOptions { DataDirectory = _directory.Path }));

    private async Task Restart()
    {
        await _node.Stop();
        _node = await Start();
    }

    private List<string> Rows(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_directory.File("actorflow.db")};Pooling=False");
        connection.Open();
        using var command = new SqliteCommand(sql, connection);
        using var rows = command.ExecuteReader();
        var list = new List<string>();
        while (rows.Read())
        {
            list.Add(rows.GetValue(0).ToString()!);
        }
        return list;
    }
}

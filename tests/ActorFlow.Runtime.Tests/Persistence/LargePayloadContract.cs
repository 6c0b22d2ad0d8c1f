using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Tests.Index;
using ActorFlow.Runtime.Tests.Persistence.Databases;
using ActorFlow.Runtime.Tests.Wire;
using ActorFlow.Runtime.Wire;
using Akka.Actor;
using Akka.Persistence;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>Payloads over 64 KB are stored once per run, beside the journal and the checkpoints that refer to them.</summary>
public abstract class LargePayloadContract(ITestDatabase database) : IAsyncLifetime
{
    private protected static Payload Mebibyte { get; } = Payload.FromString(new string('x', (1024 * 1024) - 2));

    private PersistentNode Node { get; set; } = null!;

    public async Task InitializeAsync()
    {
        await database.ClearAsync();
        Node = await Start();
    }

    public async Task DisposeAsync()
    {
        await Node.DisposeAsync();
        await database.DisposeAsync();
    }

    [StoreFact]
    public async Task A_payload_of_1_MiB_in_several_events_and_checkpoints_is_stored_once()
    {
        var rows = new[] { Row(Mebibyte, Mebibyte), Row(Mebibyte), Row(Copy(Mebibyte)) };
        var log = Node.CommitLog("wf-a");
        foreach (var row in rows)
        {
            await CommitLog.Ask(log, row);
        }
        await CommitLog.Ask(log, new WorkflowCheckpoint(3, [], ImageSamples.Bare with { Input = Mebibyte }));
        await CommitLog.Ask(log, Row(Mebibyte));
        await Restart();

        var told = await CommitLog.Ask(Node.CommitLog("wf-a"), new CommitLog.Tell());

        Assert.Equal(Mebibyte, told.Checkpoint?.State.Input);
        Assert.Equal([Row(Mebibyte)], told.Replayed);
        Assert.Equal(["wf-a 1048576"], database.Rows("SELECT persistence_id || ' ' || length(bytes) FROM payload"));
        Assert.InRange(long.Parse(database.Rows("SELECT SUM(length(message)) FROM journal")[0]), 1, 1_000);
        Assert.InRange(long.Parse(database.Rows("SELECT SUM(length(snapshot)) FROM snapshot")[0]), 1, 1_000);
        Assert.Equal(Mebibyte, (await Node.Store.Checkpoints.LoadAsync("wf-a", 3))?.State.Input);
    }

    [StoreFact]
    public async Task Without_a_checkpoint_a_replay_gives_every_event_its_payload()
    {
        var rows = new[] { Row(Mebibyte, Payload.Null), Row(Text(65_536)), Row(Text(65_537)) };
        var log = Node.CommitLog("wf-a");
        foreach (var row in rows)
        {
            await CommitLog.Ask(log, row);
        }
        await Restart();

        Assert.Equal(rows, (await CommitLog.Ask(Node.CommitLog("wf-a"), new CommitLog.Tell())).Replayed);
        Assert.Equal(["65537", "1048576"], database.Rows("SELECT length(bytes) FROM payload ORDER BY 1"));
    }

    [StoreFact]
    public async Task Every_run_has_its_own_and_a_purge_takes_no_other()
    {
        await CommitLog.Ask(Node.CommitLog("wf-a"), Row([.. Enumerable.Range(0, 40).Select(i => Text(70_000 + i))]));
        await CommitLog.Ask(Node.CommitLog("wf-b"), Row(Text(70_000)));
        Assert.Equal(["wf-a 40", "wf-b 1"], database.Rows("SELECT persistence_id || ' ' || COUNT(*) FROM payload GROUP BY persistence_id ORDER BY 1"));

        await Node.Store.Index.UpsertAsync([Rows.Row("a", sequence: 1).ClosedAt(Rows.Noon)]);
        await Node.Store.Purge.PurgeAsync(await Node.Store.Purge.FindAsync(Rows.Noon.AddDays(1), Rows.Noon, 10), Rows.Noon);

        Assert.Equal(["wf-b 1"], database.Rows("SELECT persistence_id || ' ' || COUNT(*) FROM payload GROUP BY persistence_id ORDER BY 1"));
    }

    [StoreFact]
    public async Task Failure_rule_17_a_commit_whose_answer_was_lost_is_a_success_with_large_payloads_too()
    {
        var log = Node.CommitLog("wf-a");
        await CommitLog.Ask(log, new CommitLog.Tell());
        database.LoseNextAcknowledgement();

        var told = await CommitLog.Ask(log, Row(Mebibyte));

        Assert.Equal(1, told.SequenceNr);
        Assert.Equal(["1"], database.Rows("SELECT COUNT(*) FROM journal"));
        Assert.Equal(["1"], database.Rows("SELECT COUNT(*) FROM payload"));
    }

    [StoreFact]
    public async Task A_write_that_is_fenced_leaves_no_payload_behind()
    {
        var first = Node.CommitLog("wf-a");
        var second = Node.CommitLog("wf-a");
        await CommitLog.Ask(second, new CommitLog.Tell());
        await CommitLog.Ask(first, Row(Payload.Null));
        var watch = Node.Probe();
        watch.Watch(second);

        second.Tell(Row(Mebibyte));

        watch.ExpectTerminated(second);
        Assert.Equal(["0"], database.Rows("SELECT COUNT(*) FROM payload"));
    }

    [StoreFact]
    public async Task A_reference_whose_payload_is_gone_names_the_run_the_row_and_the_hash()
    {
        await CommitLog.Ask(Node.CommitLog("wf-a"), Row(Mebibyte));
        var hash = database.Rows("DELETE FROM payload RETURNING hash")[0];
        var probe = Node.Probe();

        Node.Journal.Tell(new ReplayMessages(1, long.MaxValue, long.MaxValue, "wf-a", probe), probe);

        var cause = probe.FishForMessage<ReplayMessagesFailure>(_ => true).Cause.GetBaseException();
        Assert.IsType<InvalidDataException>(cause);
        Assert.Equal(
            $"wf-a: the row with sequence number 1 refers to a payload of 1048576 bytes with the SHA-256 {hash}, which is not stored.", cause.Message);
    }

    private static Payload Text(int length) => Payload.FromString(new string('y', length - 2));

    private static Payload Copy(Payload payload) => Payload.FromTrustedUtf8(payload.Utf8.ToArray());

    private protected static CommitBatch Row(params Payload[] outputs) =>
        new([.. outputs.Select(output => JournalSamples.Commit(new WorkflowEvent.Completed(output)))]);

    private async Task<PersistentNode> Start() => await PersistentNode.Start(database.Open());

    private async Task Restart()
    {
        await Node.Stop();
        Node = await Start();
    }
}

[OnPostgres]
public sealed class PostgresLargePayloadTests(PostgresTestDatabase database) : LargePayloadContract(database), IClassFixture<PostgresTestDatabase>;

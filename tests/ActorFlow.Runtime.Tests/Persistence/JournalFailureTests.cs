using ActorFlow.Runtime.Persistence;
using ActorFlow.Testing.Persistence;
using Akka.Actor;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>What ActorFlow's own writer does when the disk, another incarnation or its caller gets in the way.</summary>
public sealed class JournalFailureTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly DiskFaults _disk = new();
    private readonly PersistenceOptions _options = new();
    private PersistentNode _node = null!;

    public async Task InitializeAsync()
    {
        _options.DataDirectory = _directory.Path;
        _node = await PersistentNode.Start(_disk.Open(_options));
    }

    public async Task DisposeAsync()
    {
        _disk.Resume();
        await _node.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Failure_rule_1_an_event_that_cannot_be_serialized_fails_the_write_and_is_never_rejected()
    {
        var outcome = _node.Probe();
        var ledger = _node.Ledger("a", outcome);
        outcome.Watch(ledger);
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1"));

        ledger.Tell(new Ledger.Enter("e2", new Unspeakable()));

        outcome.ExpectMsg<Ledger.Failed>();
        outcome.ExpectTerminated(ledger);
        Assert.Equal(1, Count("a"));
    }

    [Fact]
    public async Task Failure_rule_16_a_full_disk_is_retried_and_the_write_succeeds_once_there_is_room()
    {
        _disk.LimitTo(Pages() + 2);
        await Reopen();
        var ledger = _node.Ledger("a");
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("small"));
        Assert.Null(_node.Store.Trouble);

        var entered = Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter(new string('x', 100_000)));
        await Until.True(() => _node.Store.Trouble is not null);
        Assert.Equal("the disk is full", _node.Store.Trouble);
        _disk.LimitTo(0);

        Assert.Equal(2, (await entered).SequenceNr);
        Assert.Null(_node.Store.Trouble);
        Assert.Equal(2, Count("a"));
    }

    [Fact]
    public async Task Failure_rule_16_a_disk_that_stays_full_fails_the_write_saying_so()
    {
        _options.RetryWindow = TimeSpan.FromMilliseconds(200);
        _disk.LimitTo(Pages() + 2);
        await Reopen();
        var outcome = _node.Probe();

        _node.Ledger("a", outcome).Tell(new Ledger.Enter(new string('x', 100_000)));

        var failure = Assert.IsType<StoreWriteException>(outcome.ExpectMsg<Ledger.Failed>().Cause);
        Assert.EndsWith("actorflow.db could not be written: the disk is full.", failure.Message);
        Assert.Equal(0, Count("a"));
        await Until.True(() => _node.Store.Trouble is null);
    }

    [Fact]
    public async Task Failure_rule_16_a_fenced_write_is_told_apart_and_not_retried()
    {
        var outcome = _node.Probe();
        var (first, second) = await TwoIncarnations("a", outcome);
        await Ledger.Ask<Ledger.Entered>(first, new Ledger.Enter("first"));

        second.Tell(new Ledger.Enter("second"));

        var fence = Assert.IsType<FencedWriteException>(outcome.ExpectMsg<Ledger.Failed>().Cause);
        Assert.StartsWith("a: another incarnation has written sequence number 1", fence.Message);
        Assert.Null(_node.Store.Trouble);
    }

    [Fact]
    public async Task A_fenced_write_does_not_harm_the_others_of_its_batch()
    {
        var outcome = _node.Probe();
        var (first, second) = await TwoIncarnations("a", outcome);
        var others = Enumerable.Range(0, 30).Select(i => _node.Ledger($"id{i}")).ToArray();
        await Task.WhenAll(others.Select(other => Ledger.Ask<Ledger.Told>(other, new Ledger.Tell())));
        _disk.Stall();
        var blocker = Ledger.Ask<Ledger.Entered>(first, new Ledger.Enter("first"));
        await Until.True(() => _disk.IsStalling);
        var before = _disk.Commits;
        second.Tell(new Ledger.Enter("second", "second"));
        var entered = others.Select(other => Ledger.Ask<Ledger.Entered>(other, new Ledger.Enter("e1", "e2"))).ToArray();

        _disk.Resume();

        await blocker;
        await Task.WhenAll(entered);
        Assert.IsType<FencedWriteException>(outcome.ExpectMsg<Ledger.Failed>().Cause);
        Assert.InRange(_disk.Commits - before, 1, 29);
        Assert.Equal(1, Count("a"));
        Assert.All(Enumerable.Range(0, 30), i => Assert.Equal(2, Count($"id{i}")));
    }

    [Fact]
    public async Task Failure_rule_17_a_commit_whose_answer_was_lost_is_a_success_and_stored_once()
    {
        var ledger = _node.Ledger("a");
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1"));
        _disk.LoseNextAcknowledgement();

        var entered = await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e2", "e3"));

        Assert.Equal(3, entered.SequenceNr);
        Assert.Equal(3, Count("a"));
        Assert.Equal(4, (await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e4"))).SequenceNr);
    }

    [Fact]
    public async Task Failure_rule_17_the_same_payload_of_another_writer_is_a_fence()
    {
        var outcome = _node.Probe();
        var ledger = _node.Ledger("a", outcome);
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("same"));
        Run("INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) "
            + "SELECT created, 0, persistence_id, 2, message, manifest, identifier, 'another' FROM journal");

        ledger.Tell(new Ledger.Enter("same"));

        Assert.IsType<FencedWriteException>(outcome.ExpectMsg<Ledger.Failed>().Cause);
    }

    [Fact]
    public async Task Failure_rule_17_a_write_that_timed_out_in_the_queue_is_withdrawn()
    {
        _options.CallTimeout = _options.RetryWindow = TimeSpan.FromSeconds(3);
        await Reopen();
        var outcome = _node.Probe();
        var ledger = _node.Ledger("a", outcome);
        await Ledger.Ask<Ledger.Told>(ledger, new Ledger.Tell());
        _disk.Stall();
        _node.Ledger("blocker").Tell(new Ledger.Enter("in its transaction"));
        await Until.True(() => _disk.IsStalling);

        ledger.Tell(new Ledger.Enter("in the queue"));
        outcome.ExpectMsg<Ledger.Failed>();
        _disk.Resume();
        await _node.Store.FlushAsync();

        Assert.Equal(0, Count("a"));
        Assert.Equal(1, Count("blocker"));
    }

    [Fact]
    public async Task Failure_rule_17_a_recovery_waits_for_a_write_that_timed_out_in_its_transaction()
    {
        _options.CallTimeout = _options.RetryWindow = TimeSpan.FromSeconds(3);
        await Reopen();
        var outcome = _node.Probe();
        var ledger = _node.Ledger("a", outcome);
        await Ledger.Ask<Ledger.Told>(ledger, new Ledger.Tell());
        _disk.Stall();
        ledger.Tell(new Ledger.Enter("e1"));
        outcome.ExpectMsg<Ledger.Failed>();

        var recovering = Ledger.Ask<Ledger.Told>(_node.Ledger("a"), new Ledger.Tell());
        _disk.Resume();

        Assert.Equal(["e1"], (await recovering).Entries);
    }

    [Fact]
    public async Task A_broken_disk_at_the_end_fails_what_is_queued_instead_of_holding_the_process()
    {
        var outcome = _node.Probe();
        var ledger = _node.Ledger("a", outcome);
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1"));
        _disk.IsBroken = true;
        var definition = new StoredDefinition("hash", "name", 1, new byte[] { 1 }, DateTimeOffset.UnixEpoch);
        var put = _node.Store.Definitions.PutAsync(definition);
        await Until.True(() => _node.Store.Trouble is not null);

        await _node.Store.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Contains("the disk failed", (await Assert.ThrowsAsync<StoreWriteException>(() => put)).Message);
        Assert.Equal(1, Count("a"));
    }

    private async Task<(IActorRef First, IActorRef Second)> TwoIncarnations(string id, IActorRef failuresOfSecond)
    {
        var first = _node.Ledger(id);
        var second = _node.Ledger(id, failuresOfSecond);
        await Ledger.Ask<Ledger.Told>(first, new Ledger.Tell());
        await Ledger.Ask<Ledger.Told>(second, new Ledger.Tell());
        return (first, second);
    }

    private async Task Reopen()
    {
        await _node.Stop();
        _node = await PersistentNode.Start(_disk.Open(_options));
    }

    private long Count(string id) => Number($"SELECT COUNT(*) FROM journal WHERE persistence_id = '{id}'");

    private int Pages() => (int)Number("PRAGMA page_count");

    private long Number(string sql)
    {
        using var connection = Connect();
        using var command = new SqliteCommand(sql, connection);
        return (long)command.ExecuteScalar()!;
    }

    private void Run(string sql)
    {
        using var connection = Connect();
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={_directory.File("actorflow.db")};Pooling=False");
        connection.Open();
        return connection;
    }

    public sealed class Unspeakable
    {
        public string Word => throw new NotSupportedException("There is no word for it.");
    }
}

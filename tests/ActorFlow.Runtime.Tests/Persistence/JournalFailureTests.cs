using ActorFlow.Persistence.Sqlite;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tests.Persistence.Databases;
using Akka.Actor;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>The embedded database's writer, and what it does when the disk gets in the way.</summary>
public sealed class JournalFailureTests : JournalFailureContract
{
    private readonly SqliteTestDatabase _database;

    public JournalFailureTests() : this(new())
    {
    }

    private JournalFailureTests(SqliteTestDatabase database) : base(database) => _database = database;

    [Fact]
    public async Task Failure_rule_16_a_full_disk_is_retried_and_the_write_succeeds_once_there_is_room()
    {
        _database.Disk.LimitTo((int)_database.Number("PRAGMA page_count") + 2);
        await Reopen();
        var ledger = Node.Ledger("a");
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("small"));
        Assert.Null(Node.Store.WriteFailure);

        var entered = Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter(new string('x', 100_000)));
        await Until.True(() => Node.Store.WriteFailure is not null);
        Assert.Equal("the disk is full", Node.Store.WriteFailure);
        _database.Disk.LimitTo(0);

        Assert.Equal(2, (await entered).SequenceNr);
        Assert.Null(Node.Store.WriteFailure);
        Assert.Equal(2, Count("a"));
    }

    [Theory]
    [InlineData(13, 13)]
    [InlineData(10, 4874)]
    public void Failure_rule_16_a_disk_without_room_for_the_index_of_the_log_is_as_full_as_any(int code, int extended)
    {
        var error = new SqliteException("no room", code, extended);

        Assert.Equal((true, true, "the disk is full"), (SqliteErrors.IsFull(error), SqliteErrors.IsTransient(error), SqliteErrors.Describe(error)));
        Assert.False(SqliteErrors.IsFull(new SqliteException("disk I/O error", 10, 778)));
    }

    [Fact]
    public async Task Failure_rule_16_a_disk_that_stays_full_fails_the_write_saying_so()
    {
        Options.RetryWindow = TimeSpan.FromMilliseconds(200);
        _database.Disk.LimitTo((int)_database.Number("PRAGMA page_count") + 2);
        await Reopen();
        var outcome = Node.Probe();

        Node.Ledger("a", outcome).Tell(new Ledger.Enter(new string('x', 100_000)));

        var failure = Assert.IsType<StoreWriteException>(outcome.ExpectMsg<Ledger.Failed>().Cause);
        Assert.EndsWith("actorflow.db could not be written: the disk is full.", failure.Message);
        Assert.Equal(0, Count("a"));
        await Until.True(() => Node.Store.WriteFailure is null);
    }

    [Fact]
    public async Task A_broken_disk_at_the_end_fails_what_is_queued_instead_of_holding_the_process()
    {
        var outcome = Node.Probe();
        var ledger = Node.Ledger("a", outcome);
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1"));
        _database.Disk.IsBroken = true;
        var definition = new StoredDefinition("hash", "name", 1, new byte[] { 1 }, DateTimeOffset.UnixEpoch);
        var put = Node.Store.Definitions.PutAsync(definition);
        await Until.True(() => Node.Store.WriteFailure is not null);

        await Node.Store.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Contains("the disk failed", (await Assert.ThrowsAsync<StoreWriteException>(() => put)).Message);
        Assert.Equal(1, Count("a"));
    }
}

using System.Collections.Concurrent;
using ActorFlow.Persistence.Postgres;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tests.Persistence.Databases;
using ActorFlow.TestSupport.Databases;
using Akka.Actor;
using Npgsql;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>What the writers of PostgreSQL do when the server, or the way to it, gets in the way.</summary>
[OnPostgres]
public sealed class PostgresFailureTests(PostgresTestDatabase database) : JournalFailureContract(database), IClassFixture<PostgresTestDatabase>
{
    private readonly PostgresTestDatabase _database = database;

    [StoreFact]
    public async Task Failure_rule_16_a_full_disk_is_retried_and_the_write_succeeds_once_there_is_room()
    {
        var ledger = Node.Ledger("a");
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1"));
        _database.Faults.Error = PostgresErrorCodes.DiskFull;

        var entered = Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e2"));
        await Until.True(() => Node.Store.WriteFailure is not null);
        Assert.Equal("the disk of the server is full", Node.Store.WriteFailure);
        _database.Faults.Error = null;

        Assert.Equal(2, (await entered).SequenceNr);
        Assert.Null(Node.Store.WriteFailure);
        Assert.Equal(2, Count("a"));
    }

    [StoreTheory]
    [InlineData(PostgresErrorCodes.DiskFull, "could not be written: the disk of the server is full.")]
    [InlineData(PostgresErrorCodes.ReadOnlySqlTransaction, "could not be written: the server takes no writes.")]
    [InlineData(PostgresErrorCodes.DeadlockDetected, "could not be written: The test says so.")]
    public async Task Failure_rule_16_a_server_that_goes_on_failing_fails_the_write_in_one_line_without_the_password(string code, string said)
    {
        Options.RetryWindow = TimeSpan.FromMilliseconds(200);
        await Reopen();
        _database.Faults.Error = code;
        var outcome = Node.Probe();

        Node.Ledger("a", outcome).Tell(new Ledger.Enter("e1"));

        var failure = Assert.IsType<StoreWriteException>(outcome.ExpectMsg<Ledger.Failed>().Cause);
        var at = new NpgsqlConnectionStringBuilder(_database.Database.ConnectionString);
        Assert.Equal($"{at.Database} on {at.Host}:{at.Port} {said}", failure.Message);
        await Until.True(() => Node.Store.WriteFailure is null);
        Assert.Equal(0, Count("a"));
    }

    [StoreFact]
    public async Task A_server_that_fails_at_the_end_fails_what_is_queued_instead_of_holding_the_process()
    {
        _database.Faults.Error = PostgresErrorCodes.DiskFull;
        var put = Node.Store.Definitions.PutAsync(new StoredDefinition("hash", "name", 1, new byte[] { 1 }, DateTimeOffset.UnixEpoch));
        await Until.True(() => Node.Store.WriteFailure is not null);

        await Node.Store.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Contains("the disk of the server is full", (await Assert.ThrowsAsync<StoreWriteException>(() => put)).Message);
    }

    [StoreFact]
    public async Task A_commit_whose_answer_was_lost_is_looked_up_and_not_done_again()
    {
        Options.Writers = 1;
        await Reopen();
        var ledgers = Enumerable.Range(0, 30).Select(i => Node.Ledger($"id{i}")).ToArray();
        await Task.WhenAll(ledgers.Select(ledger => Ledger.Ask<Ledger.Told>(ledger, new Ledger.Tell())));
        _database.Stall();
        var blocker = Ledger.Ask<Ledger.Entered>(Node.Ledger("blocker"), new Ledger.Enter("e"));
        await Until.True(() => _database.IsStalling);
        var before = _database.Commits;
        var entered = ledgers.Select(ledger => Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1", "e2"))).ToArray();
        _database.LoseNextAcknowledgement();
        _database.LoseNextAcknowledgement();

        _database.Resume();

        await blocker;
        Assert.All(await Task.WhenAll(entered), done => Assert.Equal(2, done.SequenceNr));
        Assert.All(Enumerable.Range(0, 30), i => Assert.Equal(2, Count($"id{i}")));
        // The blocker's and the others'; and once each to find out that there is nothing left to do.
        Assert.InRange(_database.Commits - before, 2, 8);
    }

    [StoreFact]
    public async Task A_transaction_that_the_server_goes_on_with_after_its_writer_was_cut_off_is_done_once()
    {
        var ledger = Node.Ledger("a");
        await Ledger.Ask<Ledger.Told>(ledger, new Ledger.Tell());
        Task<Ledger.Entered> entered;
        using (_database.HoldLock())
        {
            _database.Faults.OrphanNextTransaction();
            entered = Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1", "e2"));
            // The first try and the second, side by side.
            await Until.True(() => _database.Rows("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'journal'::regclass AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")[0] == "2");
        }

        Assert.Equal(2, (await entered).SequenceNr);
        await _database.Faults.Orphan;
        Assert.Equal(["1", "2"], _database.Rows("SELECT sequence_number FROM journal ORDER BY 1"));
        Assert.Equal(3, (await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e3"))).SequenceNr);
    }

    [StoreFact]
    public async Task Connections_killed_in_the_midst_of_writes_cost_no_event_and_no_actor()
    {
        await UnderLoad(Node, _database.Database, async acknowledged =>
        {
            for (var kill = 1; kill <= 10; kill++)
            {
                var killed = await _database.Database.QueryAsync(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'actorflow'");
                Assert.NotEmpty(killed);
                // Of what was under way, at most a hundred.
                var before = acknowledged.Count;
                await Until.True(() => acknowledged.Count > before + 200);
            }
        });
    }

    /// <summary>
    /// Fifty actors write pairs of events while <paramref name="harm"/> is done. None of them stops; what was acknowledged is stored,
    /// nothing twice, no pair in half, and beyond it at most what was under way at the end.
    /// </summary>
    internal static async Task UnderLoad(PersistentNode node, PrivatePostgres database, Func<ConcurrentBag<string>, Task> harm)
    {
        const int Actors = 50;
        var acknowledged = new ConcurrentBag<string>();
        var ends = node.Probe();
        var ids = Enumerable.Range(0, Actors).Select(i => $"id{i}").ToArray();
        foreach (var id in ids)
        {
            ends.Watch(node.System.ActorOf(Props.Create(() => new Pairs(id, acknowledged))));
        }

        await Until.True(() => acknowledged.Count > 300);
        await harm(acknowledged);
        // On a busy machine the last of them may still be reading its journal back for the first time.
        await Until.True(() => acknowledged.Select(id => id.Split('/')[0]).Distinct().Count() == Actors);
        Assert.False(ends.HasMessages);
        await node.Stop();

        var stored = await database.QueryAsync(
            "SELECT persistence_id || ' ' || sequence_number || ' ' || convert_from(message, 'UTF8') FROM journal ORDER BY persistence_id, sequence_number");
        var events = stored.Select(row => row.Split(' ')).GroupBy(row => row[0]).ToDictionary(rows => rows.Key, rows => rows.ToList());
        Assert.Equal(Actors, events.Count);
        foreach (var (id, rows) in events)
        {
            Assert.Equal(Enumerable.Range(1, rows.Count).Select(n => $"{id} {n} \"{id}/{n}\""), rows.Select(row => string.Join(' ', row)));
            Assert.Equal(0, rows.Count % 2);
        }

        Assert.Equal(acknowledged.Count, acknowledged.Distinct().Count());
        Assert.Subset(stored.Select(row => row.Split('"')[1]).ToHashSet(), acknowledged.ToHashSet());
        Assert.InRange(stored.Count - acknowledged.Count, 0, 2 * Actors);
    }
}

/// <summary>A server that is stopped and started under the writers.</summary>
[OnPostgres(Alone = true)]
public sealed class PostgresRestartTests
{
    [StoreTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_restart_of_the_server_in_the_midst_of_writes_costs_no_event_and_no_actor(bool crash)
    {
        await using var database = await PrivatePostgres.StartAloneAsync();
        await using var node = await PersistentNode.Start(
            PostgresPersistence.Open(new() { Journal = JournalKind.Postgres, ConnectionString = database.ConnectionString }));
        await PostgresFailureTests.UnderLoad(node, database, async acknowledged =>
        {
            for (var restart = 1; restart <= 2; restart++)
            {
                await database.StopServerAsync(crash);
                var before = acknowledged.Count;
                await Until.True(() => node.Store.WriteFailure == "Connection refused");
                await database.StartServerAsync();
                await Until.True(() => acknowledged.Count > before + 300);
                await Until.True(() => node.Store.WriteFailure is null);
            }
        });
    }

    [StoreFact]
    public async Task A_recovery_waits_for_a_server_that_is_starting()
    {
        await using var database = await PrivatePostgres.StartAloneAsync();
        await using var node = await PersistentNode.Start(
            PostgresPersistence.Open(new() { Journal = JournalKind.Postgres, ConnectionString = database.ConnectionString }));
        await Ledger.Ask<Ledger.Entered>(node.Ledger("a"), new Ledger.Enter("e1", "e2"));
        await database.StopServerAsync();

        var told = Ledger.Ask<Ledger.Told>(node.Ledger("a"), new Ledger.Tell());
        await database.StartServerAsync();

        Assert.Equal(["e1", "e2"], (await told).Entries);
    }
}

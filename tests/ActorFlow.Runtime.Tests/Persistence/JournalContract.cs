using ActorFlow.Runtime.Persistence;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>What actors rely on, whichever journal the node is set to.</summary>
public abstract class JournalContract(JournalKind kind) : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private PersistentNode _node = null!;

    public async Task InitializeAsync() => _node = await Start();

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Events_come_back_in_the_order_they_were_persisted()
    {
        var ledger = _node.Ledger("a");
        await Task.WhenAll(Enumerable.Range(1, 300).Select(i => Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter($"e{i}"))));
        await Restart();

        var told = await Ledger.Ask<Ledger.Told>(_node.Ledger("a"), new Ledger.Tell());

        Assert.Equal(Enumerable.Range(1, 300).Select(i => $"e{i}"), told.Entries);
        Assert.Equal(300, told.SequenceNr);
    }

    [Fact]
    public async Task A_write_of_several_events_of_which_one_is_fenced_stores_none()
    {
        var failures = _node.Probe();
        var ledger = _node.Ledger("a", failures);
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1"));
        Write("INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) "
            + "SELECT created, 0, persistence_id, 4, message, manifest, identifier, 'other' FROM journal");

        ledger.Tell(new Ledger.Enter("e2", "e3", "e4", "e5"));

        failures.ExpectMsg<Ledger.Failed>();
        Assert.Equal([1, 4], Numbers("a"));
    }

    [Theory]
    [InlineData(1, 10, 100, new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 })]
    [InlineData(3, 6, 100, new[] { 3, 4, 5, 6 })]
    [InlineData(3, long.MaxValue, 2, new[] { 3, 4 })]
    [InlineData(10, 10, 1, new[] { 10 })]
    [InlineData(11, long.MaxValue, 100, new int[0])]
    public async Task A_replay_gives_what_lies_between_its_bounds_and_no_more_than_asked(long from, long to, long max, int[] expected)
    {
        var events = Enumerable.Range(1, 10).Select(object (i) => $"e{i}").ToArray();
        await Ledger.Ask<Ledger.Entered>(_node.Ledger("a"), new Ledger.Enter(events));

        var (replayed, highest) = Replay("a", from, to, max);

        Assert.Equal(expected.Select(i => $"e{i}"), replayed.Select(e => (string)e.Payload));
        Assert.Equal(expected.Select(i => (long)i), replayed.Select(e => e.SequenceNr));
        // From beyond the end the stock journal answers 0; an actor takes the higher of this and its snapshot's number.
        Assert.Equal(from > 10 ? from - 1 : 10, Math.Max(highest, from - 1));
    }

    [Fact]
    public void An_id_never_written_has_nothing_to_replay()
    {
        var (replayed, highest) = Replay("nobody", 1, long.MaxValue, long.MaxValue);

        Assert.Empty(replayed);
        Assert.Equal(0, highest);
    }

    [Fact]
    public async Task Deleted_events_are_not_replayed_and_their_numbers_not_used_again()
    {
        var ledger = _node.Ledger("a");
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1", "e2", "e3"));
        await Ledger.Ask<DeleteMessagesSuccess>(ledger, new Ledger.Forget(2));
        Assert.Equal(["e3"], Replay("a", 1, long.MaxValue, long.MaxValue).Events.Select(e => (string)e.Payload));

        await Ledger.Ask<DeleteMessagesSuccess>(ledger, new Ledger.Forget(3));
        await Restart();
        var told = await Ledger.Ask<Ledger.Told>(_node.Ledger("a"), new Ledger.Tell());

        Assert.Empty(told.Entries);
        Assert.Equal(3, told.SequenceNr);
        Assert.Equal([3], Numbers("a"));
    }

    [Fact]
    public void The_highest_sequence_number_counts_writes_in_flight_under_load()
    {
        var ids = Enumerable.Range(0, 200).Select(i => $"id{i}").ToArray();
        var writers = _node.Probe();
        var readers = _node.Probe();
        foreach (var id in ids)
        {
            _node.Journal.Tell(Batch(id, 1, 3, writers));
            _node.Journal.Tell(new ReplayMessages(1, long.MaxValue, 0, id, readers));
        }

        var highest = ids.Select(_ => readers.ExpectMsg<RecoverySuccess>().HighestSequenceNr).ToArray();

        Assert.All(highest, number => Assert.Equal(3, number));
    }

    [Fact]
    public async Task Of_two_incarnations_the_second_to_write_stops_and_nothing_is_lost_or_doubled()
    {
        var failures = _node.Probe();
        var first = _node.Ledger("a");
        var second = _node.Ledger("a", failures);
        await Ledger.Ask<Ledger.Told>(first, new Ledger.Tell());
        await Ledger.Ask<Ledger.Told>(second, new Ledger.Tell());
        var watch = _node.Probe();
        watch.Watch(second);
        await Ledger.Ask<Ledger.Entered>(first, new Ledger.Enter("first"));

        second.Tell(new Ledger.Enter("second"));

        failures.ExpectMsg<Ledger.Failed>();
        watch.ExpectTerminated(second);
        await Ledger.Ask<Ledger.Entered>(first, new Ledger.Enter("again"));
        var told = await Ledger.Ask<Ledger.Told>(_node.Ledger("a"), new Ledger.Tell());
        Assert.Equal(["first", "again"], told.Entries);
        Assert.Equal([1, 2], Numbers("a"));
    }

    [Fact]
    public async Task A_stop_under_load_keeps_every_write_that_was_acknowledged_and_halves_none()
    {
        var acknowledged = new System.Collections.Concurrent.ConcurrentBag<string>();
        for (var i = 0; i < 50; i++)
        {
            _node.System.ActorOf(Props.Create(() => new Pairs($"id{i}", acknowledged)));
        }
        await Until.True(() => acknowledged.Count > 300);

        await Restart();

        var stored = Enumerable.Range(0, 50).SelectMany(i =>
        {
            var events = Replay($"id{i}", 1, long.MaxValue, long.MaxValue).Events.Select(e => (string)e.Payload).ToArray();
            Assert.Equal(Enumerable.Range(1, events.Length).Select(n => $"id{i}/{n}"), events);
            Assert.Equal(0, events.Length % 2);
            return events;
        }).ToHashSet();
        Assert.Subset(stored, acknowledged.ToHashSet());
    }

    [Fact]
    public async Task A_database_locked_for_too_long_fails_the_write_and_works_again_when_it_is_free()
    {
        await _node.Stop();
        _node = await Start(options => options.RetryWindow = TimeSpan.FromMilliseconds(300));
        var failures = _node.Probe();
        var ledger = _node.Ledger("a", failures);
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1"));
        using (var other = Connect())
        {
            Run(other, "BEGIN IMMEDIATE");
            ledger.Tell(new Ledger.Enter("e2", "e3"));
            failures.ExpectMsg<Ledger.Failed>();
            Run(other, "ROLLBACK");
        }

        var again = _node.Ledger("a");
        var entered = await Ledger.Ask<Ledger.Entered>(again, new Ledger.Enter("e2"));

        Assert.Equal(2, entered.SequenceNr);
        Assert.Equal([1, 2], Numbers("a"));
    }

    [Fact]
    public async Task Snapshots_are_offered_and_only_later_events_replayed()
    {
        var ledger = _node.Ledger("a");
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1", "e2"));
        await Ledger.Ask<SaveSnapshotSuccess>(ledger, new Ledger.TakeSnapshot());
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e3"));
        await Ledger.Ask<SaveSnapshotSuccess>(ledger, new Ledger.TakeSnapshot());
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e4"));
        await Restart();

        var told = await Ledger.Ask<Ledger.Told>(_node.Ledger("a"), new Ledger.Tell());

        Assert.Equal(["e1", "e2", "e3", "e4"], told.Entries);
        Assert.Equal(3, told.SnapshotAt);
    }

    [Fact]
    public async Task Snapshots_are_selected_and_deleted_by_number()
    {
        var ledger = _node.Ledger("a");
        for (var i = 1; i <= 3; i++)
        {
            await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter($"e{i}"));
            await Ledger.Ask<SaveSnapshotSuccess>(ledger, new Ledger.TakeSnapshot());
        }
        var probe = _node.Probe();

        Assert.Equal(2, Load(new SnapshotSelectionCriteria(2)));
        _node.Snapshots.Tell(new DeleteSnapshot(new SnapshotMetadata("a", 3, DateTime.MinValue)), probe);
        probe.ExpectMsg<DeleteSnapshotSuccess>();
        Assert.Equal(2, Load(SnapshotSelectionCriteria.Latest));
        _node.Snapshots.Tell(new DeleteSnapshots("a", new SnapshotSelectionCriteria(2)), probe);
        probe.ExpectMsg<DeleteSnapshotsSuccess>();
        Assert.Null(Load(SnapshotSelectionCriteria.Latest));

        long? Load(SnapshotSelectionCriteria criteria)
        {
            _node.Snapshots.Tell(new LoadSnapshot("a", criteria, long.MaxValue), probe);
            return probe.ExpectMsg<LoadSnapshotResult>().Snapshot?.Metadata.SequenceNr;
        }
    }

    [Fact]
    public async Task What_it_writes_the_other_journal_reads_and_goes_on_with()
    {
        var ledger = _node.Ledger("a");
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1", new Tagged("e2", ["red", "blue"])));
        await Ledger.Ask<SaveSnapshotSuccess>(ledger, new Ledger.TakeSnapshot());
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e3"));
        await _node.Stop();
        var other = kind == JournalKind.Stock ? JournalKind.ActorFlow : JournalKind.Stock;

        _node = await Start(options => options.Journal = other);
        ledger = _node.Ledger("a");
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e4", new Tagged("e5", ["blue"])));
        await _node.Stop();
        _node = await Start();

        var told = await Ledger.Ask<Ledger.Told>(_node.Ledger("a"), new Ledger.Tell());
        Assert.Equal(["e1", "e2", "e3", "e4", "e5"], told.Entries);
        Assert.Equal(2, told.SnapshotAt);
        Assert.Equal(
            ["1 0 \"e1\" '' 1 32", "2 0 \"e2\" '' 1 32", "3 0 \"e3\" '' 1 32", "4 0 \"e4\" '' 1 32", "5 0 \"e5\" '' 1 32"],
            Rows("SELECT sequence_number || ' ' || deleted || ' ' || CAST(message AS TEXT) || ' ' || quote(manifest) || ' ' || identifier"
                + " || ' ' || length(writer_uuid) FROM journal ORDER BY ordering"));
        Assert.Equal(
            ["2 2 blue a", "2 2 red a", "5 5 blue a"],
            Rows("SELECT ordering_id || ' ' || sequence_nr || ' ' || tag || ' ' || persistence_id FROM tags ORDER BY 1"));
    }

    private static WriteMessages Batch(string id, int from, int to, IActorRef actor) => new(
        Enumerable.Range(from, to - from + 1).Select(n => new AtomicWrite(new Persistent($"{id}/{n}", n, id, sender: actor))).ToArray(),
        actor,
        actorInstanceId: 1);

    private (List<IPersistentRepresentation> Events, long Highest) Replay(string id, long from, long to, long max)
    {
        var probe = _node.Probe();
        var events = new List<IPersistentRepresentation>();
        _node.Journal.Tell(new ReplayMessages(from, to, max, id, probe));
        while (true)
        {
            switch (probe.ExpectMsg<object>())
            {
                case ReplayedMessage replayed:
                    events.Add(replayed.Persistent);
                    break;
                case RecoverySuccess success:
                    return (events, success.HighestSequenceNr);
                case var other:
                    throw new InvalidOperationException($"The journal answered {other}.");
            }
        }
    }

    private IEnumerable<long> Numbers(string id) =>
        Rows($"SELECT sequence_number FROM journal WHERE persistence_id = '{id}' ORDER BY ordering").Select(long.Parse).Order();

    private List<string> Rows(string sql)
    {
        using var connection = Connect();
        using var command = new SqliteCommand(sql, connection);
        using var rows = command.ExecuteReader();
        var list = new List<string>();
        while (rows.Read())
        {
            list.Add(rows.GetValue(0).ToString()!);
        }
        return list;
    }

    private void Write(string sql)
    {
        using var connection = Connect();
        Run(connection, sql);
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={_directory.File("actorflow.db")};Pooling=False");
        connection.Open();
        return connection;
    }

    private Task<PersistentNode> Start(Action<PersistenceOptions>? change = null)
    {
        var options = new PersistenceOptions { DataDirectory = _directory.Path, Journal = kind };
        change?.Invoke(options);
        return PersistentNode.Start(PersistenceStore.Open(options));
    }

    private async Task Restart()
    {
        await _node.Stop();
        _node = await Start();
    }
}

public sealed class ActorFlowJournalContractTests() : JournalContract(JournalKind.ActorFlow);

public sealed class StockJournalContractTests() : JournalContract(JournalKind.Stock);

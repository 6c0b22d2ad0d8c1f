using ActorFlow.Runtime.Tests.Persistence.Databases;
using Akka.Actor;
using Akka.Persistence;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>What actors rely on, whichever journal the node is set to.</summary>
public abstract partial class JournalContract(ITestDatabase database) : IAsyncLifetime
{
    private protected PersistentNode Node { get; set; } = null!;

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
    public async Task Events_come_back_in_the_order_they_were_persisted()
    {
        var ledger = Node.Ledger("a");
        await Task.WhenAll(Enumerable.Range(1, 300).Select(i => Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter($"e{i}"))));
        await Restart();

        var told = await Ledger.Ask<Ledger.Told>(Node.Ledger("a"), new Ledger.Tell());

        Assert.Equal(Enumerable.Range(1, 300).Select(i => $"e{i}"), told.Entries);
        Assert.Equal(300, told.SequenceNr);
    }

    [StoreFact]
    public async Task A_write_of_several_events_of_which_one_is_fenced_stores_none()
    {
        var failures = Node.Probe();
        var ledger = Node.Ledger("a", failures);
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1"));
        database.Rows("INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) "
            + "SELECT created, deleted, persistence_id, 4, message, manifest, identifier, 'other' FROM journal");

        ledger.Tell(new Ledger.Enter("e2", "e3", "e4", "e5"));

        failures.ExpectMsg<Ledger.Failed>();
        Assert.Equal([1, 4], Numbers("a"));
    }

    [StoreTheory]
    [InlineData(1, 10, 100, new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 })]
    [InlineData(3, 6, 100, new[] { 3, 4, 5, 6 })]
    [InlineData(3, long.MaxValue, 2, new[] { 3, 4 })]
    [InlineData(10, 10, 1, new[] { 10 })]
    [InlineData(11, long.MaxValue, 100, new int[0])]
    public async Task A_replay_gives_what_lies_between_its_bounds_and_no_more_than_asked(long from, long to, long max, int[] expected)
    {
        var events = Enumerable.Range(1, 10).Select(object (i) => $"e{i}").ToArray();
        await Ledger.Ask<Ledger.Entered>(Node.Ledger("a"), new Ledger.Enter(events));

        var (replayed, highest) = Replay("a", from, to, max);

        Assert.Equal(expected.Select(i => $"e{i}"), replayed.Select(e => (string)e.Payload));
        Assert.Equal(expected.Select(i => (long)i), replayed.Select(e => e.SequenceNr));
        // From beyond the end the stock journal answers 0; an actor takes the higher of this and its snapshot's number.
        Assert.Equal(from > 10 ? from - 1 : 10, Math.Max(highest, from - 1));
    }

    [StoreFact]
    public void An_id_never_written_has_nothing_to_replay()
    {
        var (replayed, highest) = Replay("nobody", 1, long.MaxValue, long.MaxValue);

        Assert.Empty(replayed);
        Assert.Equal(0, highest);
    }

    [StoreFact]
    public async Task Deleted_events_are_not_replayed_and_their_numbers_not_used_again()
    {
        var ledger = Node.Ledger("a");
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1", "e2", "e3"));
        await Ledger.Ask<DeleteMessagesSuccess>(ledger, new Ledger.Forget(2));
        Assert.Equal(["e3"], Replay("a", 1, long.MaxValue, long.MaxValue).Events.Select(e => (string)e.Payload));

        await Ledger.Ask<DeleteMessagesSuccess>(ledger, new Ledger.Forget(3));
        await Restart();
        var told = await Ledger.Ask<Ledger.Told>(Node.Ledger("a"), new Ledger.Tell());

        Assert.Empty(told.Entries);
        Assert.Equal(3, told.SequenceNr);
        Assert.Equal([3], Numbers("a"));
    }

    [StoreFact]
    public void The_highest_sequence_number_counts_writes_in_flight_under_load()
    {
        var ids = Enumerable.Range(0, 200).Select(i => $"id{i}").ToArray();
        var writers = Node.Probe();
        var readers = Node.Probe();
        foreach (var id in ids)
        {
            Node.Journal.Tell(Batch(id, 1, 3, writers));
            Node.Journal.Tell(new ReplayMessages(1, long.MaxValue, 0, id, readers));
        }

        var highest = ids.Select(_ => readers.ExpectMsg<RecoverySuccess>().HighestSequenceNr).ToArray();

        Assert.All(highest, number => Assert.Equal(3, number));
    }

    [StoreFact]
    public async Task Of_two_incarnations_the_second_to_write_stops_and_nothing_is_lost_or_doubled()
    {
        var failures = Node.Probe();
        var first = Node.Ledger("a");
        var second = Node.Ledger("a", failures);
        await Ledger.Ask<Ledger.Told>(first, new Ledger.Tell());
        await Ledger.Ask<Ledger.Told>(second, new Ledger.Tell());
        var watch = Node.Probe();
        watch.Watch(second);
        await Ledger.Ask<Ledger.Entered>(first, new Ledger.Enter("first"));

        second.Tell(new Ledger.Enter("second"));

        failures.ExpectMsg<Ledger.Failed>();
        watch.ExpectTerminated(second);
        await Ledger.Ask<Ledger.Entered>(first, new Ledger.Enter("again"));
        var told = await Ledger.Ask<Ledger.Told>(Node.Ledger("a"), new Ledger.Tell());
        Assert.Equal(["first", "again"], told.Entries);
        Assert.Equal([1, 2], Numbers("a"));
    }

    [StoreFact]
    public async Task A_stop_under_load_keeps_every_write_that_was_acknowledged_and_halves_none()
    {
        var acknowledged = new System.Collections.Concurrent.ConcurrentBag<string>();
        for (var i = 0; i < 50; i++)
        {
            Node.System.ActorOf(Props.Create(() => new Pairs($"id{i}", acknowledged)));
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

    [StoreFact]
    public async Task A_database_locked_for_too_long_fails_the_write_and_works_again_when_it_is_free()
    {
        await Node.Stop();
        Node = await Start(options => options.RetryWindow = TimeSpan.FromMilliseconds(300));
        var failures = Node.Probe();
        var ledger = Node.Ledger("a", failures);
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1"));
        using (database.HoldLock())
        {
            ledger.Tell(new Ledger.Enter("e2", "e3"));
            failures.ExpectMsg<Ledger.Failed>();
        }

        var again = Node.Ledger("a");
        var entered = await Ledger.Ask<Ledger.Entered>(again, new Ledger.Enter("e2"));

        Assert.Equal(2, entered.SequenceNr);
        Assert.Equal([1, 2], Numbers("a"));
    }
}

[OnPostgres]
public sealed class PostgresJournalContractTests(PostgresTestDatabase database) : JournalContract(database), IClassFixture<PostgresTestDatabase>;

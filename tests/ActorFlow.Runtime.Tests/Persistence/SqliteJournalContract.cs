using System.Collections.Concurrent;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tests.Persistence.Databases;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>
/// What the two journals of the embedded database have in common: its rows; and what a disk that is full or broken does to a write: it
/// fails, is not lost without a word and not stored in part; and once the disk is well, the journal goes on where it stood.
/// </summary>
public abstract class SqliteJournalContract(JournalKind kind, SqliteTestDatabase database) : JournalContract(database)
{
    [Fact]
    public async Task What_it_writes_the_other_journal_reads_and_goes_on_with()
    {
        var ledger = Node.Ledger("a");
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1", new Tagged("e2", ["red", "blue"])));
        await Ledger.Ask<SaveSnapshotSuccess>(ledger, new Ledger.TakeSnapshot());
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e3"));
        await Node.Stop();
        var other = kind == JournalKind.Stock ? JournalKind.ActorFlow : JournalKind.Stock;

        Node = await Start(options => options.Journal = other);
        ledger = Node.Ledger("a");
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e4", new Tagged("e5", ["blue"])));
        await Node.Stop();
        Node = await Start();

        var told = await Ledger.Ask<Ledger.Told>(Node.Ledger("a"), new Ledger.Tell());
        Assert.Equal(["e1", "e2", "e3", "e4", "e5"], told.Entries);
        Assert.Equal(2, told.SnapshotAt);
        Assert.Equal(
            ["1 0 \"e1\" '' 1 32", "2 0 \"e2\" '' 1 32", "3 0 \"e3\" '' 1 32", "4 0 \"e4\" '' 1 32", "5 0 \"e5\" '' 1 32"],
            database.Rows("SELECT sequence_number || ' ' || deleted || ' ' || CAST(message AS TEXT) || ' ' || quote(manifest) || ' ' || identifier"
                + " || ' ' || length(writer_uuid) FROM journal ORDER BY ordering"));
        Assert.Equal(
            ["2 2 blue a", "2 2 red a", "5 5 blue a"],
            database.Rows("SELECT ordering_id || ' ' || sequence_nr || ' ' || tag || ' ' || persistence_id FROM tags ORDER BY 1"));
    }

    [Fact]
    public async Task A_full_disk_fails_the_writes_as_a_whole_and_the_journal_goes_on_once_there_is_room()
    {
        await Ledger.Ask<Ledger.Entered>(Node.Ledger("a"), new Ledger.Enter("e1"));
        database.Disk.LimitTo((int)database.Number("PRAGMA page_count") + 2);
        await ImpatientNode();
        var (failures, ends) = (Node.Probe(), Node.Probe());
        var small = Node.Ledger("a", failures);
        Assert.Equal(2, (await Ledger.Ask<Ledger.Entered>(small, new Ledger.Enter("e2"))).SequenceNr);
        ends.Watch(small);

        small.Tell(new Ledger.Enter("e3", new string('x', 100_000), "e5"));

        const int full = 13;
        Assert.Equal(full, ErrorCodeOf(failures.ExpectMsg<Ledger.Failed>().Cause));
        ends.ExpectTerminated(small);
        Assert.Equal([1, 2], Numbers("a"));
        database.Disk.LimitTo(0);
        await GoesOnWith("a", ["e1", "e2"], "e3 again", new string('x', 100_000));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_disk_that_breaks_in_the_midst_of_a_write_has_none_of_it_and_the_journal_goes_on_once_it_is_well(int rows)
    {
        await ImpatientNode();
        var failures = Node.Probe();
        var ledger = Node.Ledger("a", failures);
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1", "e2"));
        database.Disk.BreakAfter(rows);

        ledger.Tell(new Ledger.Enter("e3", "e4", "e5"));

        const int inputOutput = 10;
        Assert.Equal(inputOutput, ErrorCodeOf(failures.ExpectMsg<Ledger.Failed>().Cause));
        Assert.True(database.Disk.IsBroken);
        Assert.Equal([1, 2], Numbers("a"));
        Assert.Equal(2, Replay("a", 1, long.MaxValue, long.MaxValue).Highest);

        // It goes on failing, for others as well.
        Node.Ledger("b", failures).Tell(new Ledger.Enter("b1"));
        failures.ExpectMsg<Ledger.Failed>();
        database.Disk.IsBroken = false;
        await GoesOnWith("a", ["e1", "e2"], "e3 again", "e4 again");
        await GoesOnWith("b", [], "b1 again");
    }

    [Fact]
    public async Task A_disk_that_breaks_under_load_loses_nothing_that_was_acknowledged_and_halves_nothing()
    {
        await ImpatientNode();
        var acknowledged = new ConcurrentBag<string>();
        var ends = Node.Probe();
        var ids = Enumerable.Range(0, 50).Select(i => $"id{i}").ToArray();
        foreach (var id in ids)
        {
            ends.Watch(Node.System.ActorOf(Props.Create(() => new Pairs(id, acknowledged))));
        }

        await Until.True(() => acknowledged.Count > 300);
        database.Disk.BreakAfter(101);
        foreach (var _ in ids)
        {
            ends.ExpectMsg<Terminated>();
        }

        database.Disk.IsBroken = false;
        var stored = ids.ToDictionary(id => id, id => Replay(id, 1, long.MaxValue, long.MaxValue));
        foreach (var (id, (events, highest)) in stored)
        {
            Assert.Equal(Enumerable.Range(1, events.Count).Select(n => $"{id}/{n}"), events.Select(e => (string)e.Payload));
            Assert.Equal((0, events.Count), (events.Count % 2, highest));
        }

        Assert.Equal(acknowledged.Order(), stored.Values.SelectMany(found => found.Events).Select(e => (string)e.Payload).Order());
        await GoesOnWith("id0", [.. stored["id0"].Events.Select(e => (string)e.Payload)], "again");
    }

    /// <summary>A node whose writes are not retried for long.</summary>
    private async Task ImpatientNode()
    {
        await Node.Stop();
        Node = await Start(options => options.RetryWindow = TimeSpan.FromMilliseconds(300));
    }

    /// <summary>The next incarnation finds what was written, and its writes follow; the one after that finds both.</summary>
    private async Task GoesOnWith(string id, string[] before, params string[] more)
    {
        string[] all = [.. before, .. more];
        var ledger = Node.Ledger(id);
        var found = await Ledger.Ask<Ledger.Told>(ledger, new Ledger.Tell());
        Assert.Equal(before, found.Entries);
        Assert.Equal(before.Length, found.SequenceNr);

        var entered = await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter([.. more]));

        Assert.Equal(all.Length, entered.SequenceNr);
        Assert.Equal(Enumerable.Range(1, all.Length).Select(n => (long)n), Numbers(id));
        await Restart();
        Assert.Equal(all, (await Ledger.Ask<Ledger.Told>(Node.Ledger(id), new Ledger.Tell())).Entries);
    }

    private static int? ErrorCodeOf(Exception? failure)
    {
        while (failure is not null and not SqliteException)
        {
            failure = failure.InnerException;
        }

        return (failure as SqliteException)?.SqliteErrorCode;
    }
}

public sealed class ActorFlowJournalContractTests() : SqliteJournalContract(JournalKind.ActorFlow, new SqliteTestDatabase());

public sealed class StockJournalContractTests() : SqliteJournalContract(JournalKind.Stock, new SqliteTestDatabase(JournalKind.Stock));

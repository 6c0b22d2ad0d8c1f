using System.Collections.Concurrent;
using Akka.Actor;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>
/// What a disk that is full or broken does to a write: it fails, is not lost without a word and not stored in part; and once the disk
/// is well, the journal goes on where it stood.
/// </summary>
public abstract partial class JournalContract
{
    [Fact]
    public async Task A_full_disk_fails_the_writes_as_a_whole_and_the_journal_goes_on_once_there_is_room()
    {
        await Ledger.Ask<Ledger.Entered>(_node.Ledger("a"), new Ledger.Enter("e1"));
        _disk.LimitTo((int)Number("PRAGMA page_count") + 2);
        await ImpatientNode();
        var (failures, ends) = (_node.Probe(), _node.Probe());
        var small = _node.Ledger("a", failures);
        Assert.Equal(2, (await Ledger.Ask<Ledger.Entered>(small, new Ledger.Enter("e2"))).SequenceNr);
        ends.Watch(small);

        small.Tell(new Ledger.Enter("e3", new string('x', 100_000), "e5"));

        const int full = 13;
        Assert.Equal(full, ErrorCodeOf(failures.ExpectMsg<Ledger.Failed>().Cause));
        ends.ExpectTerminated(small);
        Assert.Equal([1, 2], Numbers("a"));
        _disk.LimitTo(0);
        await GoesOnWith("a", ["e1", "e2"], "e3 again", new string('x', 100_000));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_disk_that_breaks_in_the_midst_of_a_write_has_none_of_it_and_the_journal_goes_on_once_it_is_well(int rows)
    {
        await ImpatientNode();
        var failures = _node.Probe();
        var ledger = _node.Ledger("a", failures);
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1", "e2"));
        _disk.BreakAfter(rows);

        ledger.Tell(new Ledger.Enter("e3", "e4", "e5"));

        const int inputOutput = 10;
        Assert.Equal(inputOutput, ErrorCodeOf(failures.ExpectMsg<Ledger.Failed>().Cause));
        Assert.True(_disk.IsBroken);
        Assert.Equal([1, 2], Numbers("a"));
        Assert.Equal(2, Replay("a", 1, long.MaxValue, long.MaxValue).Highest);

        // It goes on failing, for others as well.
        _node.Ledger("b", failures).Tell(new Ledger.Enter("b1"));
        failures.ExpectMsg<Ledger.Failed>();
        _disk.IsBroken = false;
        await GoesOnWith("a", ["e1", "e2"], "e3 again", "e4 again");
        await GoesOnWith("b", [], "b1 again");
    }

    [Fact]
    public async Task A_disk_that_breaks_under_load_loses_nothing_that_was_acknowledged_and_halves_nothing()
    {
        await ImpatientNode();
        var acknowledged = new ConcurrentBag<string>();
        var ends = _node.Probe();
        var ids = Enumerable.Range(0, 50).Select(i => $"id{i}").ToArray();
        foreach (var id in ids)
        {
            ends.Watch(_node.System.ActorOf(Props.Create(() => new Pairs(id, acknowledged))));
        }

        await Until.True(() => acknowledged.Count > 300);
        _disk.BreakAfter(101);
        foreach (var _ in ids)
        {
            ends.ExpectMsg<Terminated>();
        }

        _disk.IsBroken = false;
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
        await _node.Stop();
        _node = await Start(options => options.RetryWindow = TimeSpan.FromMilliseconds(300));
    }

    /// <summary>The next incarnation finds what was written, and its writes follow; the one after that finds both.</summary>
    private async Task GoesOnWith(string id, string[] before, params string[] more)
    {
        string[] all = [.. before, .. more];
        var ledger = _node.Ledger(id);
        var found = await Ledger.Ask<Ledger.Told>(ledger, new Ledger.Tell());
        Assert.Equal(before, found.Entries);
        Assert.Equal(before.Length, found.SequenceNr);

        var entered = await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter([.. more]));

        Assert.Equal(all.Length, entered.SequenceNr);
        Assert.Equal(Enumerable.Range(1, all.Length).Select(n => (long)n), Numbers(id));
        await Restart();
        Assert.Equal(all, (await Ledger.Ask<Ledger.Told>(_node.Ledger(id), new Ledger.Tell())).Entries);
    }

    private static int? ErrorCodeOf(Exception? failure)
    {
        while (failure is not null and not SqliteException)
        {
            failure = failure.InnerException;
        }

        return (failure as SqliteException)?.SqliteErrorCode;
    }

    private long Number(string sql) => long.Parse(Assert.Single(Rows(sql)));
}

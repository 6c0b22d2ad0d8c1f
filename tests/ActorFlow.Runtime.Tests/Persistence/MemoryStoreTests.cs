using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Memory;
using Akka.Actor;
using Akka.Persistence;

namespace ActorFlow.Runtime.Tests.Persistence;

public sealed class MemoryStoreTests
{
    [Fact]
    public async Task What_one_system_wrote_the_next_on_the_same_store_finds()
    {
        await using var store = MemoryPersistence.Open();
        await using (var first = await PersistentNode.Start(store))
        {
            var ledger = first.Ledger("a");
            await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1", "e2"));
            await Ledger.Ask<SaveSnapshotSuccess>(ledger, new Ledger.TakeSnapshot());
            await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e3"));
        }
        await using var second = await PersistentNode.Start(store);

        var told = await Ledger.Ask<Ledger.Told>(second.Ledger("a"), new Ledger.Tell());

        Assert.Equal(["e1", "e2", "e3"], told.Entries);
        Assert.Equal(2, told.SnapshotAt);
    }

    [Fact]
    public async Task Two_stores_share_nothing()
    {
        await using var one = await PersistentNode.Start(MemoryPersistence.Open());
        await using var other = await PersistentNode.Start(MemoryPersistence.Open());
        await Ledger.Ask<Ledger.Entered>(one.Ledger("a"), new Ledger.Enter("e1"));

        Assert.Empty((await Ledger.Ask<Ledger.Told>(other.Ledger("a"), new Ledger.Tell())).Entries);
    }

    [Fact]
    public async Task Of_two_incarnations_the_second_to_write_stops_and_nothing_is_lost_or_doubled()
    {
        await using var node = await PersistentNode.Start(MemoryPersistence.Open());
        var failures = node.Probe();
        var first = node.Ledger("a");
        var second = node.Ledger("a", failures);
        await Ledger.Ask<Ledger.Told>(first, new Ledger.Tell());
        await Ledger.Ask<Ledger.Told>(second, new Ledger.Tell());
        var watch = node.Probe();
        watch.Watch(second);
        await Ledger.Ask<Ledger.Entered>(first, new Ledger.Enter("first"));

        second.Tell(new Ledger.Enter("second", "third"));

        Assert.IsType<FencedWriteException>(failures.ExpectMsg<Ledger.Failed>().Cause);
        watch.ExpectTerminated(second);
        await Ledger.Ask<Ledger.Entered>(first, new Ledger.Enter("again"));
        var told = await Ledger.Ask<Ledger.Told>(node.Ledger("a"), new Ledger.Tell());
        Assert.Equal(["first", "again"], told.Entries);
        Assert.Equal(2, told.SequenceNr);
    }

    [Fact]
    public async Task Deleted_events_are_not_replayed_and_their_numbers_not_used_again()
    {
        await using var node = await PersistentNode.Start(MemoryPersistence.Open());
        var ledger = node.Ledger("a");
        await Ledger.Ask<Ledger.Entered>(ledger, new Ledger.Enter("e1", "e2", "e3"));
        await Ledger.Ask<DeleteMessagesSuccess>(ledger, new Ledger.Forget(2));
        Assert.Equal(["e3"], (await Ledger.Ask<Ledger.Told>(node.Ledger("a"), new Ledger.Tell())).Entries);

        await Ledger.Ask<DeleteMessagesSuccess>(ledger, new Ledger.Forget(3));
        var next = node.Ledger("a");
        Assert.Equal(3, (await Ledger.Ask<Ledger.Told>(next, new Ledger.Tell())).SequenceNr);
        await Ledger.Ask<Ledger.Entered>(next, new Ledger.Enter("e4"));

        Assert.Equal(["e4"], (await Ledger.Ask<Ledger.Told>(node.Ledger("a"), new Ledger.Tell())).Entries);
    }

    [Fact]
    public async Task A_replay_gives_what_lies_between_its_bounds_and_no_more_than_asked()
    {
        await using var node = await PersistentNode.Start(MemoryPersistence.Open());
        await Ledger.Ask<Ledger.Entered>(node.Ledger("a"), new Ledger.Enter([.. Enumerable.Range(1, 10).Select(object (i) => $"e{i}")]));
        var reader = node.Probe();

        node.Journal.Tell(new ReplayMessages(3, 6, 2, "a", reader));

        Assert.Equal([3, 4], new[] { reader.ExpectMsg<ReplayedMessage>(), reader.ExpectMsg<ReplayedMessage>() }.Select(one => one.Persistent.SequenceNr));
        Assert.Equal(10, reader.ExpectMsg<RecoverySuccess>().HighestSequenceNr);
    }

    [Fact]
    public async Task Definitions_are_kept_by_hash_and_never_changed()
    {
        await using var store = MemoryPersistence.Open();
        var definition = new StoredDefinition("h", "one", 1, new byte[] { 1 }, DateTimeOffset.UnixEpoch);

        await store.Definitions.PutAsync(definition);
        await store.Definitions.PutAsync(definition with { Name = "two" });

        Assert.Equal("one", (await store.Definitions.GetAsync("h"))?.Name);
        Assert.Null(await store.Definitions.GetAsync("other"));
    }
}

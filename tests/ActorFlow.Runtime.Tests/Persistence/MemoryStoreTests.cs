using ActorFlow.Runtime.Persistence;
using Akka.Persistence;

namespace ActorFlow.Runtime.Tests.Persistence;

public sealed class MemoryStoreTests
{
    [Fact]
    public async Task What_one_system_wrote_the_next_on_the_same_store_finds()
    {
        await using var store = PersistenceStore.Open(new PersistenceOptions { Journal = JournalKind.Memory });
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
        await using var one = await PersistentNode.Start(PersistenceStore.Open(new PersistenceOptions { Journal = JournalKind.Memory }));
        await using var other = await PersistentNode.Start(PersistenceStore.Open(new PersistenceOptions { Journal = JournalKind.Memory }));
        await Ledger.Ask<Ledger.Entered>(one.Ledger("a"), new Ledger.Enter("e1"));

        Assert.Empty((await Ledger.Ask<Ledger.Told>(other.Ledger("a"), new Ledger.Tell())).Entries);
    }

    [Fact]
    public async Task Definitions_are_kept_by_hash_and_never_changed()
    {
        await using var store = PersistenceStore.Open(new PersistenceOptions { Journal = JournalKind.Memory });
        var definition = new StoredDefinition("h", "one", 1, new byte[] { 1 }, DateTimeOffset.UnixEpoch);

        await store.Definitions.PutAsync(definition);
        await store.Definitions.PutAsync(definition with { Name = "two" });

        Assert.Equal("one", (await store.Definitions.GetAsync("h"))?.Name);
        Assert.Null(await store.Definitions.GetAsync("other"));
    }
}

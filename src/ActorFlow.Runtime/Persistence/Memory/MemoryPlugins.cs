using Akka.Persistence.Journal;
using Akka.Persistence.Snapshot;

namespace ActorFlow.Runtime.Persistence.Memory;

/// <summary>Akka's in-memory journal with its events in the <see cref="MemoryStore"/>, so that they outlive the ActorSystem.</summary>
internal sealed class MemoryStoreJournal : MemoryJournal
{
    private readonly MemoryStore _store = PersistenceStoreSetup.Of<MemoryStore>(Context.System);

    protected override JournalStorage Storage =>
        (JournalStorage)_store.Storages.GetOrAdd(typeof(JournalStorage), _ => new JournalStorage());
}

/// <summary>Akka's in-memory snapshots, kept in the <see cref="MemoryStore"/>.</summary>
internal sealed class MemoryStoreSnapshots : MemorySnapshotStore
{
    private readonly MemoryStore _store = PersistenceStoreSetup.Of<MemoryStore>(Context.System);

    protected override SnapshotStorage Storage =>
        (SnapshotStorage)_store.Storages.GetOrAdd(typeof(SnapshotStorage), _ => new SnapshotStorage());
}

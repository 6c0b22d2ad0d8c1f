using Akka.Event;
using Akka.Persistence;
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

/// <summary>
/// Snapshots in the <see cref="MemoryStore"/>, in the bytes that a database would hold: what a node in memory reads back has been
/// through its stored form.
/// </summary>
internal sealed class MemoryStoreSnapshots : SnapshotStore
{
    private readonly MemorySnapshotRows _rows = PersistenceStoreSetup.Of<MemoryStore>(Context.System).Snapshots;
    private readonly Akka.Serialization.Serialization _serialization = Context.System.Serialization;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    protected override Task<SelectedSnapshot?> LoadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) =>
        Task.FromResult(StoredCheckpoint.Newest<MemorySnapshot>(
            _log,
            persistenceId,
            criteria.MaxSequenceNr,
            upTo => _rows.Newest(persistenceId, criteria, upTo) is { } row ? (row.Sequence, row) : null,
            row => new SelectedSnapshot(
                new SnapshotMetadata(persistenceId, row.Sequence, row.Created),
                _serialization.Deserialize(row.Bytes, row.Serializer, row.Manifest))));

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken)
    {
        var serializer = _serialization.FindSerializerFor(snapshot);
        _rows.Put(metadata.PersistenceId, new(
            metadata.SequenceNr,
            metadata.Timestamp,
            serializer.ToBinary(snapshot),
            serializer.Identifier,
            Akka.Serialization.Serialization.ManifestFor(serializer, snapshot)));
        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken)
    {
        // A metadata without a time means this sequence number, of whatever time.
        var latest = metadata.Timestamp > DateTime.MinValue ? metadata.Timestamp : DateTime.MaxValue;
        return DeleteAsync(
            metadata.PersistenceId,
            new SnapshotSelectionCriteria(metadata.SequenceNr, latest, metadata.SequenceNr, minTimestamp: null),
            cancellationToken);
    }

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        _rows.Delete(persistenceId, criteria);
        return Task.CompletedTask;
    }
}

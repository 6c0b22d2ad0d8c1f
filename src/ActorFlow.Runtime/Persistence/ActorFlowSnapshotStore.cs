using ActorFlow.Runtime.Wire;
using Akka.Configuration;
using Akka.Event;
using Akka.Persistence;
using Akka.Persistence.Snapshot;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Config;
using Akka.Persistence.Sql.Snapshot;

namespace ActorFlow.Runtime.Persistence;

/// <summary>
/// Snapshots in the table of Akka.Persistence.Sql and in its bytes, written through the store's writers and read by
/// prepared statements; one that cannot be read is passed over for the one before. Not a subclass of its store, whose constructor alone sets up linq2db and streams.
/// </summary>
internal sealed class ActorFlowSnapshotStore : SnapshotStore
{
    private readonly ISnapshotStorage _storage;
    private readonly ByteArrayLongSnapshotSerializer _serializer;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <summary>Made by Akka.Persistence from the plugin's settings.</summary>
    /// <param name="config">The settings of the plugin.</param>
    public ActorFlowSnapshotStore(Config config)
    {
        _storage = PersistenceStoreSetup.Of<ITableStore>(Context.System).Snapshots;
        _serializer = new ByteArrayLongSnapshotSerializer(
            Context.System.Serialization, new SnapshotConfig(config.WithFallback(SqlPersistence.DefaultSnapshotConfiguration)));
    }

    /// <inheritdoc/>
    protected override Task<SelectedSnapshot?> LoadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) =>
        _storage.ReadAsync(persistenceId, criteria, newest => StoredCheckpoint.Newest<LongSnapshotRow>(
            _log,
            persistenceId,
            criteria.MaxSequenceNr,
            upTo => newest(upTo) is { } row ? (row.SequenceNumber, row) : null,
            row => _serializer.Deserialize(row).Get())).WaitAsync(cancellationToken);

    /// <inheritdoc/>
    protected override async Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken)
    {
        var (row, payloads) = Serialize(metadata, snapshot);
        await _storage.SaveAsync(row, payloads, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken)
    {
        // A metadata without a time means this sequence number, of whatever time.
        var latest = metadata.Timestamp > DateTime.MinValue ? metadata.Timestamp : DateTime.MaxValue;
        return DeleteAsync(
            metadata.PersistenceId,
            new SnapshotSelectionCriteria(metadata.SequenceNr, latest, metadata.SequenceNr, minTimestamp: null),
            cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) =>
        _storage.DeleteAsync(persistenceId, criteria, cancellationToken);

    private (LongSnapshotRow Row, IReadOnlyCollection<KeyValuePair<string, byte[]>> Payloads) Serialize(SnapshotMetadata metadata, object snapshot)
    {
        using var payloads = PayloadCollector.Open();
        return (_serializer.Serialize(metadata, snapshot).Get(), payloads.Collected);
    }
}

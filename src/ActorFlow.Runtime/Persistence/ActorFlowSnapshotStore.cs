using ActorFlow.Runtime.Persistence.Sqlite;
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
/// Snapshots in the table of Akka.Persistence.Sql and in its bytes, written through the store's one writer and read by
/// prepared statements; one that cannot be read is passed over for the one before. Not a subclass of its store, whose constructor alone sets up linq2db and streams.
/// </summary>
public sealed class ActorFlowSnapshotStore : SnapshotStore
{
    private const string Upsert =
        """
        INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (persistence_id, sequence_number) DO UPDATE SET
          created = excluded.created, snapshot = excluded.snapshot, manifest = excluded.manifest, serializer_id = excluded.serializer_id
        """;

    private const string InRange =
        """
        persistence_id = $1 AND sequence_number BETWEEN $2 AND $3 AND created BETWEEN $4 AND $5
        """;

    private const string Select =
        $"SELECT sequence_number, created, snapshot, manifest, serializer_id FROM snapshot WHERE {InRange} ORDER BY sequence_number DESC LIMIT 1";

    private const string Delete = $"DELETE FROM snapshot WHERE {InRange}";

    private readonly SqliteStore _store;
    private readonly ByteArrayLongSnapshotSerializer _serializer;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <summary>Made by Akka.Persistence from the plugin's settings.</summary>
    /// <param name="config">The settings of the plugin.</param>
    public ActorFlowSnapshotStore(Config config)
    {
        _store = PersistenceStoreSetup.Of<SqliteStore>(Context.System);
        _serializer = new ByteArrayLongSnapshotSerializer(
            Context.System.Serialization, new SnapshotConfig(config.WithFallback(SqlPersistence.DefaultSnapshotConfiguration)));
    }

    /// <inheritdoc/>
    protected override Task<SelectedSnapshot?> LoadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) =>
        _store.Readers.ReadAsync(statements =>
        {
            using var payloads = SqlitePayloads.Resolve(statements, persistenceId);
            return StoredCheckpoint.Newest<LongSnapshotRow>(
                _log,
                persistenceId,
                criteria.MaxSequenceNr,
                upTo => Latest(statements, persistenceId, criteria, upTo) is { } row ? (row.SequenceNumber, row) : null,
                row =>
                {
                    payloads.SequenceNumber = row.SequenceNumber;
                    return _serializer.Deserialize(row).Get();
                });
        }).WaitAsync(cancellationToken);

    /// <inheritdoc/>
    protected override async Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken)
    {
        var (row, payloads) = Serialize(metadata, snapshot);
        await _store.Writes.WriteAsync(
            statements =>
            {
                SqlitePayloads.Store(statements, row.PersistenceId, payloads);
                statements.Execute(
                    Upsert, row.PersistenceId, row.SequenceNumber, row.Created, row.Payload, row.Manifest, row.SerializerId);
            },
            rows: 1 + payloads.Count,
            cancellationToken,
            dispensable: true).ConfigureAwait(false);
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
        _store.Writes.WriteAsync(
            statements => statements.Execute(
                Delete, persistenceId, criteria.MinSequenceNr, criteria.MaxSequenceNr, From(criteria), criteria.MaxTimeStamp.Ticks),
            rows: 1,
            cancellationToken);

    private (LongSnapshotRow Row, IReadOnlyCollection<KeyValuePair<string, byte[]>> Payloads) Serialize(SnapshotMetadata metadata, object snapshot)
    {
        using var payloads = PayloadCollector.Open();
        return (_serializer.Serialize(metadata, snapshot).Get(), payloads.Collected);
    }

    private static LongSnapshotRow? Latest(
        SqliteStatements statements, string persistenceId, SnapshotSelectionCriteria criteria, long upTo)
    {
        using var row = statements.Query(
            Select, persistenceId, criteria.MinSequenceNr, upTo, From(criteria), criteria.MaxTimeStamp.Ticks);
        return row.Read()
            ? new LongSnapshotRow
            {
                PersistenceId = persistenceId,
                SequenceNumber = row.GetInt64(0),
                Created = row.GetInt64(1),
                Payload = row.IsDBNull(2) ? [] : row.GetFieldValue<byte[]>(2),
                Manifest = row.IsDBNull(3) ? "" : row.GetString(3),
                SerializerId = row.IsDBNull(4) ? null : row.GetInt32(4),
            }
            : null;
    }

    private static long From(SnapshotSelectionCriteria criteria) => criteria.MinTimestamp?.Ticks ?? 0;
}

using ActorFlow.Runtime.Persistence.Sql;
using Akka.Persistence.Sql.Snapshot;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>Snapshots in SQLite. One is dispensable: the events say the same.</summary>
internal sealed class SqliteSnapshotStorage(SqlAccess database, SqliteWriteQueue writes) : SqlSnapshotStorage(database)
{
    private const string Upsert =
        """
        INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (persistence_id, sequence_number) DO UPDATE SET
          created = excluded.created, snapshot = excluded.snapshot, manifest = excluded.manifest, serializer_id = excluded.serializer_id
        """;

    public override Task SaveAsync(LongSnapshotRow row, IReadOnlyCollection<KeyValuePair<string, byte[]>> payloads, CancellationToken withdraw) =>
        writes.WriteAsync(
            statements =>
            {
                SqlitePayloads.Store(statements, row.PersistenceId, payloads);
                statements.Execute(
                    Upsert, row.PersistenceId, row.SequenceNumber, row.Created, row.Payload, row.Manifest, row.SerializerId);
            },
            rows: 1 + payloads.Count,
            withdraw,
            dispensable: true);
}

using ActorFlow.Runtime.Persistence;
using Akka.Persistence;
using Akka.Persistence.Sql.Snapshot;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>Snapshots as rows of table <c>snapshot</c>.</summary>
internal sealed class SqliteSnapshotStorage(SqliteWriteQueue writes, SqliteReaders readers) : ISnapshotStorage
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

    public Task<SelectedSnapshot?> ReadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, Func<Func<long, LongSnapshotRow?>, SelectedSnapshot?> read) =>
        readers.ReadAsync(statements =>
        {
            using var payloads = SqlitePayloads.Resolve(statements, persistenceId);
            return read(upTo =>
            {
                var row = Newest(statements, persistenceId, criteria, upTo);
                payloads.SequenceNumber = row?.SequenceNumber ?? 0;
                return row;
            });
        });

    public Task SaveAsync(LongSnapshotRow row, IReadOnlyCollection<KeyValuePair<string, byte[]>> payloads, CancellationToken withdraw) =>
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

    public Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken withdraw) =>
        writes.WriteAsync(
            statements => statements.Execute(
                Delete, persistenceId, criteria.MinSequenceNr, criteria.MaxSequenceNr, From(criteria), criteria.MaxTimeStamp.Ticks),
            rows: 1,
            withdraw);

    private static LongSnapshotRow? Newest(
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

using ActorFlow.Runtime.Persistence;
using Akka.Persistence;
using Akka.Persistence.Sql.Snapshot;

namespace ActorFlow.Persistence.Postgres;

/// <summary>Snapshots as rows of table <c>snapshot</c>.</summary>
internal sealed class PostgresSnapshotStorage(PostgresWrites writes, PostgresReaders readers) : ISnapshotStorage
{
    private const string InRange = "persistence_id = $1 AND sequence_number BETWEEN $2 AND $3 AND created BETWEEN $4 AND $5";

    private const string Select =
        $"SELECT sequence_number, created, snapshot, manifest, serializer_id FROM snapshot WHERE {InRange} ORDER BY sequence_number DESC LIMIT 1";

    private const string Delete = $"DELETE FROM snapshot WHERE {InRange}";

    public Task<SelectedSnapshot?> ReadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, Func<Func<long, LongSnapshotRow?>, SelectedSnapshot?> read) =>
        readers.ReadAsync(session =>
        {
            using var payloads = PostgresPayloads.Resolve(session, persistenceId);
            return read(upTo =>
            {
                var row = Newest(session, persistenceId, criteria, upTo);
                payloads.SequenceNumber = row?.SequenceNumber ?? 0;
                return row;
            });
        });

    public Task SaveAsync(LongSnapshotRow row, IReadOnlyCollection<KeyValuePair<string, byte[]>> payloads, CancellationToken withdraw) =>
        writes.WriteAsync(row.PersistenceId, new Save(row, payloads), withdraw);

    public Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken withdraw) => writes.WriteAsync(
        persistenceId,
        withdraw,
        new PostgresStatement(
            Delete, persistenceId, criteria.MinSequenceNr, criteria.MaxSequenceNr, From(criteria), criteria.MaxTimeStamp.Ticks));

    private static LongSnapshotRow? Newest(PostgresSession session, string persistenceId, SnapshotSelectionCriteria criteria, long upTo)
    {
        using var row = session.Query(Select, persistenceId, criteria.MinSequenceNr, upTo, From(criteria), criteria.MaxTimeStamp.Ticks);
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

    /// <summary>A snapshot is dispensable: the events say the same.</summary>
    private sealed class Save(LongSnapshotRow row, IReadOnlyCollection<KeyValuePair<string, byte[]>> payloads) : IPostgresWrite
    {
        private const int BytesPerRow = 16 * 1024;

        public int Rows { get; } = 1 + payloads.Count + ((row.Payload.Length + payloads.Sum(payload => payload.Value.Length)) / BytesPerRow);

        public bool IsDispensable => true;

        public void AddTo(PostgresBatch batch)
        {
            if (payloads.Count > 0)
            {
                batch.Rows<PayloadRows>().Add(row.PersistenceId, payloads);
            }

            batch.Rows<SnapshotRows>().Add(row);
        }
    }
}

/// <summary>Snapshots to insert, of any actors.</summary>
internal sealed class SnapshotRows : IRowCollection
{
    private const string Upsert =
        """
        INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, manifest, serializer_id)
        SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bytea[], $5::text[], $6::integer[])
        ON CONFLICT (persistence_id, sequence_number) DO UPDATE SET
          created = excluded.created, snapshot = excluded.snapshot, manifest = excluded.manifest, serializer_id = excluded.serializer_id
        """;

    private readonly Dictionary<(string, long), LongSnapshotRow> _rows = [];

    public void AddTo(List<PostgresStatement> statements)
    {
        var rows = _rows.Values.ToList();
        statements.Add(new(
            Upsert,
            rows.ConvertAll(row => row.PersistenceId).ToArray(),
            rows.ConvertAll(row => row.SequenceNumber).ToArray(),
            rows.ConvertAll(row => row.Created).ToArray(),
            rows.ConvertAll(row => row.Payload).ToArray(),
            rows.ConvertAll(row => row.Manifest).ToArray(),
            rows.ConvertAll(row => row.SerializerId).ToArray()));
    }

    public void Add(LongSnapshotRow row) => _rows[(row.PersistenceId, row.SequenceNumber)] = row;
}

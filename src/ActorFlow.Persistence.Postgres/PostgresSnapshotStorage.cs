using ActorFlow.Runtime.Persistence.Sql;
using Akka.Persistence.Sql.Snapshot;

namespace ActorFlow.Persistence.Postgres;

/// <summary>Snapshots in PostgreSQL.</summary>
internal sealed class PostgresSnapshotStorage(SqlAccess database, PostgresWrites writes) : SqlSnapshotStorage(database)
{
    public override Task SaveAsync(LongSnapshotRow row, IReadOnlyCollection<KeyValuePair<string, byte[]>> payloads, CancellationToken withdraw) =>
        writes.WriteAsync(row.PersistenceId, new Save(row, payloads), withdraw);

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

    public void AddTo(List<SqlStatement> statements)
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

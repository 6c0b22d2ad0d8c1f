using System.Data.Common;
using Akka.Persistence;
using Akka.Persistence.Sql.Snapshot;

namespace ActorFlow.Runtime.Persistence.Sql;

/// <summary>Snapshots as rows of table <c>snapshot</c>; how they are stored is each database's own.</summary>
internal abstract class SqlSnapshotStorage(SqlAccess database) : ISnapshotStorage
{
    private const string InRange = "persistence_id = $1 AND sequence_number BETWEEN $2 AND $3 AND created BETWEEN $4 AND $5";

    private const string Select =
        $"SELECT sequence_number, created, snapshot, manifest, serializer_id FROM snapshot WHERE {InRange} ORDER BY sequence_number DESC LIMIT 1";

    private const string Delete = $"DELETE FROM snapshot WHERE {InRange}";

    public Task<SelectedSnapshot?> ReadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, Func<Func<long, LongSnapshotRow?>, SelectedSnapshot?> read) =>
        database.Readers.ReadAsync(session =>
        {
            using var payloads = SqlPayloads.Resolve(session, persistenceId);
            return read(upTo =>
            {
                var row = Newest(session, persistenceId, criteria, upTo);
                payloads.SequenceNumber = row?.SequenceNumber ?? 0;
                return row;
            });
        });

    public abstract Task SaveAsync(LongSnapshotRow row, IReadOnlyCollection<KeyValuePair<string, byte[]>> payloads, CancellationToken withdraw);

    public Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken withdraw) => database.Writes.WriteAsync(
        persistenceId,
        rows: 1,
        withdraw,
        new SqlStatement(
            Delete, persistenceId, criteria.MinSequenceNr, criteria.MaxSequenceNr, From(criteria), criteria.MaxTimeStamp.Ticks));

    private static LongSnapshotRow? Newest(ISqlSession session, string persistenceId, SnapshotSelectionCriteria criteria, long upTo)
    {
        using var row = session.Query(Select, persistenceId, criteria.MinSequenceNr, upTo, From(criteria), criteria.MaxTimeStamp.Ticks);
        return row.Read() ? Row(persistenceId, row) : null;
    }

    private static LongSnapshotRow Row(string persistenceId, DbDataReader row) => new()
    {
        PersistenceId = persistenceId,
        SequenceNumber = row.GetInt64(0),
        Created = row.GetInt64(1),
        Payload = row.IsDBNull(2) ? [] : row.GetFieldValue<byte[]>(2),
        Manifest = row.IsDBNull(3) ? "" : row.GetString(3),
        SerializerId = row.IsDBNull(4) ? null : row.GetInt32(4),
    };

    private static long From(SnapshotSelectionCriteria criteria) => criteria.MinTimestamp?.Ticks ?? 0;
}

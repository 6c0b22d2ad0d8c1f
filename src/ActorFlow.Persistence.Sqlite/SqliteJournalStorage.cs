using ActorFlow.Runtime.Persistence;
using Akka.Persistence.Sql.Journal.Types;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>The journal's rows in SQLite; table and columns are those of Akka.Persistence.Sql.</summary>
internal sealed class SqliteJournalStorage(SqliteWriteQueue writes, SqliteReaders readers) : IJournalStorage
{
    private const string Highest = "SELECT MAX(sequence_number) FROM journal WHERE persistence_id = $1";

    private const string HighestPurged = "SELECT sequence FROM tombstone WHERE key = $1";

    private const string Events =
        """
        SELECT sequence_number, created, message, manifest, identifier, writer_uuid, ordering FROM journal
        WHERE persistence_id = $1 AND sequence_number BETWEEN $2 AND $3 AND deleted = 0 ORDER BY sequence_number LIMIT $4
        """;

    private const string MarkDeleted =
        "UPDATE journal SET deleted = 1 WHERE persistence_id = $1 AND sequence_number <= $2 AND deleted = 0";

    private const string RemoveDeleted =
        """
        DELETE FROM journal WHERE persistence_id = $1 AND sequence_number <= $2 AND sequence_number <
          (SELECT MAX(sequence_number) FROM journal WHERE persistence_id = $1 AND deleted = 1)
        """;

    private const string RemoveTags = "DELETE FROM tags WHERE persistence_id = $1 AND sequence_nr <= $2";

    private readonly WritesInFlight _inFlight = new();

    public void Write(
        string persistenceId,
        IReadOnlyList<JournalRow> rows,
        IReadOnlyCollection<KeyValuePair<string, byte[]>> payloads,
        IWriteCompletion end,
        CancellationToken withdraw) =>
        writes.Write(new JournalWrite(persistenceId, rows, payloads), _inFlight.Note(persistenceId, end), withdraw);

    public async Task<long> HighestSequenceNrAsync(string persistenceId)
    {
        await _inFlight.EndAsync(persistenceId).ConfigureAwait(false);
        return await readers.ReadAsync(statements =>
            statements.Scalar(Highest, persistenceId) as long?
            ?? statements.Scalar(HighestPurged, TombstoneKey.OfJournal(persistenceId).ToBytes()) as long? ?? 0).ConfigureAwait(false);
    }

    public Task ReplayAsync(string persistenceId, long from, long to, long max, Action<JournalRow> replay) =>
        readers.ReadAsync(statements =>
        {
            using var payloads = SqlitePayloads.Resolve(statements, persistenceId);
            using var row = statements.Query(Events, persistenceId, from, to, max);
            while (row.Read())
            {
                payloads.SequenceNumber = row.GetInt64(0);
                replay(Row(persistenceId, row));
            }
            return true;
        });

    public Task DeleteToAsync(string persistenceId, long to, CancellationToken withdraw) => writes.WriteAsync(
        statements =>
        {
            statements.Execute(MarkDeleted, persistenceId, to);
            statements.Execute(RemoveDeleted, persistenceId, to);
            statements.Execute(RemoveTags, persistenceId, to);
        },
        SqliteWriteQueue.BatchRows,
        withdraw);

    private static JournalRow Row(string persistenceId, SqliteDataReader row) => new()
    {
        PersistenceId = persistenceId,
        SequenceNumber = row.GetInt64(0),
        Timestamp = row.GetInt64(1),
        Message = row.GetFieldValue<byte[]>(2),
        Manifest = row.IsDBNull(3) ? "" : row.GetString(3),
        Identifier = row.IsDBNull(4) ? null : row.GetInt32(4),
        WriterUuid = row.IsDBNull(5) ? null : row.GetString(5),
        Ordering = row.GetInt64(6),
    };
}

using ActorFlow.Runtime.Persistence;
using Akka.Persistence.Sql.Journal.Types;
using Npgsql;

namespace ActorFlow.Persistence.Postgres;

/// <summary>The journal's rows in PostgreSQL; table and columns are those of Akka.Persistence.Sql.</summary>
internal sealed class PostgresJournalStorage(PostgresWrites writes, PostgresReaders readers) : IJournalStorage
{
    /// <summary>How many rows are read before they are handed on: on one connection nothing can be looked up in between.</summary>
    private const int Chunk = 200;

    private const string Highest =
        """
        SELECT coalesce(
          (SELECT max(sequence_number) FROM journal WHERE persistence_id = $1), (SELECT sequence FROM tombstone WHERE key = $2))
        """;

    private const string Events =
        """
        SELECT sequence_number, created, message, manifest, identifier, writer_uuid, ordering FROM journal
        WHERE persistence_id = $1 AND sequence_number BETWEEN $2 AND $3 AND NOT deleted ORDER BY sequence_number LIMIT $4
        """;

    private const string RemoveAllButLast =
        """
        DELETE FROM journal WHERE persistence_id = $1 AND sequence_number <
          (SELECT max(sequence_number) FROM journal WHERE persistence_id = $1 AND sequence_number <= $2)
        """;

    private const string MarkLast =
        "UPDATE journal SET deleted = true WHERE persistence_id = $1 AND sequence_number <= $2 AND NOT deleted";

    private const string RemoveTags = "DELETE FROM tags WHERE persistence_id = $1 AND sequence_nr <= $2";

    private readonly WritesInFlight _inFlight = new();

    public void Write(
        string persistenceId,
        IReadOnlyList<JournalRow> rows,
        IReadOnlyCollection<KeyValuePair<string, byte[]>> payloads,
        IWriteCompletion end,
        CancellationToken withdraw) => writes.Write(
            persistenceId, new PostgresJournalWrite(persistenceId, rows, payloads), _inFlight.Note(persistenceId, end), withdraw);

    public async Task<long> HighestSequenceNrAsync(string persistenceId)
    {
        await _inFlight.EndAsync(persistenceId).ConfigureAwait(false);
        return await readers.ReadAsync(session => session.Scalar(Highest, persistenceId, TombstoneKey.OfJournal(persistenceId)) as long? ?? 0).ConfigureAwait(false);
    }

    public async Task ReplayAsync(string persistenceId, long from, long to, long max, Action<JournalRow> replay)
    {
        // What was handed on stays so when a reading is tried again.
        var (next, left, ended) = (from, max, false);
        while (left > 0 && !ended)
        {
            ended = await readers.ReadAsync(session =>
            {
                var asked = Math.Min(left, Chunk);
                var rows = Read(session, persistenceId, next, to, asked);
                using var payloads = PostgresPayloads.Resolve(session, persistenceId);
                foreach (var row in rows)
                {
                    payloads.SequenceNumber = row.SequenceNumber;
                    replay(row);
                    (next, left) = (row.SequenceNumber + 1, left - 1);
                }

                return rows.Count < asked;
            }).ConfigureAwait(false);
        }
    }

    public Task DeleteToAsync(string persistenceId, long to, CancellationToken withdraw) => writes.WriteAsync(
        persistenceId,
        withdraw,
        new PostgresStatement(RemoveAllButLast, persistenceId, to),
        new PostgresStatement(MarkLast, persistenceId, to),
        new PostgresStatement(RemoveTags, persistenceId, to));

    private static List<JournalRow> Read(PostgresSession session, string persistenceId, long from, long to, long limit)
    {
        var rows = new List<JournalRow>();
        using var row = session.Query(Events, persistenceId, from, to, limit);
        while (row.Read())
        {
            rows.Add(Row(persistenceId, row));
        }

        return rows;
    }

    private static JournalRow Row(string persistenceId, NpgsqlDataReader row) => new()
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

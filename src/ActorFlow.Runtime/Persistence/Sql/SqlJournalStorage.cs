using System.Data.Common;
using ActorFlow.Runtime.Persistence.Writing;
using Akka.Persistence.Sql.Journal.Types;

namespace ActorFlow.Runtime.Persistence.Sql;

/// <summary>
/// The journal's rows; table and columns are those of Akka.Persistence.Sql. How rows are written, and whether payloads can be looked up
/// while rows are read, is each database's own.
/// </summary>
internal abstract class SqlJournalStorage(SqlAccess database) : IJournalStorage
{
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
        CancellationToken withdraw) => Queue(persistenceId, rows, payloads, _inFlight.Note(persistenceId, end), withdraw);

    public async Task<long> HighestSequenceNrAsync(string persistenceId)
    {
        await _inFlight.EndAsync(persistenceId).ConfigureAwait(false);
        return await database.Readers.ReadAsync(session =>
            session.Scalar(Highest, persistenceId, database.Dialect.Key(TombstoneKey.OfJournal(persistenceId))) as long? ?? 0).ConfigureAwait(false);
    }

    public abstract Task ReplayAsync(string persistenceId, long from, long to, long max, Action<JournalRow> replay);

    public Task DeleteToAsync(string persistenceId, long to, CancellationToken withdraw) => database.Writes.WriteAsync(
        persistenceId,
        // Of any number: nothing is to wait behind it in its transaction.
        GroupCommitQueue<SqlStatement>.BatchRows,
        withdraw,
        new SqlStatement(RemoveAllButLast, persistenceId, to),
        new SqlStatement(MarkLast, persistenceId, to),
        new SqlStatement(RemoveTags, persistenceId, to));

    /// <summary>Queues what <see cref="Write"/> was asked for.</summary>
    protected abstract void Queue(
        string persistenceId,
        IReadOnlyList<JournalRow> rows,
        IReadOnlyCollection<KeyValuePair<string, byte[]>> payloads,
        IWriteCompletion end,
        CancellationToken withdraw);

    /// <summary>The rows that are not deleted, in order, both ends included; each is given to <see cref="Row"/>.</summary>
    protected static DbDataReader Query(ISqlSession session, string persistenceId, long from, long to, long max) =>
        session.Query(Events, persistenceId, from, to, max);

    /// <summary>The row that a query stands at.</summary>
    protected static JournalRow Row(string persistenceId, DbDataReader row) => new()
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

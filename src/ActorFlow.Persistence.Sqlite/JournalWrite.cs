using ActorFlow.Runtime.Persistence;
using Akka.Persistence.Sql.Journal.Types;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>
/// The rows of one call to the journal. A call is of one actor and holds whole atomic writes; it is stored as a unit,
/// because an actor whose earlier write failed stops, and its later ones must not stay behind as a gap.
/// </summary>
internal sealed class JournalWrite(
    string persistenceId, IReadOnlyList<JournalRow> rows, IReadOnlyCollection<KeyValuePair<string, byte[]>> payloads) : ISqliteWrite
{
    private const string InsertEvent =
        """
        INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
        VALUES ($1, 0, $2, $3, $4, $5, $6, $7)
        """;

    private const string InsertTag =
        "INSERT INTO tags (ordering_id, tag, sequence_nr, persistence_id) VALUES ($1, $2, $3, $4)";

    private const string SelectEvent =
        "SELECT message, manifest, identifier, writer_uuid FROM journal WHERE persistence_id = $1 AND sequence_number = $2";

    public int Rows => rows.Count + payloads.Count;

    public void Apply(SqliteStatements statements)
    {
        SqlitePayloads.Store(statements, persistenceId, payloads);
        foreach (var row in rows)
        {
            statements.Execute(
                InsertEvent, row.Timestamp, persistenceId, row.SequenceNumber, row.Message, row.Manifest, row.Identifier, row.WriterUuid);
            if (row.TagArray.Length > 0)
            {
                InsertTags(row, statements);
            }
        }
    }

    public Exception? ExplainConflict(SqliteStatements statements, Exception conflict)
    {
        var foreign = rows.FirstOrDefault(row => !IsStored(row, statements));
        return foreign is null ? null : StoredEvent.Fence(foreign, conflict);
    }

    private static void InsertTags(JournalRow row, SqliteStatements statements)
    {
        var ordering = statements.Scalar("SELECT last_insert_rowid()");
        foreach (var tag in row.TagArray)
        {
            statements.Execute(InsertTag, ordering, tag, row.SequenceNumber, row.PersistenceId);
        }
    }

    private bool IsStored(JournalRow row, SqliteStatements statements)
    {
        using var stored = statements.Query(SelectEvent, persistenceId, row.SequenceNumber);
        return stored.Read() && StoredEvent.Is(row, stored);
    }
}

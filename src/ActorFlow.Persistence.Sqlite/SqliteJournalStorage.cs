using ActorFlow.Runtime.Persistence.Sql;
using ActorFlow.Runtime.Persistence.Writing;
using Akka.Persistence.Sql.Journal.Types;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>The journal's rows in SQLite. A connection has several statements open at once: payloads are looked up while rows are read.</summary>
internal sealed class SqliteJournalStorage(SqlAccess database, SqliteWriteQueue writes) : SqlJournalStorage(database)
{
    private readonly ISqlReaders _readers = database.Readers;

    public override Task ReplayAsync(string persistenceId, long from, long to, long max, Action<JournalRow> replay) =>
        _readers.ReadAsync(session =>
        {
            using var payloads = SqlPayloads.Resolve(session, persistenceId);
            using var row = Query(session, persistenceId, from, to, max);
            while (row.Read())
            {
                payloads.SequenceNumber = row.GetInt64(0);
                replay(Row(persistenceId, row));
            }
            return true;
        });

    protected override void Queue(
        string persistenceId,
        IReadOnlyList<JournalRow> rows,
        IReadOnlyCollection<KeyValuePair<string, byte[]>> payloads,
        IWriteCompletion end,
        CancellationToken withdraw) => writes.Write(new JournalWrite(persistenceId, rows, payloads), end, withdraw);
}

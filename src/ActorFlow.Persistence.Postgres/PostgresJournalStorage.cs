using ActorFlow.Runtime.Persistence.Sql;
using ActorFlow.Runtime.Persistence.Writing;
using Akka.Persistence.Sql.Journal.Types;

namespace ActorFlow.Persistence.Postgres;

/// <summary>The journal's rows in PostgreSQL.</summary>
internal sealed class PostgresJournalStorage(SqlAccess database, PostgresWrites writes) : SqlJournalStorage(database)
{
    /// <summary>How many rows are read before they are handed on: on one connection nothing can be looked up in between.</summary>
    private const int Chunk = 200;

    private readonly ISqlReaders _readers = database.Readers;

    public override async Task ReplayAsync(string persistenceId, long from, long to, long max, Action<JournalRow> replay)
    {
        // What was handed on stays so when a reading is tried again.
        var (next, left, ended) = (from, max, false);
        while (left > 0 && !ended)
        {
            ended = await _readers.ReadAsync(session =>
            {
                var asked = Math.Min(left, Chunk);
                var rows = Read(session, persistenceId, next, to, asked);
                using var payloads = SqlPayloads.Resolve(session, persistenceId);
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

    protected override void Queue(
        string persistenceId,
        IReadOnlyList<JournalRow> rows,
        IReadOnlyCollection<KeyValuePair<string, byte[]>> payloads,
        IWriteCompletion end,
        CancellationToken withdraw) =>
        writes.Write(persistenceId, new PostgresJournalWrite(persistenceId, rows, payloads), end, withdraw);

    private static List<JournalRow> Read(ISqlSession session, string persistenceId, long from, long to, long limit)
    {
        var rows = new List<JournalRow>();
        using var row = Query(session, persistenceId, from, to, limit);
        while (row.Read())
        {
            rows.Add(Row(persistenceId, row));
        }

        return rows;
    }
}

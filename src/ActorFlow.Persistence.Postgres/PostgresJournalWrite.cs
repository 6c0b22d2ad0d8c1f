using ActorFlow.Runtime.Persistence;
using Akka.Persistence.Sql.Journal.Types;

namespace ActorFlow.Persistence.Postgres;

/// <summary>
/// The rows of one call to the journal. A call is of one actor and holds whole atomic writes; it is stored as a unit,
/// because an actor whose earlier write failed stops, and its later ones must not stay behind as a gap.
/// </summary>
internal sealed class PostgresJournalWrite(
    string persistenceId, IReadOnlyList<JournalRow> rows, IReadOnlyCollection<KeyValuePair<string, byte[]>> payloads) : IPostgresWrite
{
    /// <summary>So many bytes count as a row more, so that a batch has a few MB.</summary>
    private const int BytesPerRow = 16 * 1024;

    private const string Select =
        """
        SELECT message, manifest, identifier, writer_uuid, sequence_number FROM journal
        WHERE persistence_id = $1 AND sequence_number = ANY ($2)
        """;

    public int Rows { get; } = rows.Count + payloads.Count
        + (rows.Sum(row => row.Message.Length) + payloads.Sum(payload => payload.Value.Length)) / BytesPerRow;

    public void AddTo(PostgresBatch batch)
    {
        if (payloads.Count > 0)
        {
            batch.Rows<PayloadRows>().Add(persistenceId, payloads);
        }

        batch.Rows<JournalRows>().Add(rows);
    }

    public bool IsStored(PostgresSession session) => FirstForeign(session) is null;

    public Exception? ExplainConflict(PostgresSession session, Exception conflict) =>
        FirstForeign(session) is { } foreign ? StoredEvent.Fence(foreign, conflict) : null;

    /// <summary>The first row that is not there, or is somebody else's.</summary>
    private JournalRow? FirstForeign(PostgresSession session)
    {
        var left = rows.ToDictionary(row => row.SequenceNumber);
        using var stored = session.Query(Select, persistenceId, left.Keys.ToArray());
        while (stored.Read())
        {
            if (left.TryGetValue(stored.GetInt64(4), out var row) && StoredEvent.Is(row, stored))
            {
                left.Remove(row.SequenceNumber);
            }
        }

        return left.Values.MinBy(row => row.SequenceNumber);
    }
}

using ActorFlow.Runtime.Persistence.Sql;

namespace ActorFlow.Persistence.Postgres;

/// <summary>Payloads over 64 KB, each once per run, however many rows refer to it.</summary>
internal sealed class PayloadRows : IRowCollection
{
    private const string Insert =
        """
        INSERT INTO payload (persistence_id, hash, bytes)
        SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[]) ON CONFLICT (persistence_id, hash) DO NOTHING
        """;

    private const string Stored =
        """
        SELECT p.persistence_id, p.hash FROM unnest($1::text[], $2::text[]) AS r (persistence_id, hash)
        JOIN payload p ON p.persistence_id = r.persistence_id AND p.hash = r.hash
        """;

    private readonly Dictionary<(string PersistenceId, string Hash), byte[]> _rows = [];

    public void AddTo(List<SqlStatement> statements)
    {
        if (_rows.Count > 0)
        {
            statements.Add(new(
                Insert, _rows.Keys.Select(key => key.PersistenceId).ToArray(), _rows.Keys.Select(key => key.Hash).ToArray(), _rows.Values.ToArray()));
        }
    }

    public void Add(string persistenceId, IEnumerable<KeyValuePair<string, byte[]>> payloads)
    {
        foreach (var (hash, bytes) in payloads)
        {
            _rows.TryAdd((persistenceId, hash), bytes);
        }
    }

    /// <summary>Asks first: results are passed on from task to task, and bytes that are there already need not be sent again.</summary>
    public void Prepare(PostgresSession session)
    {
        using var stored = session.Query(
            Stored, _rows.Keys.Select(key => key.PersistenceId).ToArray(), _rows.Keys.Select(key => key.Hash).ToArray());
        while (stored.Read())
        {
            _rows.Remove((stored.GetString(0), stored.GetString(1)));
        }
    }
}

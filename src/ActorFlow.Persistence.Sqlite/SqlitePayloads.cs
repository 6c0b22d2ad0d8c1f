namespace ActorFlow.Persistence.Sqlite;

/// <summary>Stores payloads over 64 KB as rows of table <c>payload</c>: each once per run, however many rows refer to it.</summary>
internal static class SqlitePayloads
{
    private const string Insert = "INSERT INTO payload (persistence_id, hash, bytes) VALUES ($1, $2, $3)";

    private const string Exists = "SELECT 1 FROM payload WHERE persistence_id = $1 AND hash = $2";

    /// <summary>Stores what rows written in the same transaction refer to.</summary>
    public static void Store(
        SqliteStatements statements, string persistenceId, IReadOnlyCollection<KeyValuePair<string, byte[]>> payloads)
    {
        foreach (var (hash, bytes) in payloads)
        {
            // Asked first, because an insertion that comes to nothing still copies the bytes.
            if (statements.Scalar(Exists, persistenceId, hash) is null)
            {
                statements.Execute(Insert, persistenceId, hash, bytes);
            }
        }
    }
}

using ActorFlow.Runtime.Wire;

namespace ActorFlow.Runtime.Persistence.Postgres;

/// <summary>Payloads over 64 KB as rows of table <c>payload</c>: each once per run, however many rows refer to it.</summary>
internal static class PostgresPayloads
{
    private const string Select = "SELECT bytes FROM payload WHERE persistence_id = $1 AND hash = $2";

    private const string DeleteSome =
        """
        DELETE FROM payload WHERE persistence_id = $1 AND hash IN (SELECT hash FROM payload WHERE persistence_id = $1 LIMIT $2)
        RETURNING hash
        """;

    private const int Chunk = 64;

    /// <summary>Resolves references while rows of that id are read on the calling thread.</summary>
    public static PayloadResolver Resolve(PostgresSession session, string persistenceId) =>
        PayloadResolver.Open(persistenceId, hash => session.Scalar(Select, persistenceId, hash) as byte[]);

    /// <summary>Deletes all payloads of an id, some per transaction.</summary>
    public static async Task DeleteAsync(PostgresWrites writes, string persistenceId, CancellationToken cancellationToken)
    {
        var deleted = 0;
        do
        {
            deleted = 0;
            var some = new PostgresStatement(DeleteSome, persistenceId, Chunk) { Read = _ => deleted++ };
            await writes.WriteAsync(persistenceId, cancellationToken, some).ConfigureAwait(false);
        }
        while (deleted >= Chunk);
    }
}

using ActorFlow.Runtime.Wire;

namespace ActorFlow.Runtime.Persistence.Sql;

/// <summary>Payloads over 64 KB as rows of table <c>payload</c>: each once per run, however many rows refer to it.</summary>
internal static class SqlPayloads
{
    private const string Select = "SELECT bytes FROM payload WHERE persistence_id = $1 AND hash = $2";

    /// <summary>Resolves references while rows of that id are read on the calling thread.</summary>
    public static PayloadResolver Resolve(ISqlSession session, string persistenceId) =>
        PayloadResolver.Open(persistenceId, hash => session.Scalar(Select, persistenceId, hash) as byte[]);
}

using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Wire;

namespace ActorFlow.Runtime.Persistence.Sql;

/// <summary>The checkpoints in table <c>snapshot</c>.</summary>
internal sealed class SqlCheckpointCatalog(SqlAccess database) : ICheckpointCatalog
{
    private const string List =
        """
        SELECT sequence_number, created, length(snapshot) FROM snapshot
        WHERE persistence_id = $1 AND sequence_number < $2 AND manifest = $3 ORDER BY sequence_number DESC LIMIT $4
        """;

    private const string Load =
        "SELECT snapshot FROM snapshot WHERE persistence_id = $1 AND sequence_number = $2 AND manifest = $3";

    public Task<IReadOnlyList<KeptCheckpoint>> ListAsync(
        string persistenceId, long before = long.MaxValue, int limit = ICheckpointCatalog.MostListed, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, ICheckpointCatalog.MostListed);
        return database.Readers.ReadAsync<IReadOnlyList<KeptCheckpoint>>(session =>
        {
            var kept = new List<KeptCheckpoint>();
            using var row = session.Query(List, persistenceId, before, Manifests.WorkflowCheckpoint, limit);
            while (row.Read())
            {
                kept.Add(new(row.GetInt64(0), new(row.GetInt64(1), TimeSpan.Zero), row.GetInt64(2)));
            }
            return kept;
        }).WaitAsync(cancellationToken);
    }

    public Task<WorkflowCheckpoint?> LoadAsync(string persistenceId, long sequence, CancellationToken cancellationToken = default) =>
        database.Readers.ReadAsync(session =>
        {
            if (session.Scalar(Load, persistenceId, sequence, Manifests.WorkflowCheckpoint) is not byte[] bytes)
            {
                return null;
            }
            using var payloads = SqlPayloads.Resolve(session, persistenceId);
            payloads.SequenceNumber = sequence;
            return StoredCheckpoint.Read(persistenceId, sequence, bytes);
        }).WaitAsync(cancellationToken);
}

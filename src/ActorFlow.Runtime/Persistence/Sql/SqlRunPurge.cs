using System.Collections.Immutable;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Workflows;

namespace ActorFlow.Runtime.Persistence.Sql;

/// <summary>The purge. What is due is found by a reader; how it is looked at again and deleted is each database's own.</summary>
internal abstract class SqlRunPurge(SqlAccess database) : IRunPurge
{
    // Partial indexes decide which of the two a statement is planned with, so they are two.
    private const string Begun =
        $"""
        SELECT w.id, w.run_id, w.sequence, CAST({PurgeSql.Units} AS bigint) FROM workflow_index w
        WHERE w.purged IS NOT NULL AND (w.next_poll_at <= $1 OR w.next_poll_at > $1 + {PurgeSql.LongestClaim}) AND {PurgeSql.IsLast} LIMIT $2
        """;

    private const string Due =
        $"""
        SELECT w.id, w.run_id, w.sequence, CAST({PurgeSql.Units} AS bigint) FROM workflow_index w
        WHERE w.closed IS NOT NULL AND w.purged IS NULL AND w.closed < $3
          AND (w.next_poll_at <= $1 OR w.next_poll_at > $1 + {PurgeSql.LongestClaim}) AND {PurgeSql.OwesNothing} AND {PurgeSql.IsLast}
        ORDER BY w.closed LIMIT $2
        """;

    private const string One =
        $"""
        SELECT w.id, w.run_id, w.sequence, CAST({PurgeSql.Units} AS bigint) FROM workflow_index w
        WHERE w.id = $2 AND (coalesce(w.purged, 0) > 0 OR (w.closed IS NOT NULL AND {PurgeSql.OwesNothing}))
          AND (w.next_poll_at <= $1 OR w.next_poll_at > $1 + {PurgeSql.LongestClaim}) AND {PurgeSql.IsLast}
        """;

    public Task<DueRun?> FindOneAsync(string workflowId, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.Readers.ReadAsync(session =>
        {
            var found = ImmutableArray.CreateBuilder<DueRun>(1);
            Read(session, One, found, now.UtcTicks, workflowId);
            return found.Count == 0 ? null : found[0];
        }).WaitAsync(cancellationToken);

    public Task<ImmutableArray<DueRun>> FindAsync(
        DateTimeOffset closedBefore, DateTimeOffset now, int max, CancellationToken cancellationToken = default) =>
        database.Readers.ReadAsync(session =>
        {
            var found = ImmutableArray.CreateBuilder<DueRun>();
            Read(session, Begun, found, now.UtcTicks, max);
            if (found.Count < max)
            {
                Read(session, Due, found, now.UtcTicks, max - found.Count, closedBefore.UtcTicks);
            }

            return found.ToImmutable();
        }).WaitAsync(cancellationToken);

    public abstract Task<PurgeStep> PurgeAsync(IReadOnlyList<DueRun> runs, DateTimeOffset now, CancellationToken cancellationToken = default);

    public async Task<PurgeStep> ShrinkAsync(DueRun run, int units, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        var (isHidden, took) = await HideAsync(run, now, cancellationToken).ConfigureAwait(false);
        var id = PersistenceIds.Of(run.WorkflowId);
        var part = isHidden
            ? await database.Readers.ReadAsync(session => PurgePart.Next(units, table => Sizes(session, table, id, units))).ConfigureAwait(false)
            : null;
        if (part is null)
        {
            return new(0, took);
        }

        var next = await DeleteAsync(new SqlStatement(part.Delete, id, part.Key), cancellationToken).ConfigureAwait(false);
        return new(0, next > took ? next : took);
    }

    /// <summary>Hides a run from lists, if it is as it was found; tells whether it is, and how long the transaction took.</summary>
    protected abstract Task<(bool IsHidden, TimeSpan Took)> HideAsync(DueRun run, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Deletes in a transaction of its own; tells how long it took.</summary>
    protected abstract Task<TimeSpan> DeleteAsync(SqlStatement statement, CancellationToken cancellationToken);

    private static void Read(ISqlSession session, string sql, ImmutableArray<DueRun>.Builder found, params ReadOnlySpan<object> values)
    {
        using var row = session.Query(sql, values);
        while (row.Read())
        {
            found.Add(new(row.GetString(0), row.GetGuid(1), row.GetInt64(2), row.GetInt64(3)));
        }
    }

    private static List<(object Key, long Bytes)> Sizes(ISqlSession session, PurgeTable table, string persistenceId, int max)
    {
        var sizes = new List<(object, long)>();
        using var row = session.Query(table.Select, persistenceId, max);
        while (row.Read())
        {
            sizes.Add((row.GetValue(0), row.IsDBNull(1) ? 0 : row.GetInt64(1)));
        }

        return sizes;
    }
}

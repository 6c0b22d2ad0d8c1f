using System.Collections.Immutable;
using System.Text.Json;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Workflows;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>The purge of an embedded database. What is due is found by a reader; its one writer looks again before it deletes.</summary>
internal sealed class SqliteRunPurge(SqliteWriteQueue writes, SqliteReaders readers, TimeProvider time) : IRunPurge
{
    private const string Begun =
        $"""
        SELECT w.id, w.run_id, w.sequence, {PurgeSql.Units} FROM workflow_index w
        WHERE w.purged IS NOT NULL AND (w.next_poll_at <= $1 OR w.next_poll_at > $1 + {PurgeSql.LongestClaim}) AND {PurgeSql.IsLast} LIMIT $2
        """;

    private const string Due =
        $"""
        SELECT w.id, w.run_id, w.sequence, {PurgeSql.Units} FROM workflow_index w
        WHERE w.closed IS NOT NULL AND w.purged IS NULL AND w.closed < $3 AND (w.next_poll_at <= $1 OR w.next_poll_at > $1 + {PurgeSql.LongestClaim})
          AND {PurgeSql.OwesNothing} AND {PurgeSql.IsLast}
        ORDER BY w.closed LIMIT $2
        """;

    // Each is looked up by itself: the planner would rather read the whole index.
    private const string AsFound =
        $"""
        SELECT w.purged FROM workflow_index w
        WHERE w.id = $1 AND w.run_id = $2 AND w.sequence = $3 AND (w.next_poll_at <= $4 OR w.next_poll_at > $4 + {PurgeSql.LongestClaim})
          AND (w.closed IS NOT NULL OR w.purged IS NOT NULL) AND {PurgeSql.IsLast}
        """;

    private const string Entomb = "INSERT OR REPLACE INTO tombstone (key, purged, sequence) VALUES ($1, $2, $3)";

    private const string Hide = "UPDATE workflow_index SET purged = $2, wake_at = NULL, tags = NULL WHERE id = $1 AND purged IS NULL";

    private const string Their = "persistence_id IN (SELECT 'wf-' || value FROM json_each($1))";

    private static readonly string[] Deletes =
    [
        $"DELETE FROM journal WHERE {Their}",
        $"DELETE FROM tags WHERE {Their}",
        $"DELETE FROM snapshot WHERE {Their}",
        $"DELETE FROM payload WHERE {Their}",
        "DELETE FROM workflow_index WHERE id IN (SELECT value FROM json_each($1))",
    ];

    public Task<ImmutableArray<DueRun>> FindAsync(
        DateTimeOffset closedBefore, DateTimeOffset now, int max, CancellationToken cancellationToken = default) =>
        readers.ReadAsync(statements =>
        {
            var found = ImmutableArray.CreateBuilder<DueRun>();
            Read(statements, Begun, found, now.UtcTicks, max);
            if (found.Count < max)
            {
                Read(statements, Due, found, now.UtcTicks, max - found.Count, closedBefore.UtcTicks);
            }

            return found.ToImmutable();
        }).WaitAsync(cancellationToken);

    public async Task<PurgeStep> PurgeAsync(IReadOnlyList<DueRun> runs, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var purged = 0;
        var took = await WriteAsync(statements => purged = Purge(statements, runs, now), cancellationToken).ConfigureAwait(false);
        return new(purged, took);
    }

    public async Task<PurgeStep> ShrinkAsync(DueRun run, int units, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        var hidden = false;
        var took = await WriteAsync(statements => hidden = TryHide(statements, run, now), cancellationToken).ConfigureAwait(false);
        var id = PersistenceIds.Of(run.WorkflowId);
        var part = hidden
            ? await readers.ReadAsync(statements => PurgePart.Next(units, table => Sizes(statements, table, id, units))).ConfigureAwait(false)
            : null;
        if (part is null)
        {
            return new(0, took);
        }

        var next = await WriteAsync(statements => statements.Execute(part.Delete, id, part.Key), cancellationToken).ConfigureAwait(false);
        return new(0, next > took ? next : took);
    }

    private static int Purge(SqliteStatements statements, IReadOnlyList<DueRun> runs, DateTimeOffset now)
    {
        var ids = new List<string>(runs.Count);
        foreach (var run in runs)
        {
            if (TryFind(statements, run, now, out var purged))
            {
                ids.Add(run.WorkflowId);
                RemoveTags(statements, run.WorkflowId);
                statements.Execute(Entomb, TombstoneKey.Of(run.WorkflowId).ToBytes(), purged ?? now.UtcTicks, run.Sequence);
            }
        }

        if (ids.Count > 0)
        {
            var json = JsonSerializer.Serialize(ids);
            foreach (var delete in Deletes)
            {
                statements.Execute(delete, json);
            }
        }

        return ids.Count;
    }

    private static bool TryHide(SqliteStatements statements, DueRun run, DateTimeOffset now)
    {
        if (!TryFind(statements, run, now, out _))
        {
            return false;
        }

        RemoveTags(statements, run.WorkflowId);
        statements.Execute(Hide, run.WorkflowId, now.UtcTicks);
        return true;
    }

    /// <summary>Whether a run is as it was found, and since when it is being purged.</summary>
    private static bool TryFind(SqliteStatements statements, DueRun run, DateTimeOffset now, out long? purged)
    {
        using var row = statements.Query(AsFound, run.WorkflowId, run.RunId.ToString("n"), run.Sequence, now.UtcTicks);
        var isThere = row.Read();
        purged = isThere && !row.IsDBNull(0) ? row.GetInt64(0) : null;
        return isThere;
    }

    private static void RemoveTags(SqliteStatements statements, string workflowId)
    {
        if (statements.Scalar("SELECT 1 FROM workflow_index WHERE id = $1 AND tags IS NOT NULL", workflowId) is not null)
        {
            IndexRows.RemoveTags(statements, IndexRows.Get(statements, workflowId)!);
        }
    }

    private static void Read(
        SqliteStatements statements, string sql, ImmutableArray<DueRun>.Builder found, params ReadOnlySpan<object?> values)
    {
        using var row = statements.Query(sql, values);
        while (row.Read())
        {
            found.Add(new(row.GetString(0), Guid.ParseExact(row.GetString(1), "n"), row.GetInt64(2), row.GetInt64(3)));
        }
    }

    private static List<(object Key, long Bytes)> Sizes(SqliteStatements statements, PurgeTable table, string persistenceId, int max)
    {
        var sizes = new List<(object, long)>();
        using var row = statements.Query(table.Select, persistenceId, max);
        while (row.Read())
        {
            sizes.Add((row.GetValue(0), row.IsDBNull(1) ? 0 : row.GetInt64(1)));
        }

        return sizes;
    }

    private Task<TimeSpan> WriteAsync(Action<SqliteStatements> apply, CancellationToken withdraw)
    {
        var timed = new TimedWrite(time);
        writes.Write(new PurgeWrite(timed, apply), timed, withdraw);
        return timed.EndAsync();
    }

    private sealed class PurgeWrite(TimedWrite timed, Action<SqliteStatements> apply) : ISqliteWrite
    {
        /// <summary>Nothing is to wait behind it in its transaction.</summary>
        public int Rows => SqliteWriteQueue.BatchRows;

        public void Apply(SqliteStatements statements)
        {
            timed.Begin();
            apply(statements);
        }
    }
}

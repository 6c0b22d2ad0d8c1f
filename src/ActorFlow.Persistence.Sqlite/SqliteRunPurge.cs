using System.Text.Json;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Sql;
using ActorFlow.Runtime.Persistence.Writing;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>The purge of an embedded database. Its one writer looks again before it deletes.</summary>
internal sealed class SqliteRunPurge(SqlAccess database, SqliteWriteQueue writes, TimeProvider time) : SqlRunPurge(database)
{
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

    public override async Task<PurgeStep> PurgeAsync(IReadOnlyList<DueRun> runs, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var purged = 0;
        var took = await WriteAsync(statements => purged = Purge(statements, runs, now), cancellationToken).ConfigureAwait(false);
        return new(purged, took);
    }

    protected override async Task<(bool IsHidden, TimeSpan Took)> HideAsync(DueRun run, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hidden = false;
        var took = await WriteAsync(statements => hidden = TryHide(statements, run, now), cancellationToken).ConfigureAwait(false);
        return (hidden, took);
    }

    protected override Task<TimeSpan> DeleteAsync(SqlStatement statement, CancellationToken cancellationToken) =>
        WriteAsync(statements => statements.Execute(statement), cancellationToken);

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
            IndexRows.RemoveTags(statements, IndexColumns.Find(statements, workflowId)!);
        }
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

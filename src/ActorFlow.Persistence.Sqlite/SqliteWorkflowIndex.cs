using System.Collections.Immutable;
using System.Text.Json;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence.Sql;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>The index in SQLite. The store's one writer is the only one to change it, so a row that it has read is still so when it writes.</summary>
internal sealed class SqliteWorkflowIndex(SqlAccess database, SqliteWriteQueue writes, SqliteReaders readers) : SqlWorkflowIndex(database)
{
    private const string Among = "($2 IS NULL OR id IN (SELECT value FROM json_each($2)))";

    private const string Due =
        $"FROM workflow_index WHERE wake_at IS NOT NULL AND wake_at <= $1 AND {IndexSelection.Unclaimed} AND {Among}";

    private const string Owing =
        $"""
        FROM workflow_index w WHERE closed IS NOT NULL AND purged IS NULL AND closed < $2
          AND (next_poll_at <= $1 OR next_poll_at > $1 + {PurgeSql.LongestClaim}) AND owes <> 0 AND NOT {PurgeSql.OwesNothing}
        """;

    private const string Stick =
        """
        UPDATE workflow_index SET status = $2, failure_type = $3, failure_message = $4, updated = $5, search = $6 WHERE id = $1
        """;

    private const string OldTombstones = "SELECT key FROM tombstone WHERE purged < $1 ORDER BY purged LIMIT $2";

    public override Task UpsertAsync(IReadOnlyCollection<WorkflowIndexRow> rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return writes.WriteAsync(
            statements =>
            {
                foreach (var row in rows)
                {
                    var present = IndexColumns.Find(statements, row.WorkflowId);
                    if (present is null ? !IndexRows.IsBuried(statements, row) : row.Supersedes(present))
                    {
                        IndexRows.Put(statements, row, present);
                    }
                }
            },
            rows.Count,
            cancellationToken);
    }

    public override Task<ImmutableArray<ClaimedRun>> ClaimDueAsync(
        DateTimeOffset now, int max, TimeSpan claim, IReadOnlyCollection<string>? among = null, CancellationToken cancellationToken = default) =>
        ClaimAsync(Due, "wake_at", now, among is null ? null : JsonSerializer.Serialize(among), max, claim, cancellationToken);

    public override Task<ImmutableArray<ClaimedRun>> ClaimOwingAsync(
        DateTimeOffset closedBefore, DateTimeOffset now, int max, TimeSpan claim, CancellationToken cancellationToken = default) =>
        ClaimAsync(Owing, "closed", now, closedBefore.UtcTicks, max, claim, cancellationToken);

    public override Task MarkStuckAsync(string workflowId, IndexedFailure failure, DateTimeOffset at, CancellationToken cancellationToken = default) =>
        writes.WriteAsync(
            statements =>
            {
                if (IndexColumns.Find(statements, workflowId) is { Purged: null } present)
                {
                    var stuck = present with { Failure = failure };
                    statements.Execute(
                        Stick, workflowId, WorkflowStatus.Stuck.ToWord(), failure.Type, failure.Message, at.UtcTicks, stuck.SearchText);
                }
            },
            rows: 1,
            cancellationToken);

    public override async Task<int> RemoveTombstonesAsync(DateTimeOffset purgedBefore, int max, CancellationToken cancellationToken = default)
    {
        var any = await readers.ReadAsync(statements => statements.Scalar(OldTombstones, purgedBefore.UtcTicks, 1))
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        var removed = 0;
        if (any is not null)
        {
            await writes.WriteAsync(
                statements => removed = statements.Execute(
                    $"DELETE FROM tombstone WHERE key IN ({OldTombstones})", purgedBefore.UtcTicks, max),
                max,
                cancellationToken).ConfigureAwait(false);
        }

        return removed;
    }

    /// <summary>Looks before it writes: with nothing to claim, a poll disturbs nobody.</summary>
    private async Task<ImmutableArray<ClaimedRun>> ClaimAsync(
        string from, string since, DateTimeOffset now, object? bound, int max, TimeSpan claim, CancellationToken cancellationToken)
    {
        var any = await readers.ReadAsync(statements => statements.Scalar($"SELECT 1 {from} LIMIT 1", now.UtcTicks, bound))
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        if (any is null)
        {
            return [];
        }

        var claimed = new Dictionary<string, ClaimedRun>(StringComparer.Ordinal);
        await writes.WriteAsync(
            statements =>
            {
                // A commit whose answer was lost is done again, and finds nothing: what the first time claimed still counts.
                foreach (var run in Free(statements, from, since, now, bound, max))
                {
                    claimed[run.WorkflowId] = run;
                    statements.Execute("UPDATE workflow_index SET next_poll_at = $2 WHERE id = $1", run.WorkflowId, (now + claim).UtcTicks);
                }
            },
            max,
            cancellationToken).ConfigureAwait(false);
        return [.. claimed.Values];
    }

    private static List<ClaimedRun> Free(SqliteStatements statements, string from, string since, DateTimeOffset now, object? bound, int max)
    {
        var free = new List<ClaimedRun>();
        using var row = statements.Query($"SELECT id, run_id {from} ORDER BY {since} LIMIT $3", now.UtcTicks, bound, max);
        while (row.Read())
        {
            free.Add(new(row.GetString(0), row.GetGuid(1)));
        }

        return free;
    }
}

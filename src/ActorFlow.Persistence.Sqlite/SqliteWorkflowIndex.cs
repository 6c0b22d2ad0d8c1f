using System.Collections.Immutable;
using System.Text.Json;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>The index as table <c>workflow_index</c>, its tags in <c>workflow_tag</c>.</summary>
/// <remarks>The store's one writer is the only one to change it, so a row that it has read is still so when it writes.</remarks>
internal sealed class SqliteWorkflowIndex(SqliteWriteQueue writes, SqliteReaders readers) : IWorkflowIndex
{
    /// <summary>Beyond a thousand, one tag is as good as another.</summary>
    private const string CountTag = "SELECT COUNT(*) FROM (SELECT 1 FROM workflow_tag WHERE key = $1 AND value = $2 LIMIT 1000)";

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

    private const string Settle =
        "UPDATE workflow_index SET owes = 0, next_poll_at = 0 WHERE id = $1 AND run_id = $2 AND closed IS NOT NULL AND purged IS NULL";

    private const string Hold = "UPDATE workflow_index SET next_poll_at = $2 WHERE id = $1 AND purged IS NULL";

    private const string OldTombstones = "SELECT key FROM tombstone WHERE purged < $1 ORDER BY purged LIMIT $2";

    /// <summary>
    /// The planner takes the indexes by start for equals, so it is told which; and tags in the order written, since it knows nothing of
    /// how rare they are.
    /// </summary>
    private static readonly IndexDialect Dialect = new(
        ByStart: "workflow_index w INDEXED BY workflow_index_started",
        ByParent: "workflow_index w INDEXED BY workflow_index_parent",
        ByText: "workflow_index w INDEXED BY workflow_index_text",
        ByTag: "workflow_tag t CROSS JOIN workflow_index w ON w.id = t.id",
        Position: "instr");

    public Task UpsertAsync(IReadOnlyCollection<WorkflowIndexRow> rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return writes.WriteAsync(
            statements =>
            {
                foreach (var row in rows)
                {
                    var present = IndexRows.Get(statements, row.WorkflowId);
                    if (present is null ? !IndexRows.IsBuried(statements, row) : row.Supersedes(present))
                    {
                        IndexRows.Put(statements, row, present);
                    }
                }
            },
            rows.Count,
            cancellationToken);
    }

    public Task<WorkflowIndexRow?> GetAsync(string workflowId, CancellationToken cancellationToken = default) =>
        readers.ReadAsync(statements => IndexRows.Get(statements, workflowId)).WaitAsync(cancellationToken);

    public Task<IndexPage> ListAsync(IndexQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var behind = query.Check();
        return readers.ReadAsync(statements => List(statements, query, behind)).WaitAsync(cancellationToken);
    }

    public Task<IReadOnlyDictionary<WorkflowStatus, long>> CountAsync(IndexQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.Check();
        return readers.ReadAsync(statements => Count(statements, query)).WaitAsync(cancellationToken);
    }

    public Task<ImmutableArray<ClaimedRun>> ClaimDueAsync(
        DateTimeOffset now, int max, TimeSpan claim, IReadOnlyCollection<string>? among = null, CancellationToken cancellationToken = default) =>
        ClaimAsync(Due, "wake_at", now, among is null ? null : JsonSerializer.Serialize(among), max, claim, cancellationToken);

    public Task<ImmutableArray<ClaimedRun>> ClaimOwingAsync(
        DateTimeOffset closedBefore, DateTimeOffset now, int max, TimeSpan claim, CancellationToken cancellationToken = default) =>
        ClaimAsync(Owing, "closed", now, closedBefore.UtcTicks, max, claim, cancellationToken);

    public Task SettleAsync(string workflowId, Guid runId, CancellationToken cancellationToken = default) =>
        writes.WriteAsync(statements => statements.Execute(Settle, workflowId, runId.ToString("n")), rows: 1, cancellationToken);

    public async Task<bool> HoldAsync(string workflowId, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        var held = false;
        await writes.WriteAsync(
            statements => held = statements.Execute(Hold, workflowId, until.UtcTicks) > 0 || PurgedAt(statements, workflowId) is null,
            rows: 1,
            cancellationToken).ConfigureAwait(false);
        return held;
    }

    public Task MarkStuckAsync(string workflowId, IndexedFailure failure, DateTimeOffset at, CancellationToken cancellationToken = default) =>
        writes.WriteAsync(
            statements =>
            {
                if (IndexRows.Get(statements, workflowId) is { Purged: null } present)
                {
                    var stuck = present with { Failure = failure };
                    statements.Execute(
                        Stick, workflowId, WorkflowStatus.Stuck.ToWord(), failure.Type, failure.Message, at.UtcTicks, stuck.SearchText);
                }
            },
            rows: 1,
            cancellationToken);

    public Task<DateTimeOffset?> PurgedAtAsync(string workflowId, CancellationToken cancellationToken = default) =>
        readers.ReadAsync(statements => PurgedAt(statements, workflowId) is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : (DateTimeOffset?)null)
            .WaitAsync(cancellationToken);

    public async Task<int> RemoveTombstonesAsync(DateTimeOffset purgedBefore, int max, CancellationToken cancellationToken = default)
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

    /// <summary>When a run was purged; of one that still is being purged, since when.</summary>
    private static long? PurgedAt(SqliteStatements statements, string workflowId) =>
        IndexRows.PurgedAt(statements, workflowId)
        ?? statements.Scalar("SELECT purged FROM workflow_index WHERE id = $1", workflowId) as long?;

    private static IndexPage List(SqliteStatements statements, IndexQuery query, IndexPlace behind)
    {
        var selection = Select(query, behind, statements);
        var order = selection.Order;
        var sql = $"SELECT {IndexColumns.All} FROM {selection.From} WHERE {selection.Where} "
            + $"ORDER BY {order}.started DESC, {order}.id DESC LIMIT {selection.Add(query.Limit + 1)}";
        var found = new List<WorkflowIndexRow>();
        using var row = statements.Query(sql, selection.Values);
        while (row.Read())
        {
            found.Add(IndexColumns.Read(row));
        }

        return IndexPage.Of(found, query.Limit);
    }

    private static IndexSelection Select(IndexQuery query, IndexPlace behind, SqliteStatements statements) => IndexSelection.Of(
        query, behind, Dialect, tag => (int)(long)statements.Scalar(CountTag, tag.Key, tag.Value)!);

    private static IReadOnlyDictionary<WorkflowStatus, long> Count(SqliteStatements statements, IndexQuery query)
    {
        var selection = Select(query, IndexPlace.Newest, statements);
        var counts = new Dictionary<WorkflowStatus, long>();
        using var row = statements.Query(
            $"SELECT w.status, COUNT(*) FROM {selection.From} WHERE {selection.Where} GROUP BY w.status", selection.Values);
        while (row.Read())
        {
            counts[WorkflowStatuses.FromWord(row.GetString(0))!.Value] = row.GetInt64(1);
        }

        return counts;
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
            free.Add(new(row.GetString(0), Guid.ParseExact(row.GetString(1), "n")));
        }

        return free;
    }
}

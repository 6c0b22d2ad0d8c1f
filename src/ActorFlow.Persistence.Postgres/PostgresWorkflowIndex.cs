using System.Collections.Immutable;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;

namespace ActorFlow.Persistence.Postgres;

/// <summary>The index as table <c>workflow_index</c>, its tags in <c>workflow_tag</c>. Several nodes write it at once.</summary>
internal sealed class PostgresWorkflowIndex(PostgresWrites writes, PostgresReaders readers) : IWorkflowIndex
{
    /// <summary>One writer does what this node asks of the index, in the order asked.</summary>
    private const string Key = "workflow_index";

    private const string SelectOne = $"SELECT {IndexColumns.All} FROM workflow_index w WHERE w.id = $1";

    private const string Due = $"wake_at IS NOT NULL AND wake_at <= $1 AND {IndexSelection.Unclaimed}";

    private const string DueAmong = $"{Due} AND id = ANY ($4)";

    private const string Owing =
        $"""
        closed IS NOT NULL AND purged IS NULL AND closed < $4 AND (next_poll_at <= $1 OR next_poll_at > $1 + {PurgeSql.LongestClaim})
          AND owes <> 0 AND NOT {PurgeSql.OwesNothing}
        """;

    private const string Stick =
        """
        UPDATE workflow_index SET status = $4, failure_type = $5, failure_message = $6, updated = $7, search = $8
        WHERE id = $1 AND run_id = $2 AND sequence = $3 AND coalesce(purged, 0) = 0 RETURNING id
        """;

    private const string Settle =
        """
        UPDATE workflow_index SET owes = 0, next_poll_at = 0
        WHERE id = $1 AND run_id = $2 AND closed IS NOT NULL AND coalesce(purged, 0) = 0
        """;

    private const string Hold = "UPDATE workflow_index SET next_poll_at = $2 WHERE id = $1 AND coalesce(purged, 0) = 0 RETURNING id";

    private const string Purged =
        """
        SELECT coalesce((SELECT purged FROM tombstone WHERE key = $2), (SELECT purged FROM workflow_index WHERE id = $1))
        """;

    private const string RemoveTombstones =
        """
        DELETE FROM tombstone WHERE key IN (
          SELECT key FROM tombstone WHERE purged < $1 ORDER BY purged LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING key
        """;

    /// <summary>Beyond a thousand, one tag is as good as another.</summary>
    private const string CountTag =
        "SELECT count(*) FROM (SELECT 1 FROM workflow_tag WHERE key = workflow_tag_word($1) AND value = workflow_tag_word($2) LIMIT 1000) found";

    private static readonly IndexDialect Dialect = new(
        ByStart: "workflow_index w",
        ByParent: "workflow_index w",
        ByText: "workflow_index w",
        ByTag: "workflow_tag t JOIN workflow_index w ON w.id = t.id",
        Position: "strpos")
    {
        Word = static parameter => $"workflow_tag_word({parameter})",
    };

    public Task UpsertAsync(IReadOnlyCollection<WorkflowIndexRow> rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.Count == 0 ? Task.CompletedTask : writes.WriteAsync(Key, new Upsert(rows), cancellationToken);
    }

    public Task<WorkflowIndexRow?> GetAsync(string workflowId, CancellationToken cancellationToken = default) =>
        readers.ReadAsync(session =>
        {
            using var row = session.Query(SelectOne, workflowId);
            return row.Read() ? IndexColumns.Read(row) : null;
        }).WaitAsync(cancellationToken);

    public Task<IndexPage> ListAsync(IndexQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var behind = query.Check();
        return readers.ReadAsync(session => List(session, query, behind)).WaitAsync(cancellationToken);
    }

    public Task<IReadOnlyDictionary<WorkflowStatus, long>> CountAsync(IndexQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.Check();
        return readers.ReadAsync(session => Count(session, query)).WaitAsync(cancellationToken);
    }

    public Task<ImmutableArray<ClaimedRun>> ClaimDueAsync(
        DateTimeOffset now, int max, TimeSpan claim, IReadOnlyCollection<string>? among = null, CancellationToken cancellationToken = default) =>
        among is null
            ? ClaimAsync("wake_at", Due, cancellationToken, now.UtcTicks, max, (now + claim).UtcTicks)
            : ClaimAsync("wake_at", DueAmong, cancellationToken, now.UtcTicks, max, (now + claim).UtcTicks, among.ToArray());

    public Task<ImmutableArray<ClaimedRun>> ClaimOwingAsync(
        DateTimeOffset closedBefore, DateTimeOffset now, int max, TimeSpan claim, CancellationToken cancellationToken = default) =>
        ClaimAsync("closed", Owing, cancellationToken, now.UtcTicks, max, (now + claim).UtcTicks, closedBefore.UtcTicks);

    public Task SettleAsync(string workflowId, Guid runId, CancellationToken cancellationToken = default) =>
        writes.WriteAsync(Key, cancellationToken, new PostgresStatement(Settle, workflowId, runId));

    public async Task<bool> HoldAsync(string workflowId, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        var held = false;
        var hold = new PostgresStatement(Hold, workflowId, until.UtcTicks) { Read = _ => held = true };
        await writes.WriteAsync(Key, cancellationToken, hold).ConfigureAwait(false);
        return held || await PurgedAtAsync(workflowId, cancellationToken).ConfigureAwait(false) is null;
    }

    public async Task MarkStuckAsync(string workflowId, IndexedFailure failure, DateTimeOffset at, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var marked = false;
        // Between look and mark another node may have written a newer row: then that one is looked at.
        while (!marked && await GetAsync(workflowId, cancellationToken).ConfigureAwait(false) is { Purged: null } present)
        {
            var stick = new PostgresStatement(
                Stick,
                workflowId,
                present.RunId,
                present.Sequence,
                WorkflowStatus.Stuck.ToWord(),
                failure.Type,
                failure.Message,
                at.UtcTicks,
                (present with { Failure = failure }).SearchText)
            {
                Read = _ => marked = true,
            };
            await writes.WriteAsync(Key, cancellationToken, stick).ConfigureAwait(false);
        }
    }

    public Task<DateTimeOffset?> PurgedAtAsync(string workflowId, CancellationToken cancellationToken = default) =>
        readers.ReadAsync(session =>
            session.Scalar(Purged, workflowId, TombstoneKey.Of(workflowId)) is long ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : (DateTimeOffset?)null)
            .WaitAsync(cancellationToken);

    public async Task<int> RemoveTombstonesAsync(DateTimeOffset purgedBefore, int max, CancellationToken cancellationToken = default)
    {
        var removed = new HashSet<Guid>();
        var remove = new PostgresStatement(RemoveTombstones, purgedBefore.UtcTicks, max) { Read = row => removed.Add(row.GetGuid(0)) };
        await writes.WriteAsync(Key, cancellationToken, remove).ConfigureAwait(false);
        return removed.Count;
    }

    private static IndexPage List(PostgresSession session, IndexQuery query, IndexPlace behind)
    {
        var selection = Select(query, behind, session);
        var order = selection.Order;
        var sql = $"SELECT {IndexColumns.All} FROM {selection.From} WHERE {selection.Where} "
            + $"ORDER BY {order}.started DESC, {order}.id DESC LIMIT {selection.Add(query.Limit + 1)}";
        var found = new List<WorkflowIndexRow>();
        using var row = session.Query(sql, selection.Values);
        while (row.Read())
        {
            found.Add(IndexColumns.Read(row));
        }

        return IndexPage.Of(found, query.Limit);
    }

    private static IReadOnlyDictionary<WorkflowStatus, long> Count(PostgresSession session, IndexQuery query)
    {
        var selection = Select(query, IndexPlace.Newest, session);
        var counts = new Dictionary<WorkflowStatus, long>();
        using var row = session.Query(
            $"SELECT w.status, count(*) FROM {selection.From} WHERE {selection.Where} GROUP BY w.status", selection.Values);
        while (row.Read())
        {
            counts[WorkflowStatuses.FromWord(row.GetString(0))!.Value] = row.GetInt64(1);
        }

        return counts;
    }

    private static IndexSelection Select(IndexQuery query, IndexPlace behind, PostgresSession session) => IndexSelection.Of(
        query, behind, Dialect, tag => (int)(long)session.Scalar(CountTag, tag.Key, tag.Value)!);

    /// <summary>
    /// Claims and tells in one statement; rows that another node is claiming are passed over. If its answer is lost, what it claimed
    /// comes again when the claim is over.
    /// </summary>
    private async Task<ImmutableArray<ClaimedRun>> ClaimAsync(
        string since, string where, CancellationToken cancellationToken, params object[] values)
    {
        var sql =
            $"""
            WITH free AS MATERIALIZED (
              SELECT id, {since} AS since FROM workflow_index w WHERE {where} ORDER BY {since} LIMIT $2 FOR UPDATE SKIP LOCKED)
            UPDATE workflow_index w SET next_poll_at = $3 FROM free WHERE w.id = free.id RETURNING w.id, w.run_id, free.since
            """;
        var claimed = new Dictionary<string, (ClaimedRun Run, long Since)>(StringComparer.Ordinal);
        var claim = new PostgresStatement(sql, values)
        {
            Read = row => claimed[row.GetString(0)] = (new(row.GetString(0), row.GetGuid(1)), row.GetInt64(2)),
        };
        await writes.WriteAsync(Key, cancellationToken, claim).ConfigureAwait(false);
        return [.. claimed.Values.OrderBy(run => run.Since).Select(run => run.Run)];
    }

    private sealed class Upsert(IReadOnlyCollection<WorkflowIndexRow> rows) : IPostgresWrite
    {
        public int Rows => rows.Count;

        public void AddTo(PostgresBatch batch) => batch.Rows<PostgresIndexRows>().Add(rows);
    }
}

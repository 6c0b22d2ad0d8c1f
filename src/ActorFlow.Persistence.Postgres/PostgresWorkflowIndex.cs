using System.Collections.Immutable;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence.Sql;

namespace ActorFlow.Persistence.Postgres;

/// <summary>The index in PostgreSQL. Several nodes write it at once.</summary>
internal sealed class PostgresWorkflowIndex(SqlAccess database, PostgresWrites writes) : SqlWorkflowIndex(database)
{
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

    private const string RemoveTombstones =
        """
        DELETE FROM tombstone WHERE key IN (
          SELECT key FROM tombstone WHERE purged < $1 ORDER BY purged LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING key
        """;

    public override Task UpsertAsync(IReadOnlyCollection<WorkflowIndexRow> rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return rows.Count == 0 ? Task.CompletedTask : writes.WriteAsync(Key, new Upsert(rows), cancellationToken);
    }

    public override Task<ImmutableArray<ClaimedRun>> ClaimDueAsync(
        DateTimeOffset now, int max, TimeSpan claim, IReadOnlyCollection<string>? among = null, CancellationToken cancellationToken = default) =>
        among is null
            ? ClaimAsync("wake_at", Due, cancellationToken, now.UtcTicks, max, (now + claim).UtcTicks)
            : ClaimAsync("wake_at", DueAmong, cancellationToken, now.UtcTicks, max, (now + claim).UtcTicks, among.ToArray());

    public override Task<ImmutableArray<ClaimedRun>> ClaimOwingAsync(
        DateTimeOffset closedBefore, DateTimeOffset now, int max, TimeSpan claim, CancellationToken cancellationToken = default) =>
        ClaimAsync("closed", Owing, cancellationToken, now.UtcTicks, max, (now + claim).UtcTicks, closedBefore.UtcTicks);

    public override async Task MarkStuckAsync(string workflowId, IndexedFailure failure, DateTimeOffset at, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var marked = false;
        // Between look and mark another node may have written a newer row: then that one is looked at.
        while (!marked && await GetAsync(workflowId, cancellationToken).ConfigureAwait(false) is { Purged: null } present)
        {
            var stick = new SqlStatement(
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

    public override async Task<int> RemoveTombstonesAsync(DateTimeOffset purgedBefore, int max, CancellationToken cancellationToken = default)
    {
        var removed = new HashSet<Guid>();
        var remove = new SqlStatement(RemoveTombstones, purgedBefore.UtcTicks, max) { Read = row => removed.Add(row.GetGuid(0)) };
        await writes.WriteAsync(Key, cancellationToken, remove).ConfigureAwait(false);
        return removed.Count;
    }

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
        var claim = new SqlStatement(sql, values)
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

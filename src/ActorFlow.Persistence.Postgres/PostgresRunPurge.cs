using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Sql;
using ActorFlow.Runtime.Persistence.Writing;

namespace ActorFlow.Persistence.Postgres;

/// <summary>
/// The purge of a database that several nodes share. One statement looks again, passes over what another node holds, and deletes: two
/// nodes never delete one run twice, nor wait for each other.
/// </summary>
internal sealed class PostgresRunPurge(SqlAccess database, PostgresWrites writes, PostgresReaders readers, TimeProvider time) : SqlRunPurge(database)
{
    /// <summary>One writer purges, whatever the others do meanwhile.</summary>
    private const string Key = "purge";

    private readonly PostgresVacuum _vacuum = new(readers);

    private const string AsFound =
        $"""
        SELECT w.id, 'wf-' || w.id AS pid, w.sequence, w.purged, r.key
        FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::uuid[]) AS r (id, run_id, sequence, key) JOIN workflow_index w ON w.id = r.id
        WHERE w.run_id = r.run_id AND w.sequence = r.sequence AND (w.next_poll_at <= $5 OR w.next_poll_at > $5 + {PurgeSql.LongestClaim})
          AND (w.closed IS NOT NULL OR coalesce(w.purged, 0) > 0) AND {PurgeSql.IsLast}
        FOR UPDATE OF w SKIP LOCKED
        """;

    private const string Purge =
        $"""
        WITH due AS MATERIALIZED ({AsFound}),
          events AS (DELETE FROM journal t USING due WHERE t.persistence_id = due.pid AND t.sequence_number <= due.sequence),
          words AS (DELETE FROM tags t USING due WHERE t.persistence_id = due.pid),
          checkpoints AS (DELETE FROM snapshot t USING due WHERE t.persistence_id = due.pid),
          payloads AS (DELETE FROM payload t USING due WHERE t.persistence_id = due.pid),
          labels AS (DELETE FROM workflow_tag t USING due WHERE t.id = due.id),
          tombstones AS (
            INSERT INTO tombstone (key, purged, sequence) SELECT due.key, coalesce(due.purged, $5), due.sequence FROM due
            ON CONFLICT (key) DO UPDATE SET purged = excluded.purged, sequence = excluded.sequence)
        DELETE FROM workflow_index t USING due WHERE t.id = due.id RETURNING t.id
        """;

    private const string Hide =
        $"""
        WITH due AS MATERIALIZED ({AsFound}),
          labels AS (DELETE FROM workflow_tag t USING due WHERE t.id = due.id)
        UPDATE workflow_index t SET purged = coalesce(due.purged, $5), wake_at = NULL, tags = NULL FROM due WHERE t.id = due.id RETURNING t.id
        """;

    public override async Task<PurgeStep> PurgeAsync(IReadOnlyList<DueRun> runs, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var step = await DoAsync(Purge, runs, now, cancellationToken).ConfigureAwait(false);
        _vacuum.Note(step.Purged);
        return step;
    }

    protected override async Task<(bool IsHidden, TimeSpan Took)> HideAsync(DueRun run, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hidden = await DoAsync(Hide, [run], now, cancellationToken).ConfigureAwait(false);
        return (hidden.Purged > 0, hidden.Took);
    }

    protected override Task<TimeSpan> DeleteAsync(SqlStatement statement, CancellationToken cancellationToken) => WriteAsync(statement, cancellationToken);

    /// <summary>Does it to those of the runs that are as found. After a commit whose answer was lost it finds nothing more to do.</summary>
    private async Task<PurgeStep> DoAsync(string sql, IReadOnlyList<DueRun> runs, DateTimeOffset now, CancellationToken withdraw)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        var statement = new SqlStatement(
            sql,
            runs.Select(run => run.WorkflowId).ToArray(),
            runs.Select(run => run.RunId).ToArray(),
            runs.Select(run => run.Sequence).ToArray(),
            runs.Select(run => TombstoneKey.Of(run.WorkflowId)).ToArray(),
            now.UtcTicks)
        {
            Read = row => done.Add(row.GetString(0)),
        };
        var took = await WriteAsync(statement, withdraw).ConfigureAwait(false);
        return new(done.Count, took);
    }

    private Task<TimeSpan> WriteAsync(SqlStatement statement, CancellationToken withdraw)
    {
        var timed = new TimedWrite(time);
        writes.Write(Key, new PurgeWrite(timed, statement), timed, withdraw);
        return timed.EndAsync();
    }

    private sealed class PurgeWrite(TimedWrite timed, SqlStatement statement) : IPostgresWrite
    {
        /// <summary>Nothing is to wait behind it in its transaction.</summary>
        public int Rows => GroupCommitQueue<IPostgresWrite>.BatchRows;

        public void AddTo(PostgresBatch batch)
        {
            timed.Begin();
            batch.Add(statement);
        }
    }
}

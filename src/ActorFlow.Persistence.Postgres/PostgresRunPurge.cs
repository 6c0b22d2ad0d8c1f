using System.Collections.Immutable;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Workflows;

namespace ActorFlow.Persistence.Postgres;

/// <summary>
/// The purge of a database that several nodes share. What is due is found by a reader; one statement looks again, passes over what
/// another node holds, and deletes: two nodes never delete one run twice, nor wait for each other.
/// </summary>
internal sealed class PostgresRunPurge(PostgresWrites writes, PostgresReaders readers, TimeProvider time) : IRunPurge
{
    /// <summary>One writer purges, whatever the others do meanwhile.</summary>
    private const string Key = "purge";

    private readonly PostgresVacuum _vacuum = new(readers);

    // Partial indexes decide which of the two a statement is planned with, so they are two.
    private const string Begun =
        $"""
        SELECT w.id, w.run_id, w.sequence, ({PurgeSql.Units})::bigint FROM workflow_index w
        WHERE w.purged IS NOT NULL AND (w.next_poll_at <= $1 OR w.next_poll_at > $1 + {PurgeSql.LongestClaim}) AND {PurgeSql.IsLast} LIMIT $2
        """;

    private const string Due =
        $"""
        SELECT w.id, w.run_id, w.sequence, ({PurgeSql.Units})::bigint FROM workflow_index w
        WHERE w.closed IS NOT NULL AND w.purged IS NULL AND w.closed < $3 AND (w.next_poll_at <= $1 OR w.next_poll_at > $1 + {PurgeSql.LongestClaim})
          AND {PurgeSql.OwesNothing} AND {PurgeSql.IsLast}
        ORDER BY w.closed LIMIT $2
        """;

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

    public Task<ImmutableArray<DueRun>> FindAsync(
        DateTimeOffset closedBefore, DateTimeOffset now, int max, CancellationToken cancellationToken = default) =>
        readers.ReadAsync(session =>
        {
            var found = ImmutableArray.CreateBuilder<DueRun>();
            Read(session, Begun, found, now.UtcTicks, max);
            if (found.Count < max)
            {
                Read(session, Due, found, now.UtcTicks, max - found.Count, closedBefore.UtcTicks);
            }

            return found.ToImmutable();
        }).WaitAsync(cancellationToken);

    public async Task<PurgeStep> PurgeAsync(IReadOnlyList<DueRun> runs, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var step = await DoAsync(Purge, runs, now, cancellationToken).ConfigureAwait(false);
        _vacuum.Note(step.Purged);
        return step;
    }

    public async Task<PurgeStep> ShrinkAsync(DueRun run, int units, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        var hidden = await DoAsync(Hide, [run], now, cancellationToken).ConfigureAwait(false);
        var id = PersistenceIds.Of(run.WorkflowId);
        var part = hidden.Purged > 0
            ? await readers.ReadAsync(session => PurgePart.Next(units, table => Sizes(session, table, id, units))).ConfigureAwait(false)
            : null;
        if (part is null)
        {
            return new(0, hidden.Took);
        }

        var took = await WriteAsync(new PostgresStatement(part.Delete, id, part.Key), cancellationToken).ConfigureAwait(false);
        return new(0, took > hidden.Took ? took : hidden.Took);
    }

    private static void Read(PostgresSession session, string sql, ImmutableArray<DueRun>.Builder found, params object[] values)
    {
        using var row = session.Query(sql, values);
        while (row.Read())
        {
            found.Add(new(row.GetString(0), row.GetGuid(1), row.GetInt64(2), row.GetInt64(3)));
        }
    }

    private static List<(object Key, long Bytes)> Sizes(PostgresSession session, PurgeTable table, string persistenceId, int max)
    {
        var sizes = new List<(object, long)>();
        using var row = session.Query(table.Select, persistenceId, max);
        while (row.Read())
        {
            sizes.Add((row.GetValue(0), row.IsDBNull(1) ? 0 : row.GetInt32(1)));
        }

        return sizes;
    }

    /// <summary>Does it to those of the runs that are as found. After a commit whose answer was lost it finds nothing more to do.</summary>
    private async Task<PurgeStep> DoAsync(string sql, IReadOnlyList<DueRun> runs, DateTimeOffset now, CancellationToken withdraw)
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        var statement = new PostgresStatement(
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

    private Task<TimeSpan> WriteAsync(PostgresStatement statement, CancellationToken withdraw)
    {
        var timed = new TimedWrite(time);
        writes.Write(Key, new PurgeWrite(timed, statement), timed, withdraw);
        return timed.EndAsync();
    }

    private sealed class PurgeWrite(TimedWrite timed, PostgresStatement statement) : IPostgresWrite
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

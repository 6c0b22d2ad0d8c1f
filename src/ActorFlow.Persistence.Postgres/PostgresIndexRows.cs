using System.Text.Json;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Sql;

namespace ActorFlow.Persistence.Postgres;

/// <summary>
/// Rows of the index to write. Several nodes do at once, so the database itself decides which row stays: the condition is
/// <see cref="WorkflowIndexRow.Supersedes"/> in its words.
/// </summary>
internal sealed class PostgresIndexRows : IRowCollection
{
    private const string Upsert =
        """
        INSERT INTO workflow_index AS w (
          id, run_id, sequence, definition, version, status, started, updated, parent, tags, closed, wake_at,
          failure_type, failure_message, purged, search, owes, next_poll_at)
        SELECT r.id, r.run_id, r.sequence, r.definition, r.version, r.status, r.started, r.updated, r.parent, r.tags::jsonb, r.closed, r.wake_at,
          r.failure_type, r.failure_message, r.purged, r.search, r.owes, 0
        FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::text[], $5::integer[], $6::text[], $7::bigint[], $8::bigint[], $9::text[],
          $10::text[], $11::bigint[], $12::bigint[], $13::text[], $14::text[], $15::bigint[], $16::text[], $17::integer[], $18::uuid[])
          AS r (id, run_id, sequence, definition, version, status, started, updated, parent, tags, closed, wake_at,
          failure_type, failure_message, purged, search, owes, key)
        WHERE NOT EXISTS (SELECT 1 FROM tombstone t WHERE t.key = r.key AND t.purged >= r.started)
        ON CONFLICT (id) DO UPDATE SET
          run_id = excluded.run_id, sequence = excluded.sequence, definition = excluded.definition, version = excluded.version,
          status = excluded.status, started = excluded.started, updated = excluded.updated, parent = excluded.parent,
          tags = excluded.tags, closed = excluded.closed, wake_at = excluded.wake_at, failure_type = excluded.failure_type,
          failure_message = excluded.failure_message, purged = excluded.purged, search = excluded.search, owes = excluded.owes,
          next_poll_at = CASE WHEN w.wake_at IS NOT DISTINCT FROM excluded.wake_at THEN w.next_poll_at ELSE 0 END
        WHERE CASE WHEN w.run_id = excluded.run_id
          THEN w.purged IS NULL AND (excluded.sequence > w.sequence OR (excluded.sequence = w.sequence AND w.status = 'stuck'))
          ELSE (excluded.started, excluded.run_id) > (w.started, w.run_id) END
        """;

    // Tags follow from what the rows are now, whoever wrote them last: the statement before holds their locks.
    private const string RemoveTags =
        """
        DELETE FROM workflow_tag t USING workflow_index w
        WHERE t.id = ANY ($1) AND w.id = t.id AND (w.purged IS NOT NULL OR w.started <> t.started OR w.tags IS NULL OR NOT EXISTS (
          SELECT 1 FROM jsonb_each_text(w.tags) e WHERE workflow_tag_word(e.key) = t.key AND workflow_tag_word(e.value) = t.value))
        """;

    // Not "purged IS NULL": partial indexes would fit as well.
    private const string AddTags =
        """
        INSERT INTO workflow_tag (key, value, started, id)
        SELECT workflow_tag_word(e.key), workflow_tag_word(e.value), w.started, w.id
        FROM workflow_index w CROSS JOIN LATERAL jsonb_each_text(w.tags) e
        WHERE w.id = ANY ($1) AND w.tags IS NOT NULL AND coalesce(w.purged, 0) = 0
        ON CONFLICT (id, key, value) DO NOTHING
        """;

    // In the order of ids, so that two nodes never wait for each other's rows crosswise.
    private readonly SortedDictionary<string, WorkflowIndexRow> _rows = new(StringComparer.Ordinal);

    public void AddTo(List<SqlStatement> statements)
    {
        var ids = _rows.Keys.ToArray();
        statements.Add(new(
            Upsert,
            ids,
            Column(row => row.RunId),
            Column(row => row.Sequence),
            Column(row => PostgresText.Clean(row.Definition)),
            Column(row => row.Version),
            Column(row => row.Status.ToWord()),
            Column(row => row.Started.UtcTicks),
            Column(row => row.Updated.UtcTicks),
            Column(row => row.Parent),
            Column(TagsOf),
            Column(row => row.Closed?.UtcTicks),
            Column(row => row.WakeAt?.UtcTicks),
            Column(row => row.Failure is { } failure ? PostgresText.Clean(failure.Type) : null),
            Column(row => row.Failure is { } failure ? PostgresText.Clean(failure.Message) : null),
            Column(row => row.Purged?.UtcTicks),
            Column(row => PostgresText.Clean(row.SearchText)),
            Column(row => (int)row.Owes),
            Column(row => TombstoneKey.Of(row.WorkflowId))));
        statements.Add(new(RemoveTags, [ids]));
        statements.Add(new(AddTags, [ids]));
    }

    /// <summary>Adds rows; of several with one id, the one that stays.</summary>
    public void Add(IEnumerable<WorkflowIndexRow> rows)
    {
        foreach (var row in rows)
        {
            if (!_rows.TryGetValue(row.WorkflowId, out var present) || row.Supersedes(present))
            {
                _rows[row.WorkflowId] = row;
            }
        }
    }

    private T[] Column<T>(Func<WorkflowIndexRow, T> value) => [.. _rows.Values.Select(value)];

    private static string? TagsOf(WorkflowIndexRow row)
    {
        if (row.Tags.IsEmpty)
        {
            return null;
        }

        var tags = new Dictionary<string, string>(row.Tags.Count, StringComparer.Ordinal);
        foreach (var (key, value) in row.Tags)
        {
            tags[PostgresText.Clean(key)] = PostgresText.Clean(value);
        }

        return JsonSerializer.Serialize(tags);
    }
}

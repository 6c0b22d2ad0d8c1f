using System.Collections.Immutable;
using System.Text.Json;
using ActorFlow.Runtime.Index;

namespace ActorFlow.Runtime.Persistence.Sqlite;

/// <summary>Rows of the tables <c>workflow_index</c> and <c>workflow_tag</c>.</summary>
internal static class IndexRows
{
    private const string SelectOne = $"SELECT {IndexColumns.All} FROM workflow_index w WHERE w.id = $1";

    private const string Upsert =
        """
        INSERT INTO workflow_index (
          id, run_id, sequence, definition, version, status, started, updated, parent, tags, closed, wake_at,
          failure_type, failure_message, purged, search, next_poll_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0)
        ON CONFLICT (id) DO UPDATE SET
          run_id = excluded.run_id, sequence = excluded.sequence, definition = excluded.definition, version = excluded.version,
          status = excluded.status, started = excluded.started, updated = excluded.updated, parent = excluded.parent,
          tags = excluded.tags, closed = excluded.closed, wake_at = excluded.wake_at, failure_type = excluded.failure_type,
          failure_message = excluded.failure_message, purged = excluded.purged, search = excluded.search,
          next_poll_at = CASE WHEN wake_at IS excluded.wake_at THEN next_poll_at ELSE 0 END
        """;

    private const string AddTag = "INSERT INTO workflow_tag (key, value, started, id) VALUES ($1, $2, $3, $4)";

    private const string RemoveTag = "DELETE FROM workflow_tag WHERE key = $1 AND value = $2 AND started = $3 AND id = $4";

    public static WorkflowIndexRow? Get(SqliteStatements statements, string workflowId)
    {
        using var row = statements.Query(SelectOne, workflowId);
        return row.Read() ? IndexColumns.Read(row) : null;
    }

    /// <summary>Writes a row in place of the present one, whatever that is.</summary>
    public static void Put(SqliteStatements statements, WorkflowIndexRow row, WorkflowIndexRow? present)
    {
        statements.Execute(
            Upsert,
            row.WorkflowId,
            row.RunId.ToString("n"),
            row.Sequence,
            row.Definition,
            row.Version,
            row.Status.ToWord(),
            row.Started.UtcTicks,
            row.Updated.UtcTicks,
            row.Parent,
            row.Tags.IsEmpty ? null : JsonSerializer.Serialize(row.Tags),
            row.Closed?.UtcTicks,
            row.WakeAt?.UtcTicks,
            row.Failure?.Type,
            row.Failure?.Message,
            row.Purged?.UtcTicks,
            row.SearchText);
        PutTags(statements, row, present);
    }

    private static void PutTags(SqliteStatements statements, WorkflowIndexRow row, WorkflowIndexRow? present)
    {
        if (present is not null && present.Started == row.Started && present.Tags.SequenceEqual(row.Tags))
        {
            return;
        }

        foreach (var (key, value) in present?.Tags ?? ImmutableSortedDictionary<string, string>.Empty)
        {
            statements.Execute(RemoveTag, key, value, present!.Started.UtcTicks, row.WorkflowId);
        }

        foreach (var (key, value) in row.Tags)
        {
            statements.Execute(AddTag, key, value, row.Started.UtcTicks, row.WorkflowId);
        }
    }
}

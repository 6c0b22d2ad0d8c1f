using System.Text.Json;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>Rows of the tables <c>workflow_index</c> and <c>workflow_tag</c>.</summary>
internal static class IndexRows
{
    private const string Upsert =
        """
        INSERT INTO workflow_index (
          id, run_id, sequence, definition, version, status, started, updated, parent, tags, closed, wake_at,
          failure_type, failure_message, purged, search, owes, next_poll_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 0)
        ON CONFLICT (id) DO UPDATE SET
          run_id = excluded.run_id, sequence = excluded.sequence, definition = excluded.definition, version = excluded.version,
          status = excluded.status, started = excluded.started, updated = excluded.updated, parent = excluded.parent,
          tags = excluded.tags, closed = excluded.closed, wake_at = excluded.wake_at, failure_type = excluded.failure_type,
          failure_message = excluded.failure_message, purged = excluded.purged, search = excluded.search, owes = excluded.owes,
          next_poll_at = CASE WHEN wake_at IS excluded.wake_at THEN next_poll_at ELSE 0 END
        """;

    private const string SelectTombstone = "SELECT purged FROM tombstone WHERE key = $1";

    private const string AddTag = "INSERT INTO workflow_tag (key, value, started, id) VALUES ($1, $2, $3, $4)";

    private const string RemoveTag = "DELETE FROM workflow_tag WHERE key = $1 AND value = $2 AND started = $3 AND id = $4";

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
            row.SearchText,
            (int)row.Owes);
        PutTags(statements, row, present);
    }

    /// <summary>Whether a row comes too late: its run was purged.</summary>
    public static bool IsBuried(SqliteStatements statements, WorkflowIndexRow row) =>
        statements.Scalar(SelectTombstone, TombstoneKey.Of(row.WorkflowId).ToBytes()) is long purged && row.Started.UtcTicks <= purged;

    /// <summary>Removes the tags of a row.</summary>
    public static void RemoveTags(SqliteStatements statements, WorkflowIndexRow row)
    {
        foreach (var (key, value) in row.Tags)
        {
            statements.Execute(RemoveTag, key, value, row.Started.UtcTicks, row.WorkflowId);
        }
    }

    private static void PutTags(SqliteStatements statements, WorkflowIndexRow row, WorkflowIndexRow? present)
    {
        if (present is not null && present.Started == row.Started && present.Tags.SequenceEqual(row.Tags))
        {
            return;
        }

        if (present is not null)
        {
            RemoveTags(statements, present);
        }

        foreach (var (key, value) in row.Tags)
        {
            statements.Execute(AddTag, key, value, row.Started.UtcTicks, row.WorkflowId);
        }
    }
}

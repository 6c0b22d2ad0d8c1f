using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using ActorFlow.Runtime.Index;

namespace ActorFlow.Runtime.Persistence.Sql;

/// <summary>The columns of table <c>workflow_index</c>, as every database has them: times are ticks, tags JSON.</summary>
internal static class IndexColumns
{
    public const string All =
        "w.id, w.run_id, w.sequence, w.definition, w.version, w.status, w.started, w.updated, w.parent, w.tags, w.closed, w.wake_at, "
        + "w.failure_type, w.failure_message, w.purged, w.owes";

    private const string SelectOne = $"SELECT {All} FROM workflow_index w WHERE w.id = $1";

    /// <summary>The row of a run; null means that there is none.</summary>
    public static WorkflowIndexRow? Find(ISqlSession session, string workflowId)
    {
        using var row = session.Query(SelectOne, workflowId);
        return row.Read() ? Read(row) : null;
    }

    public static WorkflowIndexRow Read(DbDataReader row) => new(
        row.GetString(0),
        row.GetGuid(1),
        row.GetInt64(2),
        row.GetString(3),
        row.GetInt32(4),
        WorkflowStatuses.FromWord(row.GetString(5)) ?? throw new InvalidDataException($"The index holds the unknown status '{row.GetString(5)}'."),
        Time(row, 6)!.Value,
        Time(row, 7)!.Value)
    {
        Parent = Text(row, 8),
        Tags = Text(row, 9) is { } tags
            ? JsonSerializer.Deserialize<Dictionary<string, string>>(tags)!.ToImmutableSortedDictionary(StringComparer.Ordinal)
            : ImmutableSortedDictionary<string, string>.Empty,
        Closed = Time(row, 10),
        WakeAt = Time(row, 11),
        Failure = Text(row, 12) is { } type ? new(type, row.GetString(13)) : null,
        Purged = Time(row, 14),
        Owes = (RunDebts)row.GetInt32(15),
    };

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Time(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : new(row.GetInt64(column), TimeSpan.Zero);
}

using System.Globalization;
using System.Text;
using ActorFlow.Runtime.Index;

namespace ActorFlow.Runtime.Persistence.Sqlite;

/// <summary>A query as SQL: its text depends only on which filters there are, so that prepared statements stay few.</summary>
internal sealed class IndexSelection
{
    /// <summary>Beyond a thousand, one tag is as good as another.</summary>
    private const string CountTag = "SELECT COUNT(*) FROM (SELECT 1 FROM workflow_tag WHERE key = $1 AND value = $2 LIMIT 1000)";

    private readonly StringBuilder _where = new();
    private readonly List<object?> _values = [];

    private IndexSelection(IndexQuery query, IndexPlace behind, IEnumerable<KeyValuePair<string, string>> rarestFirst)
    {
        // With a tag, its table leads: it is in the order of lists too, and a rare tag is found at once. In the order written: the
        // planner knows nothing of how rare it is.
        Order = query.Tags.IsEmpty ? "w" : "t";
        From = FromOf(query);
        _where.Append("w.purged IS NULL");
        And($"({Order}.started, {Order}.id) < (", behind.StartedTicks, ", ", behind.WorkflowId, ")");
        And($"{Order}.started >= ", query.StartedSince?.UtcTicks ?? 0L);
        And($"{Order}.started < ", query.StartedUntil?.UtcTicks ?? long.MaxValue);
        AndIf(!query.Statuses.IsDefaultOrEmpty, () => AndAny("w.status", query.Statuses));
        AndIf(query.Definition is not null, () => And("w.definition = ", query.Definition));
        AndIf(query.Version is not null, () => And("w.version = ", query.Version));
        AndIf(query.Parent is not null, () => And("w.parent = ", query.Parent));
        AndTags(rarestFirst);
        AndIf(!string.IsNullOrEmpty(query.Text), () => And("instr(w.search, ", query.Text!.ToUpperInvariant(), ") > 0"));
    }

    /// <summary>The table, or the tables.</summary>
    public string From { get; }

    /// <summary>The table whose start and id give the order.</summary>
    public string Order { get; }

    public string Where => _where.ToString();

    /// <summary>The parameters, <c>$1</c> and on.</summary>
    public object?[] Values => [.. _values];

    /// <summary>Names a further parameter.</summary>
    public string Add(object? value)
    {
        _values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"${_values.Count}");
    }

    public static IndexSelection Of(IndexQuery query, IndexPlace behind, SqliteStatements statements) =>
        new(query, behind, query.Tags.Count < 2 ? query.Tags : query.Tags.OrderBy(tag => CountOf(statements, tag)));

    /// <summary>The planner takes the indexes by start for equals, so it is told which.</summary>
    private static string FromOf(IndexQuery query) => query switch
    {
        { Tags.IsEmpty: false } => "workflow_tag t CROSS JOIN workflow_index w ON w.id = t.id",
        { Parent: not null } => "workflow_index w INDEXED BY workflow_index_parent",
        { Text.Length: > 0 } => "workflow_index w INDEXED BY workflow_index_text",
        _ => "workflow_index w INDEXED BY workflow_index_started",
    };

    private static int CountOf(SqliteStatements statements, KeyValuePair<string, string> tag) =>
        Convert.ToInt32(statements.Scalar(CountTag, tag.Key, tag.Value), CultureInfo.InvariantCulture);

    private void AndTags(IEnumerable<KeyValuePair<string, string>> tags)
    {
        var first = true;
        foreach (var (key, value) in tags)
        {
            if (first)
            {
                And("t.key = ", key);
                And("t.value = ", value);
            }
            else
            {
                And("EXISTS (SELECT 1 FROM workflow_tag o WHERE o.key = ", key, " AND o.value = ", value, " AND o.started = t.started AND o.id = t.id)");
            }

            first = false;
        }
    }

    private static void AndIf(bool present, Action and)
    {
        if (present)
        {
            and();
        }
    }

    private void AndAny(string column, IEnumerable<WorkflowStatus> statuses) => _where.Append(
        CultureInfo.InvariantCulture, $" AND {column} IN ({string.Join(", ", statuses.Distinct().Select(status => Add(status.ToWord())))})");

    private void And(string before, object? value, string after = "") => _where.Append(" AND ").Append(before).Append(Add(value)).Append(after);

    private void And(string before, object? first, string between, object? second, string after)
    {
        And(before, first, between);
        _where.Append(Add(second)).Append(after);
    }
}

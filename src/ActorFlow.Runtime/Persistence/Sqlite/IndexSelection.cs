using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorFlow.Runtime.Index;

namespace ActorFlow.Runtime.Persistence.Sqlite;

/// <summary>A query as SQL: its text depends only on which filters there are, so that prepared statements stay few.</summary>
internal sealed class IndexSelection
{
    private readonly StringBuilder _where = new();
    private readonly List<object?> _values = [];

    public IndexSelection(IndexQuery query, IndexPlace behind)
    {
        // With a tag, its table leads: it is in the order of lists too, and a rare tag is found at once. In the order written: the
        // planner knows nothing of how rare it is.
        Order = query.Tags.IsEmpty ? "w" : "t";
        From = query.Tags.IsEmpty ? "workflow_index w" : "workflow_tag t CROSS JOIN workflow_index w ON w.id = t.id";
        _where.Append("w.purged IS NULL");
        And($"({Order}.started, {Order}.id) < (", behind.StartedTicks, ", ", behind.WorkflowId, ")");
        And($"{Order}.started >= ", query.StartedSince?.UtcTicks ?? 0L);
        And($"{Order}.started < ", query.StartedUntil?.UtcTicks ?? long.MaxValue);
        AndIf(!query.Statuses.IsDefaultOrEmpty, () => And("w.status IN (SELECT value FROM json_each(", Words(query), "))"));
        AndIf(query.Definition is not null, () => And("w.definition = ", query.Definition));
        AndIf(query.Version is not null, () => And("w.version = ", query.Version));
        AndIf(query.Parent is not null, () => And("w.parent = ", query.Parent));
        AndTags(query);
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

    private static string Words(IndexQuery query) => JsonSerializer.Serialize(query.Statuses.Select(status => status.ToWord()));

    private void AndTags(IndexQuery query)
    {
        var first = true;
        foreach (var (key, value) in query.Tags)
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

    private void And(string before, object? value, string after = "") => _where.Append(" AND ").Append(before).Append(Add(value)).Append(after);

    private void And(string before, object? first, string between, object? second, string after)
    {
        And(before, first, between);
        _where.Append(Add(second)).Append(after);
    }
}

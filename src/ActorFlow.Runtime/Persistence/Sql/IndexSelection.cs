using System.Globalization;
using System.Text;
using ActorFlow.Runtime.Index;

namespace ActorFlow.Runtime.Persistence.Sql;

/// <summary>A query as SQL: its text depends only on which filters there are, so that prepared statements stay few.</summary>
internal sealed class IndexSelection
{
    /// <summary>
    /// Nobody holds the row's wake-up: <c>$1</c> is the time. A claim lasts half a minute; one that is to end two minutes from now was
    /// made while the clock was ahead, and counts for nothing.
    /// </summary>
    public const string Unclaimed = "(next_poll_at <= $1 OR next_poll_at > $1 + 1200000000)";

    private readonly StringBuilder _where = new();
    private readonly List<object> _values = [];
    private readonly SqlDialect _dialect;

    private IndexSelection(
        IndexQuery query, IndexPlace behind, SqlDialect dialect, IEnumerable<KeyValuePair<string, string>> rarestFirst)
    {
        _dialect = dialect;
        // With a tag, its table leads: it is in the order of lists too, and a rare tag is found at once.
        Order = query.Tags.IsEmpty ? "w" : "t";
        From = query switch
        {
            { Tags.IsEmpty: false } => dialect.ByTag,
            { Parent: not null } => dialect.ByParent,
            { Text.Length: > 0 } => dialect.ByText,
            _ => dialect.ByStart,
        };
        _where.Append("w.purged IS NULL");
        And($"({Order}.started, {Order}.id) < (", behind.StartedTicks, ", ", behind.WorkflowId, ")");
        And($"{Order}.started >= ", query.StartedSince?.UtcTicks ?? 0L);
        And($"{Order}.started < ", query.StartedUntil?.UtcTicks ?? long.MaxValue);
        AndIf(!query.Statuses.IsDefaultOrEmpty, () => AndAny("w.status", query.Statuses));
        AndIf(query.Definition is not null, () => And("w.definition = ", query.Definition));
        AndIf(query.Version is not null, () => And("w.version = ", query.Version));
        AndIf(query.Parent is not null, () => And("w.parent = ", query.Parent));
        AndTags(rarestFirst);
        AndIf(!string.IsNullOrEmpty(query.Text), () => And($"{dialect.Position}(w.search, ", query.Text!.ToUpperInvariant(), ") > 0"));
    }

    /// <summary>The table, or the tables.</summary>
    public string From { get; }

    /// <summary>The table whose start and id give the order.</summary>
    public string Order { get; }

    public string Where => _where.ToString();

    /// <summary>The parameters, <c>$1</c> and on.</summary>
    public object[] Values => [.. _values];

    /// <summary>Names a further parameter.</summary>
    public string Add(object value)
    {
        _values.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"${_values.Count}");
    }

    /// <summary>Puts a query into words.</summary>
    /// <param name="query">The query.</param>
    /// <param name="behind">Only what comes behind this place.</param>
    /// <param name="dialect">The words of the database.</param>
    /// <param name="countOf">About how many runs have a tag; asked where there are several.</param>
    public static IndexSelection Of(
        IndexQuery query, IndexPlace behind, SqlDialect dialect, Func<KeyValuePair<string, string>, int> countOf) =>
        new(query, behind, dialect, query.Tags.Count < 2 ? query.Tags : query.Tags.OrderBy(countOf));

    private void AndTags(IEnumerable<KeyValuePair<string, string>> tags)
    {
        var first = true;
        foreach (var (key, value) in tags)
        {
            if (first)
            {
                AndWord("t.key = ", key);
                AndWord("t.value = ", value);
            }
            else
            {
                _where.Append(
                    CultureInfo.InvariantCulture,
                    $" AND EXISTS (SELECT 1 FROM workflow_tag o WHERE o.key = {_dialect.Word(Add(key))} AND o.value = {_dialect.Word(Add(value))} AND o.started = t.started AND o.id = t.id)");
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

    private void And(string before, object? value, string after = "") => _where.Append(" AND ").Append(before).Append(Add(value!)).Append(after);

    private void AndWord(string before, string value) => _where.Append(" AND ").Append(before).Append(_dialect.Word(Add(value)));

    private void And(string before, object first, string between, object second, string after)
    {
        And(before, first, between);
        _where.Append(Add(second)).Append(after);
    }
}

using System.Collections.Immutable;
using ActorFlow.Runtime.Index;

namespace ActorFlow.Runtime.Persistence.Sql;

/// <summary>
/// The index as table <c>workflow_index</c>, its tags in <c>workflow_tag</c>. What is read is the same everywhere; how rows are taken in
/// and claimed depends on how many write at once.
/// </summary>
internal abstract class SqlWorkflowIndex : IWorkflowIndex
{
    /// <summary>One writer does what this node asks of the index, in the order asked.</summary>
    protected const string Key = "workflow_index";

    // Not "purged IS NULL", here and below: partial indexes would fit as well.
    private const string Settle =
        """
        UPDATE workflow_index SET owes = 0, next_poll_at = 0
        WHERE id = $1 AND run_id = $2 AND closed IS NOT NULL AND coalesce(purged, 0) = 0
        """;

    private const string Hold = "UPDATE workflow_index SET next_poll_at = $2 WHERE id = $1 AND coalesce(purged, 0) = 0 RETURNING id";

    private const string Purged =
        "SELECT coalesce((SELECT purged FROM tombstone WHERE key = $2), (SELECT purged FROM workflow_index WHERE id = $1))";

    private readonly SqlAccess _database;
    private readonly string _countTag;

    protected SqlWorkflowIndex(SqlAccess database)
    {
        var dialect = database.Dialect;
        _database = database;
        // Beyond a thousand, one tag is as good as another.
        _countTag = $"SELECT count(*) FROM (SELECT 1 FROM workflow_tag WHERE key = {dialect.Word("$1")} AND value = {dialect.Word("$2")} LIMIT 1000) found";
    }

    public abstract Task UpsertAsync(IReadOnlyCollection<WorkflowIndexRow> rows, CancellationToken cancellationToken = default);

    public Task<WorkflowIndexRow?> GetAsync(string workflowId, CancellationToken cancellationToken = default) =>
        _database.Readers.ReadAsync(session => IndexColumns.Find(session, workflowId)).WaitAsync(cancellationToken);

    public Task<IndexPage> ListAsync(IndexQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var behind = query.Check();
        return _database.Readers.ReadAsync(session => List(session, query, behind)).WaitAsync(cancellationToken);
    }

    public Task<IReadOnlyDictionary<WorkflowStatus, long>> CountAsync(IndexQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.Check();
        return _database.Readers.ReadAsync(session => Count(session, query)).WaitAsync(cancellationToken);
    }

    public abstract Task<ImmutableArray<ClaimedRun>> ClaimDueAsync(
        DateTimeOffset now, int max, TimeSpan claim, IReadOnlyCollection<string>? among = null, CancellationToken cancellationToken = default);

    public abstract Task<ImmutableArray<ClaimedRun>> ClaimOwingAsync(
        DateTimeOffset closedBefore, DateTimeOffset now, int max, TimeSpan claim, CancellationToken cancellationToken = default);

    public Task SettleAsync(string workflowId, Guid runId, CancellationToken cancellationToken = default) => _database.Writes.WriteAsync(
        Key, rows: 1, cancellationToken, new SqlStatement(Settle, workflowId, _database.Dialect.RunId(runId)));

    public async Task<bool> HoldAsync(string workflowId, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        var held = false;
        var hold = new SqlStatement(Hold, workflowId, until.UtcTicks) { Read = _ => held = true };
        await _database.Writes.WriteAsync(Key, rows: 1, cancellationToken, hold).ConfigureAwait(false);
        return held || await PurgedAtAsync(workflowId, cancellationToken).ConfigureAwait(false) is null;
    }

    public abstract Task MarkStuckAsync(string workflowId, IndexedFailure failure, DateTimeOffset at, CancellationToken cancellationToken = default);

    public Task<DateTimeOffset?> PurgedAtAsync(string workflowId, CancellationToken cancellationToken = default) =>
        _database.Readers.ReadAsync(session =>
            session.Scalar(Purged, workflowId, _database.Dialect.Key(TombstoneKey.Of(workflowId))) is long ticks
                ? new DateTimeOffset(ticks, TimeSpan.Zero)
                : (DateTimeOffset?)null).WaitAsync(cancellationToken);

    public abstract Task<int> RemoveTombstonesAsync(DateTimeOffset purgedBefore, int max, CancellationToken cancellationToken = default);

    private IndexPage List(ISqlSession session, IndexQuery query, IndexPlace behind)
    {
        var selection = Select(query, behind, session);
        var order = selection.Order;
        var sql = $"SELECT {IndexColumns.All} FROM {selection.From} WHERE {selection.Where} "
            + $"ORDER BY {order}.started DESC, {order}.id DESC LIMIT {selection.Add(query.Limit + 1)}";
        var found = new List<WorkflowIndexRow>();
        using var row = session.Query(sql, selection.Values);
        while (row.Read())
        {
            found.Add(IndexColumns.Read(row));
        }

        return IndexPage.Of(found, query.Limit);
    }

    private IReadOnlyDictionary<WorkflowStatus, long> Count(ISqlSession session, IndexQuery query)
    {
        var selection = Select(query, IndexPlace.Newest, session);
        var counts = new Dictionary<WorkflowStatus, long>();
        using var row = session.Query(
            $"SELECT w.status, count(*) FROM {selection.From} WHERE {selection.Where} GROUP BY w.status", selection.Values);
        while (row.Read())
        {
            counts[WorkflowStatuses.FromWord(row.GetString(0))!.Value] = row.GetInt64(1);
        }

        return counts;
    }

    private IndexSelection Select(IndexQuery query, IndexPlace behind, ISqlSession session) => IndexSelection.Of(
        query, behind, _database.Dialect, tag => (int)(long)session.Scalar(_countTag, tag.Key, tag.Value)!);
}

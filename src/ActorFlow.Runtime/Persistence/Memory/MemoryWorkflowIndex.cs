using System.Collections.Immutable;
using ActorFlow.Runtime.Index;

namespace ActorFlow.Runtime.Persistence.Memory;

/// <summary>The index in memory.</summary>
internal sealed class MemoryWorkflowIndex : IWorkflowIndex
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly SortedDictionary<IndexPlace, Entry> _newestFirst = new(Comparer<IndexPlace>.Create((a, b) => b.CompareTo(a)));

    public Task UpsertAsync(IReadOnlyCollection<WorkflowIndexRow> rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        lock (_lock)
        {
            foreach (var row in rows)
            {
                if (Find(row.WorkflowId) is not { } entry)
                {
                    Add(new(row));
                }
                else if (row.Supersedes(entry.Row))
                {
                    Replace(entry, row);
                }
            }
        }

        return Task.CompletedTask;
    }

    public Task<WorkflowIndexRow?> GetAsync(string workflowId, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return Task.FromResult(Find(workflowId)?.Row);
        }
    }

    public Task<IndexPage> ListAsync(IndexQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var behind = query.Check();
        lock (_lock)
        {
            WorkflowIndexRow[] rows =
            [
                .. _newestFirst
                    .Where(pair => pair.Key.CompareTo(behind) < 0 && query.Fits(pair.Value.Row))
                    .Select(pair => pair.Value.Row)
                    .Take(query.Limit + 1),
            ];
            return Task.FromResult(IndexPage.Of(rows, query.Limit));
        }
    }

    public Task<IReadOnlyDictionary<WorkflowStatus, long>> CountAsync(IndexQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.Check();
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyDictionary<WorkflowStatus, long>>(_entries.Values
                .Where(entry => query.Fits(entry.Row))
                .GroupBy(entry => entry.Row.Status)
                .ToDictionary(group => group.Key, group => group.LongCount()));
        }
    }

    public Task<ImmutableArray<ClaimedRun>> ClaimDueAsync(
        DateTimeOffset now, int max, TimeSpan claim, IReadOnlyCollection<string>? among = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(Claim(
            entry => entry.Row.WakeAt <= now && (among is null || among.Contains(entry.Row.WorkflowId)), entry => entry.Row.WakeAt, now, max, claim));

    public Task<ImmutableArray<ClaimedRun>> ClaimClosedAsync(
        DateTimeOffset closedBefore, DateTimeOffset now, int max, TimeSpan claim, CancellationToken cancellationToken = default) =>
        Task.FromResult(Claim(entry => entry.Row.Closed < closedBefore, entry => entry.Row.Closed, now, max, claim));

    public Task MarkStuckAsync(string workflowId, IndexedFailure failure, DateTimeOffset at, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (Find(workflowId) is { Row.Purged: null } entry)
            {
                entry.Row = entry.Row with { Status = WorkflowStatus.Stuck, Failure = failure, Updated = at };
            }
        }

        return Task.CompletedTask;
    }

    public Task TombstoneAsync(string workflowId, Guid runId, DateTimeOffset at, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (Find(workflowId) is { Row.Purged: null } entry && entry.Row.RunId == runId)
            {
                entry.Row = entry.Row with { Purged = at, WakeAt = null, Failure = null, Tags = ImmutableSortedDictionary<string, string>.Empty };
            }
        }

        return Task.CompletedTask;
    }

    public Task<int> RemoveTombstonesAsync(DateTimeOffset purgedBefore, int max, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            var old = _entries.Values.Where(entry => entry.Row.Purged < purgedBefore).Take(max).ToList();
            foreach (var entry in old)
            {
                _entries.Remove(entry.Row.WorkflowId);
                _newestFirst.Remove(IndexPlace.Of(entry.Row));
            }

            return Task.FromResult(old.Count);
        }
    }

    private Entry? Find(string workflowId) => _entries.GetValueOrDefault(workflowId);

    private void Add(Entry entry)
    {
        _entries[entry.Row.WorkflowId] = entry;
        _newestFirst[IndexPlace.Of(entry.Row)] = entry;
    }

    private void Replace(Entry entry, WorkflowIndexRow row)
    {
        _newestFirst.Remove(IndexPlace.Of(entry.Row));
        Add(new(row) { NextPollAt = row.WakeAt == entry.Row.WakeAt ? entry.NextPollAt : DateTimeOffset.MinValue });
    }

    private ImmutableArray<ClaimedRun> Claim(
        Func<Entry, bool> wanted, Func<Entry, DateTimeOffset?> since, DateTimeOffset now, int max, TimeSpan claim)
    {
        lock (_lock)
        {
            var claimed = _entries.Values
                .Where(entry => entry.Row.Purged is null && entry.NextPollAt <= now && wanted(entry))
                .OrderBy(since)
                .Take(max)
                .ToList();
            claimed.ForEach(entry => entry.NextPollAt = now + claim);
            return [.. claimed.Select(entry => new ClaimedRun(entry.Row.WorkflowId, entry.Row.RunId))];
        }
    }

    private sealed class Entry(WorkflowIndexRow row)
    {
        public WorkflowIndexRow Row { get; set; } = row;

        public DateTimeOffset NextPollAt { get; set; } = DateTimeOffset.MinValue;
    }
}

using System.Collections.Immutable;
using ActorFlow.Runtime.Index;

namespace ActorFlow.Runtime.Persistence.Memory;

/// <summary>The index in memory.</summary>
/// <param name="tombstones">What is left of purged runs.</param>
internal sealed class MemoryWorkflowIndex(MemoryTombstones tombstones) : IWorkflowIndex
{
    // As in the databases: see IndexSelection.Unclaimed and PurgeSql.LongestClaim.
    private static readonly TimeSpan LongestWakeUp = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestHeld = TimeSpan.FromHours(25);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly SortedDictionary<IndexPlace, Entry> _newestFirst = new(Comparer<IndexPlace>.Create((a, b) => b.CompareTo(a)));
    private readonly SortedSet<(DateTimeOffset Closed, string WorkflowId)> _closed = new(LongestClosedFirst.Instance);

    public Task UpsertAsync(IReadOnlyCollection<WorkflowIndexRow> rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        lock (_lock)
        {
            foreach (var row in rows)
            {
                if (Find(row.WorkflowId) is not { } entry)
                {
                    if (!(row.Started <= tombstones.PurgedAt(row.WorkflowId)))
                    {
                        Add(new(row));
                    }
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

    public Task<ImmutableArray<ClaimedRun>> ClaimOwingAsync(
        DateTimeOffset closedBefore, DateTimeOffset now, int max, TimeSpan claim, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            var claimed = ClosedBefore(closedBefore).Where(entry => !entry.IsHeld(now, LongestHeld) && MayOwe(entry.Row)).Take(max).ToList();
            return Task.FromResult(Claim(claimed, now + claim));
        }
    }

    public Task SettleAsync(string workflowId, Guid runId, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (Find(workflowId) is { Row.Closed: not null } entry && entry.Row.RunId == runId)
            {
                (entry.Row, entry.NextPollAt) = (entry.Row with { Owes = RunDebts.None }, DateTimeOffset.MinValue);
            }
        }

        return Task.CompletedTask;
    }

    public Task<bool> HoldAsync(string workflowId, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (Find(workflowId) is not { } entry)
            {
                return Task.FromResult(tombstones.PurgedAt(workflowId) is null);
            }

            entry.NextPollAt = until;
            return Task.FromResult(true);
        }
    }

    /// <summary>The rows of runs that closed before a time and owe nothing, the longest closed first.</summary>
    public IReadOnlyList<WorkflowIndexRow> Due(DateTimeOffset closedBefore, DateTimeOffset now, int max)
    {
        lock (_lock)
        {
            return [.. ClosedBefore(closedBefore).Where(entry => !entry.IsHeld(now, LongestHeld) && !MayOwe(entry.Row)).Take(max).Select(entry => entry.Row)];
        }
    }

    /// <summary>The row of a run that has ended and owes nothing; null means that it is not so, or that it is held.</summary>
    public WorkflowIndexRow? Due(string workflowId, DateTimeOffset now)
    {
        lock (_lock)
        {
            return Find(workflowId) is { Row.Closed: not null } entry && !entry.IsHeld(now, LongestHeld) && !MayOwe(entry.Row) ? entry.Row : null;
        }
    }

    /// <summary>Puts a tombstone in the place of a row that is as it was found.</summary>
    /// <param name="run">The run as it was found.</param>
    /// <param name="now">The time.</param>
    /// <param name="isLast">Whether its journal holds nothing newer.</param>
    public bool TryBury(DueRun run, DateTimeOffset now, Func<bool> isLast)
    {
        lock (_lock)
        {
            if (Find(run.WorkflowId) is not { Row.Closed: not null } entry || entry.IsHeld(now, LongestHeld)
                || entry.Row.RunId != run.RunId || entry.Row.Sequence != run.Sequence || !isLast())
            {
                return false;
            }

            Remove(entry);
            tombstones.Put(run.WorkflowId, now, run.Sequence);
            return true;
        }
    }

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

    public Task<DateTimeOffset?> PurgedAtAsync(string workflowId, CancellationToken cancellationToken = default) =>
        Task.FromResult(tombstones.PurgedAt(workflowId));

    public Task<int> RemoveTombstonesAsync(DateTimeOffset purgedBefore, int max, CancellationToken cancellationToken = default) =>
        Task.FromResult(tombstones.Remove(purgedBefore, max));

    private Entry? Find(string workflowId) => _entries.GetValueOrDefault(workflowId);

    private void Add(Entry entry)
    {
        _entries[entry.Row.WorkflowId] = entry;
        _newestFirst[IndexPlace.Of(entry.Row)] = entry;
        if (entry.Row.Closed is { } closed)
        {
            _closed.Add((closed, entry.Row.WorkflowId));
        }
    }

    private void Remove(Entry entry)
    {
        _entries.Remove(entry.Row.WorkflowId);
        _newestFirst.Remove(IndexPlace.Of(entry.Row));
        if (entry.Row.Closed is { } closed)
        {
            _closed.Remove((closed, entry.Row.WorkflowId));
        }
    }

    private void Replace(Entry entry, WorkflowIndexRow row)
    {
        Remove(entry);
        Add(new(row) { NextPollAt = row.WakeAt == entry.Row.WakeAt ? entry.NextPollAt : DateTimeOffset.MinValue });
    }

    private IEnumerable<Entry> ClosedBefore(DateTimeOffset time) =>
        _closed.TakeWhile(closed => closed.Closed < time).Select(closed => _entries[closed.WorkflowId]);

    /// <summary>Whether a closed run is to be asked: a parent that has ended does not care how its child did.</summary>
    private bool MayOwe(WorkflowIndexRow row) => row.Owes switch
    {
        RunDebts.None => false,
        RunDebts.Report => row.Parent is null || Find(row.Parent) is not { Row.Closed: not null },
        _ => true,
    };

    private ImmutableArray<ClaimedRun> Claim(
        Func<Entry, bool> wanted, Func<Entry, DateTimeOffset?> since, DateTimeOffset now, int max, TimeSpan claim)
    {
        lock (_lock)
        {
            return Claim([.. _entries.Values.Where(entry => !entry.IsHeld(now, LongestWakeUp) && wanted(entry)).OrderBy(since).Take(max)], now + claim);
        }
    }

    private static ImmutableArray<ClaimedRun> Claim(List<Entry> entries, DateTimeOffset until)
    {
        entries.ForEach(entry => entry.NextPollAt = until);
        return [.. entries.Select(entry => new ClaimedRun(entry.Row.WorkflowId, entry.Row.RunId))];
    }

    private sealed class LongestClosedFirst : IComparer<(DateTimeOffset Closed, string WorkflowId)>
    {
        public static readonly LongestClosedFirst Instance = new();

        public int Compare((DateTimeOffset Closed, string WorkflowId) x, (DateTimeOffset Closed, string WorkflowId) y) =>
            x.Closed != y.Closed ? x.Closed.CompareTo(y.Closed) : string.CompareOrdinal(x.WorkflowId, y.WorkflowId);
    }

    private sealed class Entry(WorkflowIndexRow row)
    {
        public WorkflowIndexRow Row { get; set; } = row;

        public DateTimeOffset NextPollAt { get; set; } = DateTimeOffset.MinValue;

        /// <summary>Whether the row is claimed or held; what lies further ahead than the longest was made while the clock was ahead.</summary>
        public bool IsHeld(DateTimeOffset now, TimeSpan longest) => NextPollAt > now && NextPollAt <= now + longest;
    }
}

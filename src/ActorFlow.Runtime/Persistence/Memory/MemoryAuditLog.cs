using System.Collections.Immutable;
using ActorFlow.Runtime.Access;

namespace ActorFlow.Runtime.Persistence.Memory;

/// <summary>The audit in memory: the newest 10,000 entries.</summary>
internal sealed class MemoryAuditLog : IAuditLog
{
    private const int Longest = 10_000;

    private static readonly Comparer<(DateTimeOffset, string)> Order = Comparer<(DateTimeOffset Time, string Id)>.Create(
        (one, other) => one.Time != other.Time ? one.Time.CompareTo(other.Time) : string.CompareOrdinal(one.Id, other.Id));

    private readonly Lock _turn = new();
    private readonly SortedList<(DateTimeOffset, string), AuditEntry> _entries = new(Order);

    public Task AddAsync(IReadOnlyCollection<AuditEntry> entries, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entries);
        lock (_turn)
        {
            foreach (var entry in entries)
            {
                _entries.TryAdd((entry.Time, entry.Id), entry);
            }

            while (_entries.Count > Longest)
            {
                _entries.RemoveAt(0);
            }
        }

        return Task.CompletedTask;
    }

    public Task<ImmutableArray<AuditEntry>> ListAsync(AuditQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        lock (_turn)
        {
            return Task.FromResult<ImmutableArray<AuditEntry>>([.. _entries.Values.Reverse().Where(entry => Fits(query, entry)).Take(query.Limit)]);
        }
    }

    public Task<int> RemoveAsync(DateTimeOffset before, int max, CancellationToken cancellationToken = default)
    {
        lock (_turn)
        {
            var removed = 0;
            while (removed < max && _entries.Count > 0 && _entries.GetValueAtIndex(0).Time < before)
            {
                _entries.RemoveAt(0);
                removed++;
            }

            return Task.FromResult(removed);
        }
    }

    private static bool Fits(AuditQuery query, AuditEntry entry) =>
        (query.Since is null || entry.Time >= query.Since)
        && (query.Until is null || entry.Time < query.Until)
        && (query.After is not { } after || Order.Compare((entry.Time, entry.Id), after) < 0)
        && (query.By is null || entry.Caller == query.By)
        && (query.Target is null || entry.Target == query.Target);
}

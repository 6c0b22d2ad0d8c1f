using System.Collections.Concurrent;

namespace ActorFlow.Runtime.Persistence.Memory;

/// <summary>What is left of purged runs, by id. Safe for all threads.</summary>
internal sealed class MemoryTombstones
{
    private readonly ConcurrentDictionary<Guid, (DateTimeOffset Purged, long Sequence)> _tombstones = new();

    public void Put(string workflowId, DateTimeOffset purged, long sequence) => _tombstones[TombstoneKey.Of(workflowId)] = (purged, sequence);

    /// <summary>When the run of an id was purged; null means that there is no tombstone.</summary>
    public DateTimeOffset? PurgedAt(string workflowId) =>
        _tombstones.TryGetValue(TombstoneKey.Of(workflowId), out var tombstone) ? tombstone.Purged : null;

    /// <summary>The number of the last event of a purged run; 0: there is no tombstone.</summary>
    public long HighestOf(string persistenceId) =>
        !_tombstones.IsEmpty && _tombstones.TryGetValue(TombstoneKey.OfJournal(persistenceId), out var tombstone) ? tombstone.Sequence : 0;

    public int Remove(DateTimeOffset purgedBefore, int max)
    {
        var old = _tombstones.Where(pair => pair.Value.Purged < purgedBefore).Take(max).ToList();
        old.ForEach(pair => _tombstones.TryRemove(pair));
        return old.Count;
    }
}

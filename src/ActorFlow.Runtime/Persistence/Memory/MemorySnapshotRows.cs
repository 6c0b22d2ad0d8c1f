using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Wire;
using Akka.Persistence;

namespace ActorFlow.Runtime.Persistence.Memory;

/// <summary>One snapshot in memory, in its stored bytes.</summary>
internal sealed record MemorySnapshot(long Sequence, DateTime Created, byte[] Bytes, int Serializer, string Manifest);

/// <summary>Snapshots by persistence id and sequence number, in their stored bytes. Safe for all threads.</summary>
internal sealed class MemorySnapshotRows : ICheckpointCatalog
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SortedDictionary<long, MemorySnapshot>> _rows = new(StringComparer.Ordinal);

    public void Put(string persistenceId, MemorySnapshot snapshot)
    {
        lock (_lock)
        {
            if (!_rows.TryGetValue(persistenceId, out var kept))
            {
                _rows.Add(persistenceId, kept = []);
            }

            kept[snapshot.Sequence] = snapshot;
        }
    }

    /// <summary>The newest that satisfies the criteria, up to a sequence number.</summary>
    public MemorySnapshot? Newest(string persistenceId, SnapshotSelectionCriteria criteria, long upTo)
    {
        lock (_lock)
        {
            return Of(persistenceId).LastOrDefault(snapshot => snapshot.Sequence <= upTo && Satisfies(snapshot, criteria));
        }
    }

    public void Delete(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        lock (_lock)
        {
            foreach (var snapshot in Of(persistenceId).Where(snapshot => Satisfies(snapshot, criteria)).ToList())
            {
                _rows[persistenceId].Remove(snapshot.Sequence);
            }

            if (_rows.TryGetValue(persistenceId, out var kept) && kept.Count == 0)
            {
                _rows.Remove(persistenceId);
            }
        }
    }

    public Task<IReadOnlyList<KeptCheckpoint>> ListAsync(
        string persistenceId, long before = long.MaxValue, int limit = ICheckpointCatalog.MostListed, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, ICheckpointCatalog.MostListed);
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<KeptCheckpoint>>([.. Of(persistenceId)
                .Where(snapshot => snapshot.Sequence < before && snapshot.Manifest == Manifests.WorkflowCheckpoint)
                .Reverse()
                .Take(limit)
                .Select(snapshot => new KeptCheckpoint(snapshot.Sequence, new(snapshot.Created, TimeSpan.Zero), snapshot.Bytes.Length))]);
        }
    }

    public Task<WorkflowCheckpoint?> LoadAsync(string persistenceId, long sequence, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            var kept = _rows.GetValueOrDefault(persistenceId)?.GetValueOrDefault(sequence);
            return kept?.Manifest != Manifests.WorkflowCheckpoint
                ? Task.FromResult<WorkflowCheckpoint?>(null)
                : Task.FromResult<WorkflowCheckpoint?>(StoredCheckpoint.Read(persistenceId, sequence, kept.Bytes));
        }
    }

    private IEnumerable<MemorySnapshot> Of(string persistenceId) =>
        _rows.TryGetValue(persistenceId, out var kept) ? kept.Values : [];

    private static bool Satisfies(MemorySnapshot snapshot, SnapshotSelectionCriteria criteria) =>
        snapshot.Sequence >= criteria.MinSequenceNr && snapshot.Sequence <= criteria.MaxSequenceNr
        && snapshot.Created >= (criteria.MinTimestamp ?? DateTime.MinValue) && snapshot.Created <= criteria.MaxTimeStamp;
}

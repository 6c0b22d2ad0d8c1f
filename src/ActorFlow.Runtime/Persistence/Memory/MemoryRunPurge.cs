using System.Collections.Immutable;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Workflows;
using Akka.Persistence;

namespace ActorFlow.Runtime.Persistence.Memory;

/// <summary>The purge of a store in memory. The index decides what goes, under its lock; the rest follows.</summary>
internal sealed class MemoryRunPurge(
    MemoryWorkflowIndex index, MemoryJournalRows journal, MemorySnapshotRows snapshots, TimeProvider time) : IRunPurge
{
    public Task<ImmutableArray<DueRun>> FindAsync(
        DateTimeOffset closedBefore, DateTimeOffset now, int max, CancellationToken cancellationToken = default) =>
        Task.FromResult<ImmutableArray<DueRun>>([.. index.Due(closedBefore, now, max).Select(row =>
            new DueRun(row.WorkflowId, row.RunId, row.Sequence, journal.CountOf(PersistenceIds.Of(row.WorkflowId))))]);

    public Task<DueRun?> FindOneAsync(string workflowId, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        Task.FromResult(index.Due(workflowId, now) is { } row && journal.HighestOf(PersistenceIds.Of(workflowId)) <= row.Sequence
            ? new DueRun(row.WorkflowId, row.RunId, row.Sequence, journal.CountOf(PersistenceIds.Of(workflowId)))
            : null);

    public Task<PurgeStep> PurgeAsync(IReadOnlyList<DueRun> runs, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var begun = time.GetTimestamp();
        var purged = runs.Count(run => TryPurge(run, now));
        return Task.FromResult(new PurgeStep(purged, time.GetElapsedTime(begun)));
    }

    /// <summary>Nobody waits for it here: the whole run at once.</summary>
    public Task<PurgeStep> ShrinkAsync(DueRun run, int units, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        PurgeAsync([run], now, cancellationToken);

    private bool TryPurge(DueRun run, DateTimeOffset now)
    {
        var id = PersistenceIds.Of(run.WorkflowId);
        if (!index.TryBury(run, now, () => journal.HighestOf(id) <= run.Sequence))
        {
            return false;
        }

        journal.Remove(id);
        snapshots.Delete(id, SnapshotSelectionCriteria.Latest);
        return true;
    }
}

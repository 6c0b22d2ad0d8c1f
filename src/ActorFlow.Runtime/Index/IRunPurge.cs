using System.Collections.Immutable;
using ActorFlow.Runtime.Persistence;

namespace ActorFlow.Runtime.Index;

/// <summary>
/// Deletes runs that have ended, many in one transaction: journal, checkpoints, payloads, tags and rows of the index. What is left of
/// each is a tombstone of at most 120 bytes. Safe for all threads, and for several nodes at once.
/// </summary>
public interface IRunPurge
{
    /// <summary>
    /// Finds runs that closed before a time and owe nothing to anybody, and those whose purge was begun; the longest closed come
    /// first. Only reads: several nodes may find the same.
    /// </summary>
    /// <param name="closedBefore">They closed before then.</param>
    /// <param name="now">The time: runs that are held beyond it are passed over.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<ImmutableArray<DueRun>> FindAsync(DateTimeOffset closedBefore, DateTimeOffset now, int max, CancellationToken cancellationToken = default);

    /// <summary>
    /// Purges, in one transaction, those of the runs that are as they were found; whatever was written since, is held, or is being
    /// purged by another node is left alone.
    /// </summary>
    /// <param name="runs">The runs; one at least.</param>
    /// <param name="now">The time of their tombstones.</param>
    /// <param name="cancellationToken">Withdraws the write while it is still queued.</param>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    Task<PurgeStep> PurgeAsync(IReadOnlyList<DueRun> runs, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes a part of a run that is too large for one transaction, if it is as it was found. From the first time on nothing finds
    /// the run any more; it is found by <see cref="FindAsync"/> until its last part is purged.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="units">How much of it to delete, 1 or more.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Withdraws the write while it is still queued.</param>
    /// <returns>How long the longest of its transactions took; as purged it counts nothing.</returns>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    Task<PurgeStep> ShrinkAsync(DueRun run, int units, DateTimeOffset now, CancellationToken cancellationToken = default);
}

/// <summary>A run that is due to be purged.</summary>
/// <param name="WorkflowId">Its id.</param>
/// <param name="RunId">The run.</param>
/// <param name="Sequence">The number of its newest event, as its row tells.</param>
/// <param name="Units">What it costs to delete: a unit for each row and for every 4 KB of it.</param>
public sealed record DueRun(string WorkflowId, Guid RunId, long Sequence, long Units);

/// <summary>What a transaction of the purge did.</summary>
/// <param name="Purged">How many runs are gone.</param>
/// <param name="Took">For how long it held up other writers.</param>
public readonly record struct PurgeStep(int Purged, TimeSpan Took);

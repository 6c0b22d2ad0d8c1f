using System.Collections.Immutable;
using ActorFlow.Runtime.Persistence;

namespace ActorFlow.Runtime.Index;

/// <summary>
/// Deletes runs that have ended, many in one transaction: journal, checkpoints, payloads, tags and rows of the index. What remains of
/// each is a tombstone of at most 120 bytes. Thread-safe, and safe to use from several nodes at once.
/// </summary>
internal interface IRunPurge
{
    /// <summary>
    /// Finds runs that closed before a time and owe nothing to other runs, and runs whose purge was begun; the longest closed come
    /// first. It only reads: several nodes may find the same runs.
    /// </summary>
    /// <param name="closedBefore">The time before which they closed.</param>
    /// <param name="now">The time: runs that are held beyond it are left out.</param>
    /// <param name="max">The most runs.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<ImmutableArray<DueRun>> FindAsync(DateTimeOffset closedBefore, DateTimeOffset now, int max, CancellationToken cancellationToken = default);

    /// <summary>
    /// Finds one run, if it has ended and owes nothing to other runs, or if its purge was begun; null means that it is not so, that it is held,
    /// or that the index does not have its newest row yet.
    /// </summary>
    /// <param name="workflowId">The id of the run.</param>
    /// <param name="now">The time: a run that is held beyond it is not found.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<DueRun?> FindOneAsync(string workflowId, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>
    /// Purges, in one transaction, those of the runs that are as they were found; a run that was written since, is held, or is being
    /// purged by another node is not purged.
    /// </summary>
    /// <param name="runs">The runs, at least one.</param>
    /// <param name="now">The time of their tombstones.</param>
    /// <param name="cancellationToken">Withdraws the write while it is still queued.</param>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    Task<PurgeStep> PurgeAsync(IReadOnlyList<DueRun> runs, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes a part of a run that is too large for one transaction, if it is as it was found. From then on nothing else finds
    /// the run; <see cref="FindAsync"/> finds it until its last part is purged.
    /// </summary>
    /// <param name="run">The run.</param>
    /// <param name="units">How much of it to delete, 1 or more.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Withdraws the write while it is still queued.</param>
    /// <returns>The time of its longest transaction; its number of purged runs is 0.</returns>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    Task<PurgeStep> ShrinkAsync(DueRun run, int units, DateTimeOffset now, CancellationToken cancellationToken = default);
}

/// <summary>A run that is due to be purged.</summary>
/// <param name="WorkflowId">Its id.</param>
/// <param name="RunId">The id of this start of the run.</param>
/// <param name="Sequence">The number of its newest event, from its row.</param>
/// <param name="Units">The cost of its deletion: a unit for each row and for every 4 KB of it.</param>
internal sealed record DueRun(string WorkflowId, Guid RunId, long Sequence, long Units);

/// <summary>The result of one transaction of the purge.</summary>
/// <param name="Purged">How many runs were purged.</param>
/// <param name="Took">How long it held up other writers.</param>
internal readonly record struct PurgeStep(int Purged, TimeSpan Took);

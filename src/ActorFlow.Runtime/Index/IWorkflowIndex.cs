using System.Collections.Immutable;
using ActorFlow.Runtime.Persistence;

namespace ActorFlow.Runtime.Index;

/// <summary>
/// The runs of a store as lists, counts and wake-ups see them: a row per workflow id. Rows are hints that runs send and repeat;
/// nothing is decided by them but what to look at. Safe for all threads.
/// </summary>
public interface IWorkflowIndex
{
    /// <summary>
    /// Takes rows in. Of one run the highest sequence number stays, of two runs that used one id the one that started later; what
    /// is older is passed over, and so are late rows of a run that was purged. Durable when the task completes.
    /// </summary>
    /// <param name="rows">The rows, in any order.</param>
    /// <param name="cancellationToken">Withdraws the write while it is still queued.</param>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    Task UpsertAsync(IReadOnlyCollection<WorkflowIndexRow> rows, CancellationToken cancellationToken = default);

    /// <summary>The row of a run, one's too that is being purged; none: there is none.</summary>
    /// <param name="workflowId">The id of the run.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<WorkflowIndexRow?> GetAsync(string workflowId, CancellationToken cancellationToken = default);

    /// <summary>A page of the runs that fit, the newest start first. Runs that start meanwhile do not disturb the pages that follow.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ArgumentException">A value of the query is out of range, or its continuation is not one of ours.</exception>
    Task<IndexPage> ListAsync(IndexQuery query, CancellationToken cancellationToken = default);

    /// <summary>How many runs fit, by where they stand; a status that no run has is left out.</summary>
    /// <inheritdoc cref="ListAsync"/>
    Task<IReadOnlyDictionary<WorkflowStatus, long>> CountAsync(IndexQuery query, CancellationToken cancellationToken = default);

    /// <summary>
    /// Claims runs that have to wake: <see cref="WorkflowIndexRow.WakeAt"/> has come, and nobody has claimed them lately. The longest
    /// due come first. A claim ends early when the run's time to wake changes.
    /// </summary>
    /// <param name="now">The time by which they have to wake, and from which the claim runs.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="claim">For how long nobody else gets them.</param>
    /// <param name="among">Only runs of these ids; none: any.</param>
    /// <param name="cancellationToken">Withdraws the claim while it is still queued.</param>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    Task<ImmutableArray<ClaimedRun>> ClaimDueAsync(
        DateTimeOffset now, int max, TimeSpan claim, IReadOnlyCollection<string>? among = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Claims runs that closed before a time, that may owe something to another run (<see cref="WorkflowIndexRow.Owes"/>), and that
    /// nobody has claimed lately; the longest closed come first. The others are purged without being asked: <see cref="IRunPurge"/>.
    /// </summary>
    /// <param name="closedBefore">They closed before then.</param>
    /// <param name="now">The time.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="claim">For how long nobody else gets them.</param>
    /// <param name="cancellationToken">Withdraws the claim while it is still queued.</param>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    Task<ImmutableArray<ClaimedRun>> ClaimOwingAsync(
        DateTimeOffset closedBefore, DateTimeOffset now, int max, TimeSpan claim, CancellationToken cancellationToken = default);

    /// <summary>Notes that a closed run owes nothing to anybody any more. Another run of that id, and one that is open, is passed over.</summary>
    /// <param name="workflowId">The id of the run.</param>
    /// <param name="runId">The run.</param>
    /// <param name="cancellationToken">Withdraws the write while it is still queued.</param>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    Task SettleAsync(string workflowId, Guid runId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Keeps a closed run from being purged or claimed until a time: before it writes to its journal again. One that has no row cannot
    /// be purged, and is held.
    /// </summary>
    /// <param name="workflowId">The id of the run.</param>
    /// <param name="until">Until when.</param>
    /// <param name="cancellationToken">Withdraws the write while it is still queued.</param>
    /// <returns>False: it was purged, or is being purged. Nothing is left of it.</returns>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    Task<bool> HoldAsync(string workflowId, DateTimeOffset until, CancellationToken cancellationToken = default);

    /// <summary>
    /// Says that a run cannot be brought back from its journal. Whatever row it sends next puts that right, one of the same sequence
    /// number too. A run that has no row, or was purged, is passed over.
    /// </summary>
    /// <param name="workflowId">The id of the run.</param>
    /// <param name="failure">Why.</param>
    /// <param name="at">When it was tried.</param>
    /// <param name="cancellationToken">Withdraws the write while it is still queued.</param>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    Task MarkStuckAsync(string workflowId, IndexedFailure failure, DateTimeOffset at, CancellationToken cancellationToken = default);

    /// <summary>When the run that had an id was purged; none: there is no tombstone of it.</summary>
    /// <param name="workflowId">The id of the run.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<DateTimeOffset?> PurgedAtAsync(string workflowId, CancellationToken cancellationToken = default);

    /// <summary>Removes tombstones of runs that were purged before a time.</summary>
    /// <param name="purgedBefore">They were purged before then.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="cancellationToken">Withdraws the write while it is still queued.</param>
    /// <returns>How many were removed.</returns>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    Task<int> RemoveTombstonesAsync(DateTimeOffset purgedBefore, int max, CancellationToken cancellationToken = default);
}

/// <summary>A run that was claimed.</summary>
/// <param name="WorkflowId">Its id.</param>
/// <param name="RunId">The run.</param>
public sealed record ClaimedRun(string WorkflowId, Guid RunId);

using System.Collections.Immutable;
using ActorFlow.Runtime.Persistence;

namespace ActorFlow.Runtime.Index;

/// <summary>
/// The index of a store's runs, for lists, counts and wake-ups: a row for each workflow id. Rows are hints that runs send and repeat;
/// they only decide which runs to look at. Thread-safe.
/// </summary>
internal interface IWorkflowIndex
{
    /// <summary>
    /// Writes rows. Of one run the row of the highest sequence number is kept, of two runs that used one id the one that started later; an
    /// older row is ignored, and so is a late row of a purged run. The rows are durable when the task completes.
    /// </summary>
    /// <param name="rows">The rows, in any order.</param>
    /// <param name="cancellationToken">Withdraws the write while it is still queued.</param>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    Task UpsertAsync(IReadOnlyCollection<WorkflowIndexRow> rows, CancellationToken cancellationToken = default);

    /// <summary>Reads the row of a run, also while the run is being purged; null means that there is none.</summary>
    /// <param name="workflowId">The id of the run.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<WorkflowIndexRow?> GetAsync(string workflowId, CancellationToken cancellationToken = default);

    /// <summary>Reads a page of the runs that match, the newest start first. Runs that start meanwhile do not affect the following pages.</summary>
    /// <param name="query">The runs to list.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ArgumentException">A value of the query is out of range, or its continuation is not valid.</exception>
    Task<IndexPage> ListAsync(IndexQuery query, CancellationToken cancellationToken = default);

    /// <summary>Counts the runs that match, by status; a status that no run has is left out.</summary>
    /// <inheritdoc cref="ListAsync"/>
    Task<IReadOnlyDictionary<WorkflowStatus, long>> CountAsync(IndexQuery query, CancellationToken cancellationToken = default);

    /// <summary>
    /// Claims runs to wake: their <see cref="WorkflowIndexRow.WakeAt"/> has come, and no claim on them is in force. The longest
    /// due come first. A claim ends early when <see cref="WorkflowIndexRow.WakeAt"/> changes.
    /// </summary>
    /// <param name="now">The time by which they must wake, and from which the claim counts.</param>
    /// <param name="max">The most runs.</param>
    /// <param name="claim">How long no other node can claim them.</param>
    /// <param name="among">Only runs of these ids; null means any.</param>
    /// <param name="cancellationToken">Withdraws the claim while it is still queued.</param>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    Task<ImmutableArray<ClaimedRun>> ClaimDueAsync(
        DateTimeOffset now, int max, TimeSpan claim, IReadOnlyCollection<string>? among = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Claims runs that closed before a time, that may owe something to another run (<see cref="WorkflowIndexRow.Owes"/>), and on which
    /// no claim is in force; the longest closed come first. The others are purged without a question: <see cref="IRunPurge"/>.
    /// </summary>
    /// <param name="closedBefore">The time before which they closed.</param>
    /// <param name="now">The time.</param>
    /// <param name="max">The most runs.</param>
    /// <param name="claim">How long no other node can claim them.</param>
    /// <param name="cancellationToken">Withdraws the claim while it is still queued.</param>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    Task<ImmutableArray<ClaimedRun>> ClaimOwingAsync(
        DateTimeOffset closedBefore, DateTimeOffset now, int max, TimeSpan claim, CancellationToken cancellationToken = default);

    /// <summary>Notes that a closed run owes nothing to other runs any more. Another run of that id, or an open one, is not changed.</summary>
    /// <param name="workflowId">The id of the run.</param>
    /// <param name="runId">The id of this start of the run.</param>
    /// <param name="cancellationToken">Withdraws the write while it is still queued.</param>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    Task SettleAsync(string workflowId, Guid runId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Keeps a closed run from being purged or claimed until a time, before it writes to its journal again. A run without a row cannot
    /// be purged, and counts as held.
    /// </summary>
    /// <param name="workflowId">The id of the run.</param>
    /// <param name="until">When the hold ends.</param>
    /// <param name="cancellationToken">Withdraws the write while it is still queued.</param>
    /// <returns>False means that it was purged or is being purged, so that nothing of it remains.</returns>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    Task<bool> HoldAsync(string workflowId, DateTimeOffset until, CancellationToken cancellationToken = default);

    /// <summary>
    /// Notes that a run cannot be recovered from its journal. Its next row corrects that, even one of the same sequence
    /// number. A run without a row, or a purged one, is not changed.
    /// </summary>
    /// <param name="workflowId">The id of the run.</param>
    /// <param name="failure">Why.</param>
    /// <param name="at">When the recovery was tried.</param>
    /// <param name="cancellationToken">Withdraws the write while it is still queued.</param>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    Task MarkStuckAsync(string workflowId, IndexedFailure failure, DateTimeOffset at, CancellationToken cancellationToken = default);

    /// <summary>Finds when the run that had an id was purged; null means that there is no tombstone of it.</summary>
    /// <param name="workflowId">The id of the run.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<DateTimeOffset?> PurgedAtAsync(string workflowId, CancellationToken cancellationToken = default);

    /// <summary>Removes tombstones of runs that were purged before a time.</summary>
    /// <param name="purgedBefore">The time before which they were purged.</param>
    /// <param name="max">The most tombstones.</param>
    /// <param name="cancellationToken">Withdraws the write while it is still queued.</param>
    /// <returns>How many were removed.</returns>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    Task<int> RemoveTombstonesAsync(DateTimeOffset purgedBefore, int max, CancellationToken cancellationToken = default);
}

/// <summary>A run that was claimed.</summary>
/// <param name="WorkflowId">Its id.</param>
/// <param name="RunId">The id of this start of the run.</param>
internal sealed record ClaimedRun(string WorkflowId, Guid RunId);

using System.Collections.Immutable;

namespace ActorFlow.Runtime.Access;

/// <summary>Who did what, as a store keeps it: rows that are added, read by time and deleted when they are old.</summary>
internal interface IAuditLog
{
    /// <summary>Adds entries, all or none; one that is there stays as it is. Durable when the task completes.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="cancellationToken">Withdraws the write while it is still queued.</param>
    /// <exception cref="Persistence.StoreWriteException">The store could not write.</exception>
    Task AddAsync(IReadOnlyCollection<AuditEntry> entries, CancellationToken cancellationToken = default);

    /// <summary>Reads entries, the newest first.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<ImmutableArray<AuditEntry>> ListAsync(AuditQuery query, CancellationToken cancellationToken = default);

    /// <summary>Deletes the oldest entries before a time.</summary>
    /// <param name="before">The time.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="cancellationToken">Withdraws it while it is not begun.</param>
    /// <exception cref="Persistence.StoreWriteException">The store could not write.</exception>
    /// <returns>How many were deleted.</returns>
    Task<int> RemoveAsync(DateTimeOffset before, int max, CancellationToken cancellationToken = default);
}

/// <summary>Something that was done or refused. It holds no payload and no secret.</summary>
/// <param name="Time">When.</param>
/// <param name="Id">What tells entries of one time apart.</param>
/// <param name="Caller">Who.</param>
/// <param name="Role">The word of the caller's role.</param>
/// <param name="Verb">The operation, as the API names it; empty for calls that were refused at the door.</param>
/// <param name="Target">What it was done to: the id of a run or a key, or the definitions; empty means that it is not known.</param>
/// <param name="Command">The id of the command; empty means that none was given.</param>
/// <param name="Outcome"><c>ok</c>, a code of refusal, or <c>intended</c> before an act of administration.</param>
/// <param name="Count">How many calls it stands for: more than one only for refusals at the door.</param>
internal sealed record AuditEntry(
    DateTimeOffset Time, string Id, string Caller, string Role, string Verb, string Target, string Command, string Outcome, int Count = 1);

/// <summary>Which entries are read.</summary>
internal sealed record AuditQuery
{
    /// <summary>The earliest time; null means that there is none.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The time before which entries are; null means that there is none.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Who; null means everybody.</summary>
    public string? By { get; init; }

    /// <summary>What it was done to; null means everything.</summary>
    public string? Target { get; init; }

    /// <summary>The entry behind which to go on; null means that it begins with the newest.</summary>
    public (DateTimeOffset Time, string Id)? After { get; init; }

    /// <summary>How many at most.</summary>
    public required int Limit { get; init; }
}

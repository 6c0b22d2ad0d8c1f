using ActorFlow.Runtime.Persistence.Writing;
using Akka.Persistence.Sql.Journal.Types;

namespace ActorFlow.Runtime.Persistence;

/// <summary>What the journal needs of a database: one implementation per database.</summary>
internal interface IJournalStorage
{
    /// <summary>
    /// Stores the rows of one call of one actor and the large payloads that they refer to, all or none, and tells when they are durable, or why they are not
    /// stored: by <see cref="FencedWriteException"/> when another incarnation holds one of the sequence numbers.
    /// </summary>
    void Write(
        string persistenceId,
        IReadOnlyList<JournalRow> rows,
        IReadOnlyCollection<KeyValuePair<string, byte[]>> payloads,
        IWriteCompletion end,
        CancellationToken withdraw);

    /// <summary>The highest sequence number stored, deleted events and those of a purged run included as long as there is a tombstone, once the writes in flight for the id are done; 0: none.</summary>
    Task<long> HighestSequenceNrAsync(string persistenceId);

    /// <summary>
    /// Gives the rows that are not deleted, in order, both ends included, <paramref name="max"/> at most. While it does, references
    /// to large payloads resolve on its thread.
    /// </summary>
    Task ReplayAsync(string persistenceId, long from, long to, long max, Action<JournalRow> replay);

    /// <summary>Deletes up to and including <paramref name="to"/>; the highest of the deleted stays, marked, to keep its number.</summary>
    Task DeleteToAsync(string persistenceId, long to, CancellationToken withdraw);
}

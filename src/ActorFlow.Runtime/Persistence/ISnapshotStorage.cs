using Akka.Persistence;
using Akka.Persistence.Sql.Snapshot;

namespace ActorFlow.Runtime.Persistence;

/// <summary>What the snapshot store needs of a database: one implementation per database.</summary>
internal interface ISnapshotStorage
{
    /// <summary>
    /// Reads snapshots of an id that satisfy the criteria. While <paramref name="read"/> runs, references to large payloads resolve on
    /// its thread.
    /// </summary>
    /// <param name="persistenceId">Whose.</param>
    /// <param name="criteria">Which.</param>
    /// <param name="read">Asked with the way to the newest row up to a sequence number; may be asked again when the database fails.</param>
    Task<SelectedSnapshot?> ReadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, Func<Func<long, LongSnapshotRow?>, SelectedSnapshot?> read);

    /// <summary>Stores a snapshot and the large payloads that it refers to, all or none, in place of one of the same number.</summary>
    Task SaveAsync(LongSnapshotRow row, IReadOnlyCollection<KeyValuePair<string, byte[]>> payloads, CancellationToken withdraw);

    /// <summary>Deletes the snapshots that satisfy the criteria.</summary>
    Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken withdraw);
}

/// <summary>A store whose journal and snapshots are tables.</summary>
internal interface ITableStore
{
    IJournalStorage Journal { get; }

    ISnapshotStorage Snapshots { get; }

    FreshIds FreshIds { get; }

    /// <summary>How long an actor waits for its write.</summary>
    TimeSpan CallTimeout { get; }
}

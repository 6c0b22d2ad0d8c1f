namespace ActorFlow.Runtime.Checkpoints;

/// <summary>Finds the checkpoints that a store keeps, without waking their run. Thread-safe.</summary>
internal interface ICheckpointCatalog
{
    /// <summary>The most that one call lists: 10,000.</summary>
    const int MostListed = 10_000;

    /// <summary>Lists the checkpoints that are kept of a run, newest first.</summary>
    /// <param name="persistenceId">The run's persistence id.</param>
    /// <param name="before">Only checkpoints of lower sequence numbers are listed: for the next page, that of the last one listed. The default is all.</param>
    /// <param name="limit">The most to list, 1 to 10,000. The default is 10,000.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of range.</exception>
    Task<IReadOnlyList<KeptCheckpoint>> ListAsync(
        string persistenceId, long before = long.MaxValue, int limit = MostListed, CancellationToken cancellationToken = default);

    /// <summary>Reads one checkpoint; null means that none is kept under that number.</summary>
    /// <param name="persistenceId">The run's persistence id.</param>
    /// <param name="sequence">The sequence number that it is kept under.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidDataException">The checkpoint cannot be read; the message names the run and the number.</exception>
    Task<WorkflowCheckpoint?> LoadAsync(string persistenceId, long sequence, CancellationToken cancellationToken = default);
}

/// <summary>One checkpoint that a store keeps.</summary>
/// <param name="Sequence">The sequence number of the journal row after which it was taken.</param>
/// <param name="Created">When it was stored.</param>
/// <param name="Bytes">Its size as stored, without the payloads over 64 KB that it refers to.</param>
internal sealed record KeptCheckpoint(long Sequence, DateTimeOffset Created, long Bytes);

namespace ActorFlow.Runtime.Persistence.Memory;

/// <summary>Stores in memory: runs live as long as the store. For tests.</summary>
internal sealed class MemoryPersistence : IPersistenceProvider
{
    /// <summary>Opens an empty store.</summary>
    /// <param name="time">The clock; null means the system's.</param>
    public static PersistenceStore Open(TimeProvider? time = null) => PersistenceStore.Open(new() { Journal = JournalKind.Memory }, [], time);

    /// <inheritdoc/>
    public bool Handles(JournalKind journal) => journal == JournalKind.Memory;

    /// <inheritdoc/>
    public IEnumerable<string> FailuresOf(PersistenceOptions options) => [];

    /// <inheritdoc/>
    public PersistenceStore OpenStore(PersistenceOptions options, TimeProvider time) => new MemoryStore(options, time);
}

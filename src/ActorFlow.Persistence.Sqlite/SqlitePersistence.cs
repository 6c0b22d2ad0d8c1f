using ActorFlow.Runtime.Persistence;
using Microsoft.Extensions.Options;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>The embedded database, in a data directory of one node.</summary>
internal sealed class SqlitePersistence : IPersistenceProvider
{
    /// <summary>Opens the store that the options describe: locks the data directory, checks and migrates its database.</summary>
    /// <param name="options">What to open.</param>
    /// <param name="time">The clock; null means the system's.</param>
    /// <exception cref="OptionsValidationException">A value is out of range; the message names it.</exception>
    /// <exception cref="DataDirectoryException">The directory cannot be used; the message is one line and says why.</exception>
    public static PersistenceStore Open(PersistenceOptions options, TimeProvider? time = null) =>
        PersistenceStore.Open(options, [new SqlitePersistence()], time);

    /// <inheritdoc/>
    public bool Handles(JournalKind journal) => journal is JournalKind.ActorFlow or JournalKind.Stock;

    /// <inheritdoc/>
    public IEnumerable<string> FailuresOf(PersistenceOptions options) => [];

    /// <inheritdoc/>
    public PersistenceStore OpenStore(PersistenceOptions options, TimeProvider time) => SqliteStore.Open(options, time);
}

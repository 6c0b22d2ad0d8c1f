using ActorFlow.Runtime.Persistence;
using Microsoft.Extensions.Options;

namespace ActorFlow.Persistence.Postgres;

/// <summary>PostgreSQL, the database of a cluster.</summary>
internal sealed class PostgresPersistence : IPersistenceProvider
{
    /// <summary>Opens the store that the options describe: connects, checks and migrates the database.</summary>
    /// <param name="options">What to open.</param>
    /// <param name="time">The clock; null means the system's.</param>
    /// <exception cref="OptionsValidationException">A value is out of range; the message names it.</exception>
    /// <exception cref="DatabaseException">The database server cannot be used; the message is one line and says why.</exception>
    public static PersistenceStore Open(PersistenceOptions options, TimeProvider? time = null) =>
        PersistenceStore.Open(options, [new PostgresPersistence()], time);

    /// <inheritdoc/>
    public bool Handles(JournalKind journal) => journal == JournalKind.Postgres;

    /// <summary>Says nothing of what was given: it may hold a password, or part of one.</summary>
    /// <param name="options">Options whose ranges have been checked.</param>
    public IEnumerable<string> FailuresOf(PersistenceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return PostgresDatabase.TryRead(options.ConnectionString) is { Host.Length: > 0 } ? [] : [PersistenceOptionsValidator.NoDatabase];
    }

    /// <inheritdoc/>
    public PersistenceStore OpenStore(PersistenceOptions options, TimeProvider time) => PostgresStore.Open(options, time);
}

namespace ActorFlow.Runtime.Persistence;

/// <summary>Opens the stores of one database; each is a package of its own, and <c>UseSqlite()</c> and the like register it.</summary>
internal interface IPersistenceProvider
{
    /// <summary>Whether the options ask for this database.</summary>
    /// <param name="journal">What <see cref="PersistenceOptions.Journal"/> says.</param>
    bool Handles(JournalKind journal);

    /// <summary>What only this database can find wrong with the options; each begins with its key. Empty means nothing.</summary>
    /// <param name="options">Options whose ranges have been checked.</param>
    IEnumerable<string> FailuresOf(PersistenceOptions options);

    /// <summary>Opens the store.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="DataDirectoryException">The directory cannot be used; the message is one line and says why.</exception>
    /// <exception cref="DatabaseException">The database server cannot be used; the message is one line and says why.</exception>
    PersistenceStore OpenStore(PersistenceOptions options, TimeProvider time);
}

namespace ActorFlow.Runtime.Persistence;

/// <summary>The definitions that runs refer to: rows by content hash, never changed once written.</summary>
internal interface IDefinitionStore
{
    /// <summary>Keeps a definition; one already kept under this hash stays as it is. Durable when the task completes.</summary>
    /// <param name="definition">The definition.</param>
    /// <param name="cancellationToken">Withdraws the write while it is still queued.</param>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    Task PutAsync(StoredDefinition definition, CancellationToken cancellationToken = default);

    /// <summary>The definition kept under <paramref name="hash"/>, or none.</summary>
    /// <param name="hash">The content hash, as it was put.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<StoredDefinition?> GetAsync(string hash, CancellationToken cancellationToken = default);
}

/// <summary>One kept definition.</summary>
/// <param name="Hash">Its content hash: the key.</param>
/// <param name="Name">The workflow's name.</param>
/// <param name="Version">The workflow's version, 1 or more.</param>
/// <param name="Document">The definition in its canonical written form.</param>
/// <param name="Created">When it was first put.</param>
internal sealed record StoredDefinition(string Hash, string Name, int Version, ReadOnlyMemory<byte> Document, DateTimeOffset Created);

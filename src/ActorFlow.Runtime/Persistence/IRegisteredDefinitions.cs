using System.Collections.Immutable;

namespace ActorFlow.Runtime.Persistence;

/// <summary>
/// The versions of definitions that were registered, for lists. The registry's entities are the truth, one per name; they write here
/// what they have recorded. The table of definitions would not do: it also holds those that were only ever run, or refused.
/// </summary>
internal interface IRegisteredDefinitions
{
    /// <summary>Takes a version in; one that is there stays as it is. Durable when the task completes.</summary>
    /// <param name="version">The version.</param>
    /// <param name="cancellationToken">Withdraws the write while it is still queued.</param>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    Task PutAsync(RegisteredDefinition version, CancellationToken cancellationToken = default);

    /// <summary>Every registered version, by name, the newest first.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<ImmutableArray<RegisteredDefinition>> ListAsync(CancellationToken cancellationToken = default);
}

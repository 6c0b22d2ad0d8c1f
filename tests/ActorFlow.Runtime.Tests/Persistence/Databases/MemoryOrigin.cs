using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Memory;

namespace ActorFlow.Runtime.Tests.Persistence.Databases;

/// <summary>Stores in memory.</summary>
/// <param name="keep">Whether all are one, which finds what it kept; or each is new.</param>
public sealed class MemoryOrigin(bool keep = false) : IStoreOrigin
{
    private readonly PersistenceStore _kept = New();

    public Task ClearAsync() => Task.CompletedTask;

    PersistenceStore IStoreOrigin.Open(Action<PersistenceOptions>? change) => Open(change);

    internal PersistenceStore Open(Action<PersistenceOptions>? change = null) => keep ? _kept : New();

    public ValueTask DisposeAsync() => _kept.DisposeAsync();

    private static PersistenceStore New() => MemoryPersistence.Open();
}

using ActorFlow.Runtime.Persistence;

namespace ActorFlow.Runtime.Tests.Persistence.Databases;

public sealed class MemoryOrigin : IStoreOrigin
{
    public Task ClearAsync() => Task.CompletedTask;

    public PersistenceStore Open(Action<PersistenceOptions>? change = null) =>
        PersistenceStore.Open(new PersistenceOptions { Journal = JournalKind.Memory });

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

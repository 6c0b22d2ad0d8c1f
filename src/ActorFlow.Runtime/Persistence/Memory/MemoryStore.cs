using System.Collections.Concurrent;
using Akka.Hosting;

namespace ActorFlow.Runtime.Persistence.Memory;

/// <summary>Keeps everything in this object: a second ActorSystem on it finds what the first one wrote.</summary>
internal sealed class MemoryStore(PersistenceOptions options, TimeProvider time) : PersistenceStore(options, time)
{
    public override IDefinitionStore Definitions { get; } = new MemoryDefinitionStore();

    public override string? Trouble => null;

    /// <summary>The plugins' own storages; their types are theirs, they make them at first use.</summary>
    public ConcurrentDictionary<Type, object> Storages { get; } = new();

    public override Task FlushAsync() => Task.CompletedTask;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal override void Configure(AkkaConfigurationBuilder builder) => builder.AddHocon(
        $$"""
        akka.persistence {
          journal {
            plugin = "akka.persistence.journal.actorflow-memory"
            actorflow-memory {
              class = "{{typeof(MemoryStoreJournal).AssemblyQualifiedName}}"
              plugin-dispatcher = "akka.actor.default-dispatcher"
            }
          }
          snapshot-store {
            plugin = "akka.persistence.snapshot-store.actorflow-memory"
            actorflow-memory {
              class = "{{typeof(MemoryStoreSnapshots).AssemblyQualifiedName}}"
              plugin-dispatcher = "akka.actor.default-dispatcher"
            }
          }
        }
        """,
        HoconAddMode.Prepend);
}

/// <summary>Definitions in memory.</summary>
internal sealed class MemoryDefinitionStore : IDefinitionStore
{
    private readonly ConcurrentDictionary<string, StoredDefinition> _definitions = new(StringComparer.Ordinal);

    public Task PutAsync(StoredDefinition definition, CancellationToken cancellationToken = default)
    {
        _definitions.TryAdd(definition.Hash, definition);
        return Task.CompletedTask;
    }

    public Task<StoredDefinition?> GetAsync(string hash, CancellationToken cancellationToken = default) =>
        Task.FromResult(_definitions.GetValueOrDefault(hash));
}

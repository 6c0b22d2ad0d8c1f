using System.Collections.Concurrent;
using System.Collections.Immutable;
using ActorFlow.Runtime.Access;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Checkpoints;
using Akka.Hosting;

namespace ActorFlow.Runtime.Persistence.Memory;

/// <summary>Keeps everything in this object: a second ActorSystem on it finds what the first one wrote.</summary>
internal sealed class MemoryStore : PersistenceStore
{
    public MemoryStore(PersistenceOptions options, TimeProvider time) : base(options, time)
    {
        var tombstones = new MemoryTombstones();
        var index = new MemoryWorkflowIndex(tombstones);
        Journal = new(tombstones);
        Index = index;
        Purge = new MemoryRunPurge(index, Journal, Snapshots, time);
    }

    public override IDefinitionStore Definitions { get; } = new MemoryDefinitionStore();

    public override IRegisteredDefinitions Registered { get; } = new MemoryRegisteredDefinitions();

    public override IWorkflowIndex Index { get; }

    public override IRunPurge Purge { get; }

    public override ICheckpointCatalog Checkpoints => Snapshots;

    public override IApiKeys Keys { get; } = new MemoryApiKeys();

    public override IAuditLog Audit { get; } = new MemoryAuditLog();

    public override StoreHealth Health { get; } = new();

    public MemorySnapshotRows Snapshots { get; } = new();

    public MemoryJournalRows Journal { get; }

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

/// <summary>Registered versions in memory.</summary>
internal sealed class MemoryRegisteredDefinitions : IRegisteredDefinitions
{
    private readonly ConcurrentDictionary<(string, int), RegisteredDefinition> _versions = new();

    public Task PutAsync(RegisteredDefinition version, CancellationToken cancellationToken = default)
    {
        _versions.TryAdd((version.Name, version.Version), version);
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<RegisteredDefinition>> ListAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<ImmutableArray<RegisteredDefinition>>(
            [.. _versions.Values.OrderBy(version => version.Name, StringComparer.Ordinal).ThenByDescending(version => version.Version)]);
}

using System.Collections.Concurrent;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Runtime.Persistence;

namespace ActorFlow.Runtime.Workflows.Replaying;

/// <summary>The plans that this node has compiled, by content hash. A definition never changes, so a plan stays valid.</summary>
/// <param name="store">The store of definitions.</param>
/// <param name="clock">Gives the time of a definition that is stored for the first time.</param>
internal sealed class PlanCache(IDefinitionStore store, TimeProvider clock)
{
    private const int Size = 1_000;

    private readonly ConcurrentDictionary<string, WorkflowPlan> _plans = new(StringComparer.Ordinal);

    /// <summary>The plan for that hash; null if this node has not compiled it.</summary>
    public WorkflowPlan? Find(string hash) => _plans.GetValueOrDefault(hash);

    /// <summary>Stores a checked definition durably, and compiles it.</summary>
    /// <exception cref="StoreWriteException">The store could not write.</exception>
    public async Task<DefinitionReference> KeepAsync(WorkflowDefinition definition, CancellationToken cancellationToken = default)
    {
        var document = DefinitionJson.Write(definition);
        var reference = definition.ToReference();
        if (!_plans.ContainsKey(reference.Hash))
        {
            var stored = new StoredDefinition(reference.Hash, reference.Name, reference.Version, document, clock.GetUtcNow());
            await store.PutAsync(stored, cancellationToken).ConfigureAwait(false);
            Keep(reference.Hash, WorkflowPlan.Compile(definition));
        }

        return reference;
    }

    /// <summary>The plan for that hash, read from the store if necessary; null if the store has no such definition.</summary>
    public async Task<WorkflowPlan?> LoadAsync(string hash, CancellationToken cancellationToken = default)
    {
        if (Find(hash) is { } known)
        {
            return known;
        }

        return await store.GetAsync(hash, cancellationToken).ConfigureAwait(false) is { } stored ? Keep(hash, Compile(stored)) : null;
    }

    /// <summary>The plan of a definition that a run refers to, read from the store if necessary.</summary>
    /// <exception cref="NotFoundException">The store has no such definition.</exception>
    public async Task<WorkflowPlan> RequireAsync(DefinitionReference definition, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return await LoadAsync(definition.Hash, cancellationToken).ConfigureAwait(false)
            ?? throw WorkflowRefusedException.Of("definition-not-found", $"The definition {definition.Name}@{definition.Version} is not in the store.");
    }

    private static WorkflowPlan Compile(StoredDefinition stored)
    {
        try
        {
            return WorkflowPlan.Compile(DefinitionJson.Read(stored.Document.Span));
        }
        catch (Exception cause)
        {
            throw new UnreadableDefinitionException(stored.Name, stored.Version, cause);
        }
    }

    private WorkflowPlan Keep(string hash, WorkflowPlan plan)
    {
        if (_plans.Count >= Size)
        {
            _plans.Clear();
        }

        return _plans.GetOrAdd(hash, plan);
    }
}

/// <summary>A stored definition cannot be compiled by this version: trying again does not help.</summary>
internal sealed class UnreadableDefinitionException(string name, int version, Exception cause)
    : Exception($"The definition {name}@{version} is in the store, but cannot be compiled: {cause.Message}", cause);

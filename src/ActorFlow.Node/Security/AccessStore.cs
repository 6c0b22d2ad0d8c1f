using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Persistence;
using Microsoft.Extensions.Options;

namespace ActorFlow.Node.Security;

/// <summary>
/// The store with the keys: that of the node. A node without the role <c>workflow</c> has none for its runs, and opens the database of its cluster for
/// the keys alone.
/// </summary>
internal sealed class AccessStore : IAsyncDisposable
{
    private readonly PersistenceStore? _own;

    /// <param name="node">The store of the node.</param>
    /// <param name="options">The options of the node.</param>
    /// <param name="providers">The databases there are.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="DatabaseException">The database cannot be used.</exception>
    /// <exception cref="OptionsValidationException">There is no database to read the keys from.</exception>
    public AccessStore(PersistenceStore node, ActorFlowOptions options, IEnumerable<IPersistenceProvider> providers, TimeProvider time)
    {
        if (node is not AbsentStore)
        {
            Store = node;
        }
        else if (options.Cluster.Roles.Contains(ClusterOptions.ApiRole))
        {
            Store = _own = options.Persistence.Journal == JournalKind.Postgres
                ? PersistenceStore.Open(options.Persistence, providers, time)
                : throw new OptionsValidationException(ActorFlowOptions.Section, typeof(ActorFlowOptions),
                [
                    $"{ActorFlowOptions.Section}:{PersistenceOptions.Section}:Journal is {options.Persistence.Journal}, and a node with the role api but not workflow reads "
                    + "who may call from the database of its cluster: set it to Postgres, and ConnectionString.",
                ]);
        }
    }

    /// <summary>The store; null means that the node serves no API.</summary>
    public PersistenceStore? Store { get; }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _own?.DisposeAsync() ?? ValueTask.CompletedTask;
}

using ActorFlow.Persistence.Sqlite;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ActorFlow;

/// <summary>The embedded database for a node.</summary>
public static class SqliteHosting
{
    /// <summary>Keeps runs in SQLite where <see cref="PersistenceOptions.Journal"/> says so, which is its default.</summary>
    /// <param name="builder">The node.</param>
    public static ActorFlowBuilder UseSqlite(this ActorFlowBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPersistenceProvider, SqlitePersistence>());
        return builder;
    }
}

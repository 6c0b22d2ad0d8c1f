using ActorFlow.Persistence.Postgres;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ActorFlow;

/// <summary>PostgreSQL for a node.</summary>
public static class PostgresHosting
{
    /// <summary>Keeps runs in PostgreSQL where <see cref="PersistenceOptions.Journal"/> says so.</summary>
    /// <param name="builder">The node.</param>
    public static ActorFlowBuilder UsePostgres(this ActorFlowBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPersistenceProvider, PostgresPersistence>());
        return builder;
    }
}

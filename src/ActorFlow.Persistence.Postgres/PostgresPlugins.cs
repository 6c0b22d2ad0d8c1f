using System.Globalization;
using ActorFlow.Runtime.Persistence;
using Akka.Hosting;
using Akka.Persistence.Sql;

namespace ActorFlow.Persistence.Postgres;

/// <summary>The settings of the persistence plugins over PostgreSQL; the tables are made by <see cref="PostgresSchema"/>.</summary>
internal static class PostgresPlugins
{
    public static void Configure(AkkaConfigurationBuilder builder, PersistenceOptions options)
    {
        builder.AddHocon(Hocon(options), HoconAddMode.Prepend);
        builder.AddHocon(SqlPersistence.DefaultConfiguration, HoconAddMode.Append);
    }

    // As with the embedded database. The connection string stays in the store: settings are logged and shown.
    private static string Hocon(PersistenceOptions options)
    {
        var breaker = string.Create(
            CultureInfo.InvariantCulture,
            $"circuit-breaker {{ max-failures = 100, call-timeout = {(long)options.CallTimeout.TotalMilliseconds}ms, reset-timeout = 5s }}");
        return
            $$"""
            akka.persistence {
              journal {
                plugin = "akka.persistence.journal.sql"
                auto-start-journals = ["akka.persistence.journal.sql"]
                sql {
                  class = "{{typeof(ActorFlowJournal).AssemblyQualifiedName}}"
                  connection-string = "held by the store"
                  provider-name = "PostgreSQL"
                  auto-initialize = off
                  replay-filter.mode = off
                  {{breaker}}
                }
              }
              snapshot-store {
                plugin = "akka.persistence.snapshot-store.sql"
                auto-start-snapshot-stores = ["akka.persistence.snapshot-store.sql"]
                sql {
                  class = "{{typeof(ActorFlowSnapshotStore).AssemblyQualifiedName}}"
                  connection-string = "held by the store"
                  provider-name = "PostgreSQL"
                  auto-initialize = off
                  {{breaker}}
                }
              }
            }
            """;
    }
}

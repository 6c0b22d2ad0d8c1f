using System.Globalization;
using System.Text.Json;
using Akka.Hosting;
using Akka.Persistence.Sql;

namespace ActorFlow.Runtime.Persistence.Sql;

/// <summary>The settings of the persistence plugins over a database; the tables are made by the <see cref="SchemaRunner"/>.</summary>
internal static class SqlPlugins
{
    /// <param name="builder">The system that is being set up.</param>
    /// <param name="options">How long calls may take.</param>
    /// <param name="provider">The database, in the words of Linq2Db.</param>
    /// <param name="connection">The connection string. Settings are logged and shown: a password stays in the store.</param>
    /// <param name="own">What the database sets besides, or otherwise.</param>
    public static void Configure(
        AkkaConfigurationBuilder builder, PersistenceOptions options, string provider, string connection, string own = "")
    {
        builder.AddHocon(Hocon(options, JsonSerializer.Serialize(connection), provider), HoconAddMode.Prepend);
        if (own.Length > 0)
        {
            builder.AddHocon(own, HoconAddMode.Prepend);
        }

        builder.AddHocon(SqlPersistence.DefaultConfiguration, HoconAddMode.Append);
    }

    // The replay filter looks for a second writer, which the unique key does not let in, and costs an actor per recovery.
    // The breaker is one for all actors: only a database that is gone for good may open it.
    private static string Hocon(PersistenceOptions options, string connection, string provider)
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
                  connection-string = {{connection}}
                  provider-name = "{{provider}}"
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
                  connection-string = {{connection}}
                  provider-name = "{{provider}}"
                  auto-initialize = off
                  {{breaker}}
                }
              }
            }
            """;
    }
}

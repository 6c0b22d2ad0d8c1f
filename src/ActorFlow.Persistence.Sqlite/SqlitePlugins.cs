using System.Globalization;
using System.Text.Json;
using ActorFlow.Runtime.Persistence;
using Akka.Hosting;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Journal;
using Akka.Persistence.Sql.Snapshot;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>The settings of the persistence plugins over one database file; the tables are made by <see cref="SqliteSchema"/>.</summary>
internal static class SqlitePlugins
{
    public static void Configure(AkkaConfigurationBuilder builder, PersistenceOptions options, SqliteDatabase database)
    {
        var stock = options.Journal == JournalKind.Stock;
        builder.AddHocon(
            Hocon(
                options,
                database,
                journal: stock ? typeof(SqlWriteJournal) : typeof(ActorFlowJournal),
                snapshots: stock ? typeof(SqlSnapshotStore) : typeof(ActorFlowSnapshotStore)),
            HoconAddMode.Prepend);
        builder.AddHocon(SqlPersistence.DefaultConfiguration, HoconAddMode.Append);
        if (stock)
        {
            StockPlugin.Configure(builder, database);
        }
    }

    // The replay filter looks for a second writer, which the unique key does not let in, and costs an actor per recovery.
    // The stock store gives up at a snapshot that it cannot read: there, all events are replayed instead.
    // The breaker is one for all actors: only a database that is gone for good may open it.
    private static string Hocon(PersistenceOptions options, SqliteDatabase database, Type journal, Type snapshots)
    {
        var connection = JsonSerializer.Serialize(database.ConnectionString);
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
                  class = "{{journal.AssemblyQualifiedName}}"
                  connection-string = {{connection}}
                  provider-name = "SQLite.MS"
                  auto-initialize = off
                  parallelism = 1
                  batch-size = {{SqliteWriteQueue.BatchRows}}
                  replay-filter.mode = off
                  {{breaker}}
                }
              }
              snapshot-store {
                plugin = "akka.persistence.snapshot-store.sql"
                auto-start-snapshot-stores = ["akka.persistence.snapshot-store.sql"]
                sql {
                  class = "{{snapshots.AssemblyQualifiedName}}"
                  connection-string = {{connection}}
                  provider-name = "SQLite.MS"
                  auto-initialize = off
                  snapshot-is-optional = {{(options.Journal == JournalKind.Stock ? "true" : "false")}}
                  {{breaker}}
                }
              }
              query.journal.sql {
                write-plugin = "akka.persistence.journal.sql"
                connection-string = {{connection}}
                provider-name = "SQLite.MS"
              }
            }
            """;
    }
}

using System.Text.Json;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Sql;
using Akka.Hosting;
using Akka.Persistence.Sql.Journal;
using Akka.Persistence.Sql.Snapshot;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>The settings of the persistence plugins over one database file.</summary>
internal static class SqlitePlugins
{
    private const string Provider = "SQLite.MS";

    public static void Configure(AkkaConfigurationBuilder builder, PersistenceOptions options, SqliteDatabase database)
    {
        var isStock = options.Journal == JournalKind.Stock;
        var own = Own(JsonSerializer.Serialize(database.ConnectionString));
        SqlPlugins.Configure(builder, options, Provider, database.ConnectionString, isStock ? own + Stock() : own);
        if (isStock)
        {
            StockPlugin.Configure(builder, database);
        }
    }

    private static string Own(string connection) =>
        $$"""
        akka.persistence {
          journal.sql {
            parallelism = 1
            batch-size = {{SqliteWriteQueue.BatchRows}}
          }
          query.journal.sql {
            write-plugin = "akka.persistence.journal.sql"
            connection-string = {{connection}}
            provider-name = "{{Provider}}"
          }
        }

        """;

    // The stock store gives up at a snapshot that it cannot read: there, all events are replayed instead.
    private static string Stock() =>
        $$"""
        akka.persistence {
          journal.sql.class = "{{typeof(SqlWriteJournal).AssemblyQualifiedName}}"
          snapshot-store.sql {
            class = "{{typeof(SqlSnapshotStore).AssemblyQualifiedName}}"
            snapshot-is-optional = true
          }
        }
        """;
}

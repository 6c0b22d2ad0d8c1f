using System.Data.Common;
using Akka.Hosting;
using Akka.Persistence.Sql.Config;
using LinqToDB;
using LinqToDB.Interceptors;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>What Akka.Persistence.Sql needs to run well on SQLite, with its code untouched.</summary>
internal static class StockPlugin
{
    private const string Provider = "SQLite.MS";

    public static void Configure(AkkaConfigurationBuilder builder, SqliteDatabase database) =>
        builder.AddSetup(new DataOptionsSetup(new DataOptions()
            .UseConnectionString(Provider, PooledConnectionString(database))
            .UseInterceptor(new Connections(database))));

    /// <summary>Idle connections of the pool would keep the file open.</summary>
    public static void ClosePooled(SqliteDatabase database)
    {
        using var connection = new SqliteConnection(PooledConnectionString(database));
        SqliteConnection.ClearPool(connection);
    }

    private static string PooledConnectionString(SqliteDatabase database) =>
        new SqliteConnectionStringBuilder(database.ConnectionString) { Pooling = true }.ToString();

    private sealed class Connections(SqliteDatabase database) : ConnectionInterceptor
    {
        // SQLite's async calls run on the caller's thread, which is the one that collects the plugin's batches: without
        // leaving it here, every write would be a batch and a transaction of its own.
        public override async Task ConnectionOpeningAsync(
            ConnectionEventData eventData, DbConnection connection, CancellationToken cancellationToken) => await Task.Yield();

        public override void ConnectionOpened(ConnectionEventData eventData, DbConnection connection) =>
            database.SetPragmas(connection);

        public override Task ConnectionOpenedAsync(
            ConnectionEventData eventData, DbConnection connection, CancellationToken cancellationToken)
        {
            database.SetPragmas(connection);
            return Task.CompletedTask;
        }
    }
}

using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Runtime.Persistence.Sqlite;

/// <summary>The database file of one data directory and how its connections are set up.</summary>
/// <param name="File">The file.</param>
/// <param name="Synchronous">When a commit counts.</param>
/// <param name="BusyTimeout">How long one statement waits for a lock that another process or connection holds.</param>
internal sealed record SqliteDatabase(string File, SqliteSynchronous Synchronous, TimeSpan BusyTimeout)
{
    public string ConnectionString => new SqliteConnectionStringBuilder
    {
        DataSource = File,
        Mode = SqliteOpenMode.ReadWrite,
        Pooling = false,
        // Whole seconds, and 0 would wait for ever.
        DefaultTimeout = Math.Max(1, (int)BusyTimeout.TotalSeconds),
    }.ToString();

    /// <summary>What every connection sets for itself; the journal mode is kept in the file.</summary>
    public string Pragmas => string.Create(
        CultureInfo.InvariantCulture,
        $"PRAGMA busy_timeout={(long)BusyTimeout.TotalMilliseconds}; PRAGMA synchronous={Synchronous.ToString().ToUpperInvariant()};");

    public SqliteConnection OpenWriter() => Open(Pragmas);

    public SqliteConnection OpenReader() => Open(Pragmas + "PRAGMA query_only=ON;");

    private SqliteConnection Open(string pragmas)
    {
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = pragmas;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}

using System.Data.Common;
using System.Globalization;
using ActorFlow.Persistence.Sqlite.Locking;
using ActorFlow.Runtime.Persistence;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>The database file of one data directory and how its connections are set up.</summary>
/// <param name="File">The file.</param>
/// <param name="Synchronous">When a commit counts.</param>
/// <param name="BusyTimeout">How long one statement waits for a lock that another process or connection holds.</param>
internal sealed record SqliteDatabase(string File, SqliteSynchronous Synchronous, TimeSpan BusyTimeout)
{
    /// <summary>Sees every connection that is opened, by whichever journal; a seam for disks that fail.</summary>
    public Action<SqliteConnection>? Opened { get; init; }

    /// <summary>What its writer and its readers meet.</summary>
    public StoreHealth Health { get; } = new();

    /// <summary>Sees whether the file is still the one that was opened; null means that nothing looks.</summary>
    public DirectoryWatch? Watch { get; init; }

    public string ConnectionString => new SqliteConnectionStringBuilder
    {
        DataSource = File,
        Mode = SqliteOpenMode.ReadWrite,
        Pooling = false,
        // Whole seconds, and 0 would wait for ever.
        DefaultTimeout = Math.Max(1, (int)BusyTimeout.TotalSeconds),
    }.ToString();

    /// <summary>Takes note of what says that the file is damaged.</summary>
    public void NoteDamage(Exception error)
    {
        if (SqliteErrors.IsDamage(error))
        {
            Health.Damaged($"the database is damaged: {SqliteErrors.Describe(error)}");
        }
    }

    public SqliteConnection OpenWriter() => Open();

    public SqliteConnection OpenReader() => Open("PRAGMA query_only=ON");

    /// <summary>Sets what every connection sets for itself; the journal mode is kept in the file.</summary>
    public void SetPragmas(DbConnection connection)
    {
        // One by one: of several statements in one command, those after the first that returns a row are not run.
        Run(connection, $"PRAGMA synchronous={Synchronous.ToString().ToUpperInvariant()}");
        Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout={(long)BusyTimeout.TotalMilliseconds}"));
        Opened?.Invoke((SqliteConnection)connection);
    }

    /// <summary>Whoever opened it by its name now could get what another process made there.</summary>
    /// <exception cref="DataDirectoryException">The directory or the database is not the one that was opened.</exception>
    public void CheckIsSame()
    {
        if (Look() is { } loss)
        {
            throw new DataDirectoryException(loss);
        }
    }

    /// <summary>Looks whether the directory and the database are those that were opened; its health takes note if not.</summary>
    /// <returns>The loss, in a line for the user; null: there is none.</returns>
    public string? Look()
    {
        var loss = Watch?.Look();
        if (loss is not null)
        {
            Health.Lost(loss.TrimEnd('.'));
        }
        return loss;
    }

    private SqliteConnection Open(params ReadOnlySpan<string> pragmas)
    {
        CheckIsSame();
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            connection.Open();
            SetPragmas(connection);
            foreach (var pragma in pragmas)
            {
                Run(connection, pragma);
            }
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Run(DbConnection connection, string pragma)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Made of numbers and enum names.
        command.CommandText = pragma;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}

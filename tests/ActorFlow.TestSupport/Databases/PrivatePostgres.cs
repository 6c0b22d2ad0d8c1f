using System.Globalization;
using Npgsql;

namespace ActorFlow.TestSupport.Databases;

/// <summary>
/// A PostgreSQL database of its own, empty, dropped at the end. It is on the server that the environment variable
/// <c>ACTORFLOW_POSTGRES</c> names by a connection string, else on a private one that is started from the installed programs: with
/// default durability, in a temporary directory, on the loopback address, ended with the process.
/// </summary>
internal sealed class PrivatePostgres : IAsyncDisposable
{
    /// <summary>The environment variable that names a server to use: a connection string of a user who may create databases.</summary>
    public const string Variable = "ACTORFLOW_POSTGRES";

    private static readonly Lazy<Task<PostgresServer>> Shared = new(PostgresServer.StartAsync);

    private readonly PostgresServer? _server;
    private readonly bool _alone;
    private readonly string _maintenance;

    private PrivatePostgres(PostgresServer? server, bool alone, string maintenance)
    {
        _server = server;
        _alone = alone;
        _maintenance = maintenance;
        var name = $"actorflow_{Guid.NewGuid():n}";
        ConnectionString = new NpgsqlConnectionStringBuilder(maintenance) { Database = name }.ToString();
        DatabaseName = name;
    }

    /// <summary>Why there can be no database on this machine; null means that there can.</summary>
    public static string? Missing => Given is null ? MissingServer : null;

    /// <summary>Why there can be no database with a server of its own; null means that there can.</summary>
    public static string? MissingServer => OperatingSystem.IsWindows() || PostgresBinaries.Directory is null
        ? $"needs PostgreSQL: install its server, or name one in {Variable}"
        : null;

    /// <summary>How to connect to the database.</summary>
    public string ConnectionString { get; }

    /// <summary>The database's name.</summary>
    public string DatabaseName { get; }

    /// <summary>The present processes of the server; empty means that the server was given, or is stopped.</summary>
    public IReadOnlyList<int> ServerProcessIds => _server is null ? [] : ServerProcess.Family(_server.ProcessId);

    /// <summary>The processor time of all the server's processes, ended ones included; zero means that the server was given, or is stopped.</summary>
    public TimeSpan ServerProcessorTime => _server is null ? TimeSpan.Zero : ServerProcess.ProcessorTime(_server.ProcessId);

    private static string? Given => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : null;

    /// <summary>Makes a database, on a server that the whole process shares.</summary>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or does not start.</exception>
    /// <exception cref="NpgsqlException">The server that was given cannot be used.</exception>
    public static async Task<PrivatePostgres> StartAsync()
    {
        var server = Given is null ? await Shared.Value.ConfigureAwait(false) : null;
        return await CreateAsync(new(server, alone: false, Given ?? server!.ConnectionString)).ConfigureAwait(false);
    }

    /// <summary>Makes a database on a private server that it does not share, so that the server can be stopped.</summary>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or does not start.</exception>
    public static async Task<PrivatePostgres> StartAloneAsync()
    {
        var server = await PostgresServer.StartAsync().ConfigureAwait(false);
        return await CreateAsync(new(server, alone: true, server.ConnectionString)).ConfigureAwait(false);
    }

    /// <summary>Stops the server of a database that is alone on it.</summary>
    /// <param name="crash">Whether to stop it at once, as after a power cut: it recovers at its next start. Otherwise it ends its connections in good order.</param>
    /// <exception cref="InvalidOperationException">The server is shared.</exception>
    public Task StopServerAsync(bool crash = false) => Own.StopAsync(crash);

    /// <summary>Starts a stopped server again; completes when it answers.</summary>
    /// <exception cref="InvalidOperationException">The server is shared, or it does not start.</exception>
    public Task StartServerAsync() => Own.RunAsync();

    /// <summary>Runs statements in the database, on a connection of their own.</summary>
    /// <param name="sql">The statements.</param>
    /// <returns>The first column of every row of the first result, as text.</returns>
    /// <exception cref="NpgsqlException">The server refuses.</exception>
    public Task<List<string>> QueryAsync(string sql) => QueryAsync(ConnectionString, sql);

    /// <summary>Drops the database, even if there are connections; a server of its own is stopped and removed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_alone)
        {
            await _server!.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            await QueryAsync(_maintenance, $"DROP DATABASE IF EXISTS {DatabaseName} WITH (FORCE)").ConfigureAwait(false);
        }
    }

    private PostgresServer Own => _alone ? _server! : throw new InvalidOperationException("Others use the server too: see StartAloneAsync.");

    private static async Task<PrivatePostgres> CreateAsync(PrivatePostgres database)
    {
        await QueryAsync(database._maintenance, $"CREATE DATABASE {database.DatabaseName} ENCODING 'UTF8' TEMPLATE template0").ConfigureAwait(false);
        return database;
    }

    private static async Task<List<string>> QueryAsync(string connectionString, string sql)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ToString());
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync().ConfigureAwait(false);
#pragma warning disable CA2100 // The statements come from tests.
            var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
            await using (command.ConfigureAwait(false))
            {
                var row = await command.ExecuteReaderAsync().ConfigureAwait(false);
                await using (row.ConfigureAwait(false))
                {
                    var values = new List<string>();
                    while (await row.ReadAsync().ConfigureAwait(false))
                    {
                        values.Add(Convert.ToString(row.GetValue(0), CultureInfo.InvariantCulture)!);
                    }

                    return values;
                }
            }
        }
    }
}

using ActorFlow.Perf.CommandLine;
using ActorFlow.TestSupport.Databases;
using Npgsql;

namespace ActorFlow.Perf.Nodes;

/// <summary>PostgreSQL: the server that <c>ACTORFLOW_POSTGRES</c> names, else a private one with default durability. Each node has a database of its own.</summary>
internal sealed class PostgresDatabase : IDatabase
{
    private readonly PrivatePostgres _server;

    private PostgresDatabase(PrivatePostgres server, string durability) => (_server, Durability) = (server, durability);

    public string Store => "postgres";

    public string Durability { get; }

    /// <summary>Finds the server, or starts it.</summary>
    /// <exception cref="UsageException">There is none, and none can be started.</exception>
    public static async Task<PostgresDatabase> StartAsync()
    {
        if (PrivatePostgres.Missing is { } missing)
        {
            throw new UsageException($"--store postgres {missing}");
        }

        var server = await ConnectAsync().ConfigureAwait(false);
        var version = await server.QueryAsync("SELECT split_part(current_setting('server_version'), ' ', 1)").ConfigureAwait(false);
        var settings = await server.QueryAsync("SELECT name || '=' || setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit') ORDER BY name").ConfigureAwait(false);
        var given = server.ServerProcessIds.Count == 0 ? "; the server was given, its processor time is not counted" : "";
        return new(server, $"PostgreSQL {version[0]}, {string.Join(", ", settings)}{given}");
    }

    public bool KnowsProcessorTime => _server.ServerProcessIds.Count > 0;

    public async Task<NodeStorage> CreateAsync() => NodeStorage.On(await PrivatePostgres.StartAsync().ConfigureAwait(false));

    public TimeSpan ProcessorTime() => _server.ServerProcessorTime;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task<PrivatePostgres> ConnectAsync()
    {
        try
        {
            return await PrivatePostgres.StartAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException or ArgumentException)
        {
            throw new UsageException($"--store postgres: {error.Message.ReplaceLineEndings(" ")}");
        }
    }
}

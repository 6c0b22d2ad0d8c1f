using System.Globalization;
using ActorFlow.Runtime.Persistence;
using Npgsql;

namespace ActorFlow.Persistence.Postgres;

/// <summary>The database of a connection string, and how its sessions are set up.</summary>
internal sealed class PostgresDatabase : IDisposable
{
    /// <summary>How long a statement of a writer may take.</summary>
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long a statement of a reader may take: lists and counts look at many rows.</summary>
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Every statement here has the index that it is meant to take. The planner, which knows little of tables that fill quickly, would
    /// now and then read them whole instead, or compile what runs for a millisecond.
    /// </summary>
    private const string Plans =
        """
        set_config('enable_seqscan', 'off', false), set_config('enable_bitmapscan', 'off', false), set_config('enable_hashjoin', 'off', false),
        set_config('enable_mergejoin', 'off', false), set_config('jit', 'off', false)
        """;

    /// <summary>What writers do is planned once: their values make no difference.</summary>
    private const string OnePlan = ", set_config('plan_cache_mode', 'force_generic_plan', false)";

    /// <summary>A server that does not wait for its disk would acknowledge what it may lose.</summary>
    private const string Durability =
        "CASE WHEN current_setting('synchronous_commit') = 'off' THEN set_config('synchronous_commit', 'on', false) END";

    private readonly NpgsqlDataSource _source;

    /// <summary>What its writers meet.</summary>
    public StoreHealth Health { get; } = new();

    private readonly string _setup;

    /// <summary>Opens nothing yet.</summary>
    /// <param name="options">The connection string, checked, and how long to wait for locks.</param>
    public PostgresDatabase(PersistenceOptions options)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        Name = string.Create(CultureInfo.InvariantCulture, $"{settings.Database ?? settings.Username} on {settings.Host}:{settings.Port}");
        _source = Source(settings, options.Writers + PostgresReaders.Threads + 1);
        // A lock that others hold is met by several tries inside the retry window.
        var wait = (long)Math.Clamp(options.RetryWindow.TotalMilliseconds / 5, 10, 5_000);
        _setup = string.Create(CultureInfo.InvariantCulture, $"SELECT {Durability}, set_config('lock_timeout', '{wait}', false), {Plans}");
    }

    /// <summary>The database and its server, for people: no user, no password.</summary>
    public string Name { get; }

    /// <exception cref="NpgsqlException">The server cannot be reached or refuses.</exception>
    public PostgresSession OpenWriter() => Open(WriteTimeout, _setup + OnePlan);

    /// <exception cref="NpgsqlException">The server cannot be reached or refuses.</exception>
    public PostgresSession OpenReader() => Open(ReadTimeout, _setup);

    public void Dispose() => _source.Dispose();

    /// <summary>The settings that a connection string gives, or null if it cannot be read. Why may hold parts of a password.</summary>
    public static NpgsqlConnectionStringBuilder? TryRead(string connectionString)
    {
        try
        {
            return new(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or KeyNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Sessions are few and held for good: the pool is there for servers of several hosts, which need one.</summary>
    private static NpgsqlDataSource Source(NpgsqlConnectionStringBuilder settings, int sessions) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(settings.ConnectionString)
        {
            ApplicationName = settings.ApplicationName ?? "actorflow",
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 1,
            Pooling = true,
            MinPoolSize = 0,
            MaxPoolSize = sessions,
            NoResetOnClose = true,
            Multiplexing = false,
            Enlist = false,
        });

    private PostgresSession Open(TimeSpan timeout, string setup)
    {
        var connection = _source.OpenConnection();
        try
        {
            var session = new PostgresSession(connection, timeout);
            session.Scalar(setup);
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}

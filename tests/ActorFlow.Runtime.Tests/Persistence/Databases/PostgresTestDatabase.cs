using ActorFlow.Runtime.Persistence;
using ActorFlow.TestSupport.Databases;
using Npgsql;

namespace ActorFlow.Runtime.Tests.Persistence.Databases;

/// <summary>A PostgreSQL database of one test class, emptied for each of its tests.</summary>
public sealed class PostgresTestDatabase : ITestDatabase, IAsyncLifetime
{
    private PrivatePostgres? _database;
    private ServerFaults _faults = new();

    internal PrivatePostgres Database => _database!;

    internal ServerFaults Faults => _faults;

    public int Commits => _faults.Commits;

    public bool IsStalling => _faults.IsStalling;

    /// <summary>Where PostgreSQL is missing, every test is skipped; but in CI it must not be.</summary>
    public async Task InitializeAsync() => _database =
        PrivatePostgres.Missing is null || Environment.GetEnvironmentVariable("CI") is "true" ? await PrivatePostgres.StartAsync() : null;

    public async Task ClearAsync()
    {
        _faults = new();
        await Open().DisposeAsync();
        await Database.QueryAsync(
            "TRUNCATE journal, tags, snapshot, payload, definition, definition_version, workflow_index, workflow_tag, tombstone, api_key, audit RESTART IDENTITY");
    }

    PersistenceStore IStoreOrigin.Open(Action<PersistenceOptions>? change) => Open(change);

    internal PersistenceStore Open(Action<PersistenceOptions>? change = null)
    {
        var options = Options();
        change?.Invoke(options);
        return _faults.Open(options);
    }

    public PersistenceOptions Options() => new() { Journal = JournalKind.Postgres, ConnectionString = Database.ConnectionString };

    public List<string> Rows(string sql)
    {
        using var connection = Connect();
        using var command = new NpgsqlCommand(sql, connection);
        using var rows = command.ExecuteReader();
        var list = new List<string>();
        while (rows.Read())
        {
            list.Add(rows.GetValue(0).ToString()!);
        }
        return list;
    }

    public IDisposable HoldLock()
    {
        var connection = Connect();
        using var command = new NpgsqlCommand("BEGIN; LOCK TABLE journal IN SHARE MODE", connection);
        command.ExecuteNonQuery();
        return connection;
    }

    public void Stall() => _faults.Stall();

    public void Resume() => _faults.Resume();

    public void LoseNextAcknowledgement() => _faults.LoseNextAcknowledgement();

    /// <summary>A class fixture outlives its tests: it is dropped by <see cref="IAsyncLifetime"/>.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private NpgsqlConnection Connect()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}

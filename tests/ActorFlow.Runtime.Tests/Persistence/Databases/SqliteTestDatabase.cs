using ActorFlow.Runtime.Persistence;
using ActorFlow.TestSupport.Persistence;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Runtime.Tests.Persistence.Databases;

/// <summary>A database file of one test.</summary>
public sealed class SqliteTestDatabase(JournalKind kind = JournalKind.ActorFlow) : ITestDatabase
{
    private readonly TemporaryDirectory _directory = new();

    internal DiskFaults Disk { get; } = new();

    public int Commits => Disk.Commits;

    public bool IsStalling => Disk.IsStalling;

    public string Directory => _directory.Path;

    public Task ClearAsync() => Task.CompletedTask;

    PersistenceStore IStoreOrigin.Open(Action<PersistenceOptions>? change) => Open(change);

    internal PersistenceStore Open(Action<PersistenceOptions>? change = null)
    {
        var options = new PersistenceOptions { DataDirectory = _directory.Path, Journal = kind };
        change?.Invoke(options);
        return Disk.Open(options);
    }

    public List<string> Rows(string sql)
    {
        using var connection = Connect();
        using var command = new SqliteCommand(sql, connection);
        using var rows = command.ExecuteReader();
        var list = new List<string>();
        while (rows.Read())
        {
            list.Add(rows.GetValue(0).ToString()!);
        }
        return list;
    }

    public long Number(string sql) => long.Parse(Assert.Single(Rows(sql)));

    public IDisposable HoldLock()
    {
        var connection = Connect();
        using var command = new SqliteCommand("BEGIN IMMEDIATE", connection);
        command.ExecuteNonQuery();
        return connection;
    }

    public void Stall() => Disk.Stall();

    public void Resume() => Disk.Resume();

    public void LoseNextAcknowledgement() => Disk.LoseNextAcknowledgement();

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={_directory.File("actorflow.db")};Pooling=False");
        connection.Open();
        return connection;
    }
}

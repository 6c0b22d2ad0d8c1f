using System.Collections.Concurrent;

namespace ActorFlow.Runtime.Persistence.Sqlite;

/// <summary>Read-only connections with their prepared statements, kept for the next reader. Safe for all threads.</summary>
public sealed class SqliteReaders : IDisposable
{
    /// <summary>How many idle connections are kept; more are opened while more read at once.</summary>
    private const int Idle = 8;

    private readonly ConcurrentBag<SqliteStatements> _idle = [];
    private readonly SqliteDatabase _database;
    private volatile bool _disposed;

    internal SqliteReaders(SqliteDatabase database) => _database = database;

    /// <summary>Reads on a thread of the pool: what is committed now.</summary>
    /// <typeparam name="T">What the reading yields.</typeparam>
    /// <param name="read">Reads, and keeps nothing of the statements.</param>
    public Task<T> ReadAsync<T>(Func<SqliteStatements, T> read) => Task.Run(() => Read(read));

    /// <summary>Reads on the calling thread: what is committed now.</summary>
    /// <typeparam name="T">What the reading yields.</typeparam>
    /// <param name="read">Reads, and keeps nothing of the statements.</param>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public T Read<T>(Func<SqliteStatements, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        ObjectDisposedException.ThrowIf(_disposed, this);
        var statements = _idle.TryTake(out var idle) ? idle : new SqliteStatements(_database.OpenReader());
        var usable = false;
        try
        {
            var result = read(statements);
            usable = true;
            return result;
        }
        finally
        {
            Return(statements, usable);
        }
    }

    /// <summary>Closes the connections; readings in progress end and close theirs.</summary>
    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var statements))
        {
            statements.Dispose();
        }
    }

    private void Return(SqliteStatements statements, bool usable)
    {
        if (!usable || _idle.Count >= Idle)
        {
            statements.Dispose();
            return;
        }
        _idle.Add(statements);
        if (_disposed)
        {
            Dispose();
        }
    }
}

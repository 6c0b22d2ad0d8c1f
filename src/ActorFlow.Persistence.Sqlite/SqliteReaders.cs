using System.Collections.Concurrent;
using ActorFlow.Runtime.Persistence.Sql;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>A few read-only connections with their prepared statements. Safe for all threads.</summary>
internal sealed class SqliteReaders : ISqlReaders, IDisposable
{
    /// <summary>How many read at once: more than a machine's disk and cores have use for.</summary>
    private const int Connections = 8;

    private readonly SemaphoreSlim _free = new(Connections);
    private readonly ConcurrentBag<SqliteStatements> _idle = [];
    private readonly SqliteDatabase _database;
    private volatile bool _disposed;

    internal SqliteReaders(SqliteDatabase database) => _database = database;

    /// <summary>Reads on a thread of the pool: what is committed now.</summary>
    /// <typeparam name="T">What the reading yields.</typeparam>
    /// <param name="read">Reads, and keeps nothing of the statements.</param>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public async Task<T> ReadAsync<T>(Func<SqliteStatements, T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        await _free.WaitAsync().ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Read(read)).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    Task<T> ISqlReaders.ReadAsync<T>(Func<ISqlSession, T> read) => ReadAsync<T>(read);

    /// <summary>Closes the connections; readings in progress end and close theirs.</summary>
    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryTake(out var statements))
        {
            statements.Dispose();
        }
    }

    private T Read<T>(Func<SqliteStatements, T> read)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var statements = _idle.TryTake(out var idle) ? idle : new SqliteStatements(_database.OpenReader());
        var usable = false;
        try
        {
            var result = read(statements);
            usable = true;
            return result;
        }
        catch (Exception e)
        {
            _database.NoteDamage(e);
            throw;
        }
        finally
        {
            Return(statements, usable);
        }
    }

    private void Return(SqliteStatements statements, bool usable)
    {
        if (!usable)
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

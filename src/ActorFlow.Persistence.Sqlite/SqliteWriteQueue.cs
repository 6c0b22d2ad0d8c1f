using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Sql;
using ActorFlow.Runtime.Persistence.Writing;
using ActorFlow.Runtime.Telemetry;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>
/// The one way to write to a database file: writes of all components of the process go, in the order asked, to one
/// thread with one connection, which commits together whatever waits. It never lingers to fill a batch: the commit in
/// flight does that. Safe for all threads.
/// </summary>
internal sealed class SqliteWriteQueue : ISqlWrites, IAsyncDisposable
{
    /// <summary>The most rows of one transaction, unless a single write has more.</summary>
    public const int BatchRows = GroupCommitQueue<ISqliteWrite>.BatchRows;

    private readonly GroupCommitQueue<ISqliteWrite> _queue;

    internal SqliteWriteQueue(SqliteWriter writer, TimeSpan retryWindow, BatchMeter batches) =>
        _queue = new(writer, retryWindow, static write => write.Rows, batches, "actorflow-writer");

    /// <summary>Queues a write. The task completes when it is durable, faults when it is not stored.</summary>
    /// <param name="write">The write.</param>
    /// <param name="withdraw">Withdraws it as long as it is queued; one that is being written runs to its end.</param>
    /// <exception cref="StoreWriteException">The disk or database failed for longer than the retry window, or the store is closed.</exception>
    /// <exception cref="OperationCanceledException">It was withdrawn, and is not stored.</exception>
    public Task WriteAsync(ISqliteWrite write, CancellationToken withdraw = default)
    {
        ArgumentNullException.ThrowIfNull(write);
        return _queue.WriteAsync(write, withdraw);
    }

    /// <summary>Queues a write, and tells of its end.</summary>
    internal void Write(ISqliteWrite write, IWriteCompletion end, CancellationToken withdraw) => _queue.Write(write, end, withdraw);

    /// <summary>Queues a write given as a function; see <see cref="WriteAsync(ISqliteWrite, CancellationToken)"/>.</summary>
    /// <param name="apply">Does the write; may run again when its transaction failed.</param>
    /// <param name="rows">About how many rows it writes.</param>
    /// <param name="withdraw">Withdraws it as long as it is queued.</param>
    /// <param name="dispensable">Whether it fails at once when the disk is full.</param>
    /// <exception cref="StoreWriteException">The disk or database failed for longer than the retry window, or the store is closed.</exception>
    public Task WriteAsync(Action<SqliteStatements> apply, int rows = 1, CancellationToken withdraw = default, bool dispensable = false) =>
        WriteAsync(new FunctionWrite(apply, rows, dispensable), withdraw);

    Task ISqlWrites.WriteAsync(string key, int rows, CancellationToken withdraw, params SqlStatement[] statements) => WriteAsync(
        connection =>
        {
            foreach (var statement in statements)
            {
                connection.Execute(statement);
            }
        },
        rows,
        withdraw);

    /// <summary>Completes when every write queued before is done, stored or failed.</summary>
    public async Task FlushAsync() => await WriteAsync(static _ => { }, rows: 0).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Takes no more writes, finishes the queued ones and closes the connection.</summary>
    public ValueTask DisposeAsync() => _queue.DisposeAsync();

    private sealed class FunctionWrite(Action<SqliteStatements> apply, int rows, bool dispensable) : ISqliteWrite
    {
        public int Rows => rows;

        public bool IsDispensable => dispensable;

        public void Apply(SqliteStatements statements) => apply(statements);
    }
}

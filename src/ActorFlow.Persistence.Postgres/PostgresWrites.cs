using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Sql;
using ActorFlow.Runtime.Persistence.Writing;
using ActorFlow.Runtime.Telemetry;

namespace ActorFlow.Persistence.Postgres;

/// <summary>
/// The way to write to the database: a few threads, each with a connection, which commit together whatever waits. What is written
/// under one key is done in the order asked. Safe for all threads.
/// </summary>
internal sealed class PostgresWrites : ISqlWrites, IAsyncDisposable
{
    private readonly GroupCommitQueue<IPostgresWrite>[] _queues;

    public PostgresWrites(IReadOnlyList<PostgresWriter> writers, TimeSpan retryWindow, BatchMeter batches) => _queues =
    [
        .. writers.Select(writer => new GroupCommitQueue<IPostgresWrite>(writer, retryWindow, static write => write.Rows, batches, "actorflow-writer")),
    ];

    /// <summary>Queues a write. The task completes when it is durable.</summary>
    /// <param name="key">Whose it is: a persistence id, or a table whose rows belong to nobody.</param>
    /// <param name="write">The write.</param>
    /// <param name="withdraw">Withdraws it as long as it is queued.</param>
    /// <exception cref="StoreWriteException">The server failed for longer than the retry window, or the store is closed.</exception>
    /// <exception cref="OperationCanceledException">It was withdrawn, and is not stored.</exception>
    public Task WriteAsync(string key, IPostgresWrite write, CancellationToken withdraw) =>
        QueueOf(key).WriteAsync(write, withdraw);

    /// <summary>Queues a write, and tells of its end.</summary>
    public void Write(string key, IPostgresWrite write, IWriteCompletion end, CancellationToken withdraw) => QueueOf(key).Write(write, end, withdraw);

    /// <summary>Queues statements that may be done twice; see <see cref="WriteAsync(string, IPostgresWrite, CancellationToken)"/>.</summary>
    public Task WriteAsync(string key, CancellationToken withdraw, params SqlStatement[] statements) =>
        WriteAsync(key, new StatementsWrite(rows: 1, statements), withdraw);

    Task ISqlWrites.WriteAsync(string key, int rows, CancellationToken withdraw, params SqlStatement[] statements) =>
        WriteAsync(key, new StatementsWrite(rows, statements), withdraw);

    /// <summary>Completes when every write queued before is done, stored or failed.</summary>
    public Task FlushAsync() => Task.WhenAll(_queues.Select(async queue =>
        await queue.WriteAsync(new StatementsWrite(rows: 0), CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing)));

    private GroupCommitQueue<IPostgresWrite> QueueOf(string key) =>
        _queues[(uint)string.GetHashCode(key, StringComparison.Ordinal) % (uint)_queues.Length];

    /// <summary>Takes no more writes, finishes the queued ones and closes the connections.</summary>
    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_queues.Select(queue => queue.DisposeAsync().AsTask())).ConfigureAwait(false);
}

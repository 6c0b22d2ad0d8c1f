using ActorFlow.Runtime;
using ActorFlow.Runtime.Persistence.Sql;
using ActorFlow.Runtime.Persistence.Writing;

namespace ActorFlow.Persistence.Postgres;

/// <summary>
/// A few threads that read, each with a connection: reading blocks, and the threads of the pool are the actors' and the handlers'.
/// Started as they are needed. Safe for all threads.
/// </summary>
internal sealed class PostgresReaders : ISqlReaders, IDisposable
{
    /// <summary>How many read at once.</summary>
    public const int Threads = 8;

    /// <summary>How long a reading is tried again: no longer than an actor that recovers waits for its next event.</summary>
    private static readonly TimeSpan LongestWindow = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    private readonly WorkQueue<Reading> _queue = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly PostgresDatabase _database;
    private readonly TimeSpan _retryWindow;
    private int _threads;
    private int _outstanding;

    public PostgresReaders(PostgresDatabase database, TimeSpan retryWindow)
    {
        _database = database;
        _retryWindow = retryWindow < LongestWindow ? retryWindow : LongestWindow;
    }

    /// <summary>Reads on a thread of its own: what is committed now.</summary>
    /// <param name="read">Reads, and keeps nothing of the session; asked again when the server or the connection fails.</param>
    /// <exception cref="Npgsql.NpgsqlException">The server failed for longer than it is worth to wait.</exception>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public async Task<T> ReadAsync<T>(Func<PostgresSession, T> read)
    {
        T result = default!;
        var reading = new Reading(session => result = read(session), Deadline.After(_retryWindow));
        StartThread(Interlocked.Increment(ref _outstanding));
        ObjectDisposedException.ThrowIf(!_queue.TryAdd(reading), this);
        await reading.Done.Task.ConfigureAwait(false);
        return result;
    }

    Task<T> ISqlReaders.ReadAsync<T>(Func<ISqlSession, T> read) => ReadAsync<T>(read);

    /// <summary>Closes the connections, once the readings in progress have ended.</summary>
    public void Dispose()
    {
        _closing.Cancel();
        _queue.Close();
    }

    /// <summary>As many threads as there are readings, up to the limit.</summary>
    private void StartThread(int outstanding)
    {
        for (var threads = Volatile.Read(ref _threads); threads < Math.Min(outstanding, Threads); threads = Volatile.Read(ref _threads))
        {
            if (Interlocked.CompareExchange(ref _threads, threads + 1, threads) == threads)
            {
                new Thread(Run) { IsBackground = true, Name = "actorflow-reader" }.Start();
            }
        }
    }

    private void Run()
    {
        PostgresSession? session = null;
        while (_queue.TryTake(out var reading, Timeout.InfiniteTimeSpan))
        {
            Read(reading, ref session);
            Interlocked.Decrement(ref _outstanding);
        }

        session?.Dispose();
    }

    private void Read(Reading reading, ref PostgresSession? session)
    {
        var backoff = new Backoff(FirstPause, LongestPause);
        while (true)
        {
            try
            {
                reading.Read(session ??= _database.OpenReader());
                reading.Done.SetResult();
                return;
            }
            catch (Exception e)
            {
                if (session is { IsBroken: true })
                {
                    session.Dispose();
                    session = null;
                }

                if (!PostgresErrors.IsTransient(e) || reading.Deadline.HasPassed || _closing.Token.WaitHandle.WaitOne(backoff.Next()))
                {
                    reading.Done.SetException(e);
                    return;
                }
            }
        }
    }

    private sealed record Reading(Action<PostgresSession> Read, Deadline Deadline)
    {
        // Continuations must not run on the reader's thread: others wait for it.
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

using ActorFlow.Persistence.Postgres;
using ActorFlow.Runtime.Persistence;
using Npgsql;

namespace ActorFlow.TestSupport.Databases;

/// <summary>Makes a PostgreSQL server wait, fail or lose its answers, as the writers of a store see it. Thread-safe.</summary>
internal sealed class ServerFaults
{
    private readonly ManualResetEventSlim _going = new(initialState: true);
    private int _acknowledgementsToLose;
    private int _transactionsToOrphan;
    private int _commits;
    private int _stalling;
    private volatile string? _error;

    /// <summary>How many commits succeeded, including those whose answer was lost.</summary>
    public int Commits => Volatile.Read(ref _commits);

    /// <summary>Whether a commit waits for <see cref="Resume"/> now.</summary>
    public bool IsStalling => Volatile.Read(ref _stalling) > 0;

    /// <summary>The error code (SQLSTATE) that every transaction fails with, without an effect; null means that transactions succeed.</summary>
    public string? Error
    {
        get => _error;
        set => _error = value;
    }

    /// <summary>Opens a store whose writers meet these faults.</summary>
    /// <param name="options">The options of the store.</param>
    /// <param name="time">The clock; null means the system's.</param>
    /// <exception cref="DatabaseException">The database cannot be used.</exception>
    public PersistenceStore Open(PersistenceOptions options, TimeProvider? time = null) =>
        PostgresStore.Open(options, time ?? TimeProvider.System, database => new Writer(database, this));

    /// <summary>Lets the next commit succeed, and loses the connection before its answer.</summary>
    public void LoseNextAcknowledgement() => Interlocked.Increment(ref _acknowledgementsToLose);

    /// <summary>
    /// Takes the next transaction from its writer as soon as it is sent; the server continues with it, whatever the writer does
    /// meanwhile.
    /// </summary>
    public void OrphanNextTransaction() => Interlocked.Increment(ref _transactionsToOrphan);

    /// <summary>The end of the last such transaction: whether it was committed; false if there was none.</summary>
    public Task<bool> Orphan { get; private set; } = Task.FromResult(false);

    /// <summary>Makes commits wait until <see cref="Resume"/>.</summary>
    public void Stall() => _going.Reset();

    /// <summary>Ends <see cref="Stall"/>.</summary>
    public void Resume() => _going.Set();

    private static bool Take(ref int count)
    {
        var left = Volatile.Read(ref count);
        return left > 0 && Interlocked.CompareExchange(ref count, left - 1, left) == left;
    }

    private static NpgsqlException Lost(PostgresSession session)
    {
        session.Dispose();
        return new NpgsqlException("Exception while reading from stream", new IOException("Connection reset by peer"));
    }

    private static bool Finish(PostgresBatch batch, PostgresSession orphan)
    {
        using (orphan)
        {
            try
            {
                batch.Execute(orphan);
                return true;
            }
            catch (PostgresException)
            {
                return false;
            }
        }
    }

    private sealed class Writer(PostgresDatabase database, ServerFaults faults) : PostgresWriter(database)
    {
        protected override void Commit(PostgresBatch batch, PostgresSession session)
        {
            if (!faults._going.IsSet)
            {
                Interlocked.Increment(ref faults._stalling);
                faults._going.Wait();
                Interlocked.Decrement(ref faults._stalling);
            }

            if (faults.Error is { } error)
            {
                throw new PostgresException("The test says so.", "ERROR", "ERROR", error);
            }

            if (Take(ref faults._transactionsToOrphan))
            {
                var orphan = Open();
                faults.Orphan = Task.Run(() => Finish(batch, orphan));
                throw Lost(session);
            }

            base.Commit(batch, session);
            Interlocked.Increment(ref faults._commits);
            if (Take(ref faults._acknowledgementsToLose))
            {
                throw Lost(session);
            }
        }
    }
}

using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Sqlite;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Testing.Persistence;

/// <summary>A disk that fails or stalls when a test says so, under a real database file. Safe for all threads.</summary>
public sealed class DiskFaults
{
    private const int InputOutput = 10;

    private readonly ManualResetEventSlim _going = new(initialState: true);
    private int _acknowledgementsToLose;
    private int _commits;
    private volatile int _pages;
    private volatile bool _isBroken;
    private volatile bool _isStalling;

    /// <summary>How many commits succeeded, those included whose answer was lost.</summary>
    public int Commits => Volatile.Read(ref _commits);

    /// <summary>Whether every commit fails as on a broken disk.</summary>
    public bool IsBroken
    {
        get => _isBroken;
        set => _isBroken = value;
    }

    /// <summary>Opens the embedded store on this disk.</summary>
    /// <param name="options">What to open; the journal must be one that writes through the store, not the stock one.</param>
    /// <param name="time">The clock; none: the system's.</param>
    public PersistenceStore Open(PersistenceOptions options, TimeProvider? time = null) =>
        SqliteStore.Open(options, time ?? TimeProvider.System, database => new Writer(database, this));

    /// <summary>Whether a commit waits for <see cref="Resume"/> now.</summary>
    public bool IsStalling => _isStalling;

    /// <summary>Lets the database grow to so many pages of 4 KiB and no further, from the next time the writer opens it.</summary>
    /// <param name="pages">The limit; 0: as large as the disk allows.</param>
    public void LimitTo(int pages) => _pages = pages;

    /// <summary>The next commit succeeds, but reports a failure.</summary>
    public void LoseNextAcknowledgement() => Interlocked.Increment(ref _acknowledgementsToLose);

    /// <summary>Commits wait, inside their transaction, until <see cref="Resume"/>.</summary>
    public void Stall() => _going.Reset();

    /// <summary>Ends <see cref="Stall"/>.</summary>
    public void Resume() => _going.Set();

    private bool TakeLoss()
    {
        var left = Volatile.Read(ref _acknowledgementsToLose);
        return left > 0 && Interlocked.CompareExchange(ref _acknowledgementsToLose, left - 1, left) == left;
    }

    private sealed class Writer(SqliteDatabase database, DiskFaults faults) : SqliteWriter(database)
    {
        protected override SqliteConnection Open(SqliteDatabase file)
        {
            var connection = base.Open(file);
            if (faults._pages is > 0 and var pages)
            {
                using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A number.
                command.CommandText = $"PRAGMA max_page_count={pages}";
#pragma warning restore CA2100
                command.ExecuteNonQuery();
            }
            return connection;
        }

        protected override void Commit(SqliteStatements statements)
        {
            faults._isStalling = !faults._going.IsSet;
            faults._going.Wait();
            faults._isStalling = false;
            if (faults.IsBroken)
            {
                throw new SqliteException("disk I/O error", InputOutput);
            }
            base.Commit(statements);
            Interlocked.Increment(ref faults._commits);
            if (faults.TakeLoss())
            {
                throw new SqliteException("disk I/O error", InputOutput);
            }
        }
    }
}

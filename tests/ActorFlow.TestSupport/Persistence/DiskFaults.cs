using ActorFlow.Persistence.Sqlite;
using ActorFlow.Runtime.Persistence;
using Microsoft.Data.Sqlite;

namespace ActorFlow.TestSupport.Persistence;

/// <summary>Makes the disk under a real database file fail or stall. Thread-safe.</summary>
internal sealed class DiskFaults
{
    private const int InputOutput = 10;
    private const int AsManyPagesAsThereCanBe = 0x3fff_ffff;

    private readonly ManualResetEventSlim _going = new(initialState: true);
    private int _acknowledgementsToLose;
    private long _rowsLeft = long.MaxValue;
    private int _commits;
    private volatile int _pages;
    private volatile bool _isBroken;
    private volatile bool _isStalling;

    /// <summary>How many commits succeeded, including those whose answer was lost.</summary>
    public int Commits => Volatile.Read(ref _commits);

    /// <summary>Whether every commit, and every row of the journal, fails as on a broken disk.</summary>
    public bool IsBroken
    {
        get => _isBroken;
        set
        {
            Interlocked.Exchange(ref _rowsLeft, long.MaxValue);
            _isBroken = value;
        }
    }

    /// <summary>Opens the embedded store on this disk.</summary>
    /// <param name="options">The options of the store. Stalls, lost acknowledgements and the count of commits need a journal that writes through the store, not Akka's own.</param>
    /// <param name="time">The clock; null means the system's.</param>
    public PersistenceStore Open(PersistenceOptions options, TimeProvider? time = null) =>
        SqliteStore.Open(options, time ?? TimeProvider.System, database => new Writer(database, this), Prepare);

    /// <summary>Breaks the disk after a number of further journal rows, within the transaction of the next one.</summary>
    /// <param name="rows">The number of rows; 0 means that the next row fails.</param>
    public void BreakAfter(int rows) => Interlocked.Exchange(ref _rowsLeft, rows);

    /// <summary>Whether a commit waits for <see cref="Resume"/> now.</summary>
    public bool IsStalling => _isStalling;

    /// <summary>Limits the database to a number of pages of 4 KiB, for connections that are opened from now on.</summary>
    /// <param name="pages">The limit; 0 means as large as the disk allows.</param>
    public void LimitTo(int pages) => _pages = pages;

    /// <summary>Lets the next commit succeed, but report a failure.</summary>
    public void LoseNextAcknowledgement() => Interlocked.Increment(ref _acknowledgementsToLose);

    /// <summary>Makes commits wait, inside their transaction, until <see cref="Resume"/>.</summary>
    public void Stall() => _going.Reset();

    /// <summary>Ends <see cref="Stall"/>.</summary>
    public void Resume() => _going.Set();

    private bool TakeLoss()
    {
        var left = Volatile.Read(ref _acknowledgementsToLose);
        return left > 0 && Interlocked.CompareExchange(ref _acknowledgementsToLose, left - 1, left) == left;
    }

    /// <summary>Prepares a connection. The pool gives connections that were prepared before, so everything here may be done again.</summary>
    private void Prepare(SqliteConnection connection)
    {
        connection.CreateFunction("disk_takes_row", TakeRow);
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text has only a number.
        command.CommandText = $"PRAGMA max_page_count={(_pages > 0 ? _pages : AsManyPagesAsThereCanBe)}";
#pragma warning restore CA2100
        command.ExecuteNonQuery();
        command.CommandText =
            "CREATE TEMP TRIGGER IF NOT EXISTS disk BEFORE INSERT ON main.journal BEGIN SELECT disk_takes_row(); END";
        command.ExecuteNonQuery();
    }

    /// <summary>Counts a row. An error of this kind makes SQLite roll back the transaction, as a failing disk would.</summary>
    private long TakeRow()
    {
        if (Interlocked.Decrement(ref _rowsLeft) < 0)
        {
            _isBroken = true;
        }

        return _isBroken ? throw new SqliteException("disk I/O error", InputOutput) : 0;
    }

    private sealed class Writer(SqliteDatabase database, DiskFaults faults) : SqliteWriter(database)
    {
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

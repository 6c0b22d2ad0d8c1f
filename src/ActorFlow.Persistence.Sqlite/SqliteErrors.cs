using Microsoft.Data.Sqlite;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>What an error of SQLite means for a write.</summary>
internal static class SqliteErrors
{
    // Primary result codes, https://sqlite.org/rescode.html
    public const int Permission = 3;
    public const int Busy = 5;
    public const int Locked = 6;
    public const int OutOfMemory = 7;
    public const int ReadOnly = 8;
    public const int InputOutput = 10;
    public const int Corrupt = 11;
    public const int Full = 13;
    public const int CannotOpen = 14;
    public const int Protocol = 15;
    public const int NotADatabase = 26;

    // The index of the log, in shared memory, could not grow: SQLite says so where any other write says Full.
    private const int NoRoomForIndex = 4874;

    private const int ConstraintPrimaryKey = 1555;
    private const int ConstraintUnique = 2067;

    /// <summary>The state of the machine, not of the data: the same write may succeed later.</summary>
    public static bool IsTransient(Exception error) => error is SqliteException
    {
        SqliteErrorCode: Busy or Locked or OutOfMemory or ReadOnly or InputOutput or Full or CannotOpen or Protocol,
    };

    /// <summary>The file itself is broken: no later try finds it well.</summary>
    public static bool IsDamage(Exception error) => error is SqliteException { SqliteErrorCode: Corrupt or NotADatabase };

    public static bool IsFull(Exception error) => error is SqliteException { SqliteErrorCode: Full } or SqliteException { SqliteExtendedErrorCode: NoRoomForIndex };

    public static bool IsUniqueKey(Exception error) =>
        error is SqliteException { SqliteExtendedErrorCode: ConstraintUnique or ConstraintPrimaryKey };

    /// <summary>The error in a user's words.</summary>
    public static string Describe(Exception error) => error is not SqliteException sqlite ? error.Message : sqlite.SqliteErrorCode switch
    {
        _ when IsFull(error) => "the disk is full",
        ReadOnly => "the database is read-only",
        Busy or Locked => "the database is locked by another program",
        InputOutput => "the disk failed to read or write",
        CannotOpen => "the database file cannot be opened",
        NotADatabase => "the file is not a database",
        Corrupt => "pages of the database hold what no database does",
        _ => sqlite.Message,
    };
}

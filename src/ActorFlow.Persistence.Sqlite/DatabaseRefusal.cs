using ActorFlow.Persistence.Sqlite.Locking;
using ActorFlow.Runtime.Persistence;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>Why a database file was not opened, in one line: what was tried, what SQLite said, what to do.</summary>
internal static class DatabaseRefusal
{
    /// <summary>The refusal.</summary>
    /// <param name="file">The database.</param>
    /// <param name="beside">What stood beside it before it was tried: <see cref="DatabaseFiles.Describe"/>.</param>
    /// <param name="error">What SQLite said.</param>
    public static DataDirectoryException Of(string file, string beside, SqliteException error) => new(Describe(file, beside, error), error);

    private static string Describe(string file, string beside, SqliteException error) => error.SqliteErrorCode switch
    {
        SqliteErrors.NotADatabase =>
            $"{file} is not a database. Put a copy of it back, move it away to begin anew, or name another directory.",
        SqliteErrors.Corrupt =>
            $"{file} is damaged: SQLite read it {beside}, and could not recover it. "
            + $"'actorflow db check --data {Path.GetDirectoryName(file)}' says what can be read; a copy of the whole directory can be put back.",
        SqliteErrors.Full =>
            $"{file} cannot be opened: the disk is full. Free some space and try again; nothing is lost.",
        SqliteErrors.Busy or SqliteErrors.Locked =>
            $"{file} is locked by another program. End it and try again.",
        SqliteErrors.ReadOnly or SqliteErrors.CannotOpen or SqliteErrors.Permission =>
            $"{file} cannot be opened for writing {beside}. Check who owns these files and the directory, and whether it is read-only.",
        SqliteErrors.InputOutput =>
            $"{file} cannot be read {beside}: the disk failed to read or write (SQLite's code {error.SqliteExtendedErrorCode}). "
            + "Check the disk and its free space, then try again.",
        _ => $"{file} cannot be opened {beside}: {error.Message}",
    };
}

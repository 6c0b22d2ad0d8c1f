using ActorFlow.Persistence.Sqlite.Locking;
using ActorFlow.Runtime.Persistence;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Persistence.Sqlite.Checking;

/// <summary>Gives the disk back what the database of a data directory that nobody uses has no use for any more.</summary>
internal static class DatabaseCompaction
{
    /// <summary>Writes the database anew without what is free. A kill on the way leaves it as it was.</summary>
    /// <param name="path">The data directory. The disk needs room for what the database holds, once more.</param>
    /// <returns>What it took on disk before, and takes now.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such directory, or no database in it; nothing is made.</exception>
    /// <exception cref="DataDirectoryException">The directory is in use or cannot be used, or the database cannot be written anew.</exception>
    public static (long Before, long After) Run(string path)
    {
        using var directory = DataDirectory.OpenAsItIs(path);
        var file = directory.DatabaseFile;
        var before = DatabaseFiles.Bytes(file);
        SqliteSchema.Prepare(file);
        try
        {
            using (var statements = new SqliteStatements(new SqliteDatabase(file, SqliteSynchronous.Full, TimeSpan.FromSeconds(5)).OpenWriter()))
            {
                statements.Execute("VACUUM");
                statements.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
            }
            return (before, DatabaseFiles.Bytes(file));
        }
        catch (SqliteException error) when (SqliteErrors.IsFull(error))
        {
            throw new DataDirectoryException(
                $"{file} is as it was: compacting needs room for {before} bytes more until it is done, and the disk is full. Free some space and try again.", error);
        }
        catch (SqliteException error)
        {
            throw DatabaseRefusal.Of(file, DatabaseFiles.Describe(file), error);
        }
    }
}

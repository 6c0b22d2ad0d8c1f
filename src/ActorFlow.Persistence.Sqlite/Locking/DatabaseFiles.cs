using System.Globalization;

namespace ActorFlow.Persistence.Sqlite.Locking;

/// <summary>A database file and what SQLite keeps beside it: only together they are the database.</summary>
internal static class DatabaseFiles
{
    public static string Log(string file) => file + "-wal";

    public static string Rollback(string file) => file + "-journal";

    /// <summary>Whether the file holds all there is. Beside a log or a journal it may be half of a transaction, or of a checkpoint.</summary>
    public static bool IsWhole(string file) => LengthOf(Log(file)) == 0 && LengthOf(Rollback(file)) == 0;

    /// <summary>SQLite would delete a log whose database is gone, and with it what may be the last copy: it is renamed.</summary>
    public static void SetAsideLogWithoutDatabase(string file)
    {
        var log = new FileInfo(Log(file));
        if (LengthOf(file) == 0 && log is { Exists: true, Length: > 0 })
        {
            log.MoveTo(string.Create(CultureInfo.InvariantCulture, $"{log.FullName}.{log.LastWriteTimeUtc:yyyyMMdd-HHmmss-fffffff}"));
        }
    }

    /// <summary>What they take on disk.</summary>
    public static long Bytes(string file) => LengthOf(file) + LengthOf(Log(file)) + LengthOf(Rollback(file));

    /// <summary>The files there are, with their sizes, for whoever reads why they were refused.</summary>
    public static string Describe(string file)
    {
        var beside = new[] { Log(file), Rollback(file) }.Where(File.Exists)
            .Select(each => string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(each)} ({LengthOf(each)} bytes)"));
        var named = string.Join(" and ", beside);
        return named.Length > 0 ? $"together with its {named}" : "alone, as nothing stands beside it";
    }

    private static long LengthOf(string file) => new FileInfo(file) is { Exists: true } there ? there.Length : 0;
}

using System.Globalization;
using ActorFlow.Persistence.Sqlite.Locking;
using ActorFlow.Runtime.Persistence;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Persistence.Sqlite.Checking;

/// <summary>Checks the database of a data directory that nobody uses: SQLite's own check of the file, then every row is decoded.</summary>
internal static class DatabaseCheck
{
    private const int MostProblems = 100;

    /// <summary>Checks. The database stays as it is, its write-ahead log included.</summary>
    /// <param name="path">The data directory.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory, or no database in it; nothing is made.</exception>
    /// <exception cref="DataDirectoryException">The directory is in use or cannot be used, or SQLite cannot open the database at all.</exception>
    public static DatabaseReport Run(string path, CancellationToken cancellationToken = default)
    {
        using var directory = DataDirectory.OpenAsItIs(path);
        var file = directory.DatabaseFile;
        try
        {
            using var statements = new SqliteStatements(SqliteSchema.Look(file, out var version));
            statements.Execute("PRAGMA query_only=ON");
            var report = Describe(statements, file, version);
            // A process that was killed while it made the database left it empty: there is nothing to miss.
            return version == 0 && statements.Scalar("SELECT 1 FROM sqlite_schema LIMIT 1") is null
                ? report
                : Check(new(statements, new(), cancellationToken), report);
        }
        catch (SqliteException error)
        {
            throw DatabaseRefusal.Of(file, DatabaseFiles.Describe(file), error);
        }
    }

    private static DatabaseReport Check(TableReading reading, DatabaseReport report)
    {
        CheckFile(reading);
        var beside = new BesideJournalCheck(reading);
        beside.CheckDefinitions();
        beside.CheckPayloads();
        var journal = new JournalCheck(reading, beside.ReadableDefinitions);
        journal.Run();
        beside.CheckSnapshots();
        beside.CheckIndex();
        return report with
        {
            Runs = journal.Runs,
            Rows = journal.Rows,
            Events = journal.Events,
            Snapshots = beside.Snapshots,
            Payloads = beside.Payloads,
            Definitions = beside.Definitions,
            DamagedRuns = reading.Findings.Runs,
            Problems = reading.Findings.Others,
        };
    }

    private static void CheckFile(TableReading reading)
    {
        var said = reading.Keys(
            string.Create(CultureInfo.InvariantCulture, $"PRAGMA integrity_check({MostProblems})"), "SQLite's findings", row => row.GetString(0));
        foreach (var problem in said)
        {
            if (problem != "ok")
            {
                reading.Findings.Add(problem);
            }
        }
    }

    private static DatabaseReport Describe(SqliteStatements statements, string file, int version)
    {
        var page = (long)statements.Scalar("PRAGMA page_size")!;
        var free = (long)statements.Scalar("PRAGMA freelist_count")!;
        return new(file, version, DatabaseFiles.Bytes(file), page * free);
    }
}

using System.Globalization;
using ActorFlow.Persistence.Sqlite.Locking;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Sql;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>
/// The tables of a database file, made and changed by the files in <c>Schema</c>. The version is the file's <c>user_version</c>.
/// </summary>
internal static class SqliteSchema
{
    /// <summary>Marks the file as ActorFlow's ("AFLW"), in the header field that SQLite keeps for this.</summary>
    public const int ApplicationId = 0x41464C57;

    private static readonly SchemaRunner Runner = new(typeof(SqliteSchema).Assembly);

    /// <summary>The schema that this program writes.</summary>
    public static int Version => Runner.Newest;

    /// <summary>
    /// Checks the database without changing it, then makes it or brings it up to date. It is judged as SQLite recovers it, with
    /// what stands beside the file.
    /// </summary>
    /// <exception cref="DataDirectoryException">It is no database, another program's, of a newer version, or cannot be recovered.</exception>
    public static void Prepare(string file)
    {
        var beside = DatabaseFiles.Describe(file);
        try
        {
            DatabaseFiles.SetAsideLogWithoutDatabase(file);
            if (File.Exists(file) && DatabaseFiles.IsWhole(file))
            {
                LookWithoutTrace(file);
            }
            using var connection = Look(file, SqliteOpenMode.ReadWriteCreate, out var version);
            KeepLog(connection, keep: false);
            Run(connection, "PRAGMA journal_mode=WAL");
            if (version < Version)
            {
                // The log keeps the versions whole and in order; that they are on the disk is waited for once, when the connection closes.
                Run(connection, "PRAGMA synchronous=NORMAL");
                Runner.Apply(new Tables(connection, file));
            }
        }
        catch (SqliteException e)
        {
            throw DatabaseRefusal.Of(file, beside, e);
        }
    }

    /// <summary>Opens the database as SQLite recovers it. Closing it leaves it, and its log, as they were: they may be another program's.</summary>
    /// <param name="file">The file; it exists.</param>
    /// <param name="version">The version of its schema; 0: it is empty.</param>
    /// <exception cref="DataDirectoryException">It is another program's, or of a newer version.</exception>
    /// <exception cref="SqliteException">SQLite cannot open or recover it.</exception>
    public static SqliteConnection Look(string file, out int version) => Look(file, SqliteOpenMode.ReadWrite, out version);

    private static SqliteConnection Look(string file, SqliteOpenMode mode, out int version)
    {
        var connection = Open(file, mode);
        try
        {
            KeepLog(connection, keep: true);
            version = Runner.Check(new Tables(connection, file));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Refuses another program's database before anything is made beside it. What it cannot read is left to who can recover it.</summary>
    private static void LookWithoutTrace(string file)
    {
        try
        {
            using var untouched = Open($"file:{Uri.EscapeDataString(file)}?immutable=1", SqliteOpenMode.ReadOnly);
            Runner.Check(new Tables(untouched, file));
        }
        catch (SqliteException)
        {
            // Somebody may be changing it: the next look waits for locks.
        }
    }

    /// <summary>Whether closing the connection leaves the write-ahead log as it is, instead of writing it into the file.</summary>
    private static void KeepLog(SqliteConnection connection, bool keep) =>
        raw.sqlite3_db_config(connection.Handle!, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0, out _);

    private static SqliteConnection Open(string source, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = source, Mode = mode, Pooling = false }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants and files of this assembly.
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants and files of this assembly.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private sealed class Tables(SqliteConnection connection, string file) : ISchemaDatabase
    {
        public string Name => file;

        public int Version()
        {
            var application = Number(connection, "PRAGMA application_id");
            var version = Number(connection, "PRAGMA user_version");
            var isNew = application == 0 && version == 0 && Number(connection, "SELECT COUNT(*) FROM sqlite_master") == 0;
            return application == ApplicationId || isNew
                ? (int)version
                : throw new DataDirectoryException($"{file} is the database of another program.");
        }

        // What throws leaves the transaction to the end of the connection, which rolls it back.
        public void Transact(Action change)
        {
            SqliteSchema.Run(connection, "BEGIN IMMEDIATE");
            change();
            SqliteSchema.Run(connection, "COMMIT");
        }

        public void Run(string sql) => SqliteSchema.Run(connection, sql);

        public void Mark(int version)
        {
            SqliteSchema.Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id={ApplicationId}"));
            SqliteSchema.Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version={version}"));
        }

        public Exception Refusal(string why) => new DataDirectoryException(why);
    }
}

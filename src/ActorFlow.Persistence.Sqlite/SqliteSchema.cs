using System.Globalization;
using ActorFlow.Runtime.Persistence;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>
/// The tables of a database file, made and changed in numbered steps. Journal, snapshot and tags are as Akka.Persistence.Sql
/// expects them, less its indexes on single columns that no query here uses.
/// </summary>
internal static class SqliteSchema
{
    /// <summary>Marks the file as ActorFlow's ("AFLW"), in the header field that SQLite keeps for this.</summary>
    public const int ApplicationId = 0x41464C57;

    private static readonly string[] Steps =
    [
        """
        CREATE TABLE journal (
          ordering INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
          created INTEGER NOT NULL,
          deleted BIT NOT NULL,
          persistence_id NVARCHAR(255) NOT NULL,
          sequence_number INTEGER NOT NULL,
          message VARBINARY NOT NULL,
          manifest NVARCHAR(500) NULL,
          identifier INTEGER NULL,
          writer_uuid NVARCHAR(128) NULL);
        CREATE UNIQUE INDEX journal_uq ON journal (persistence_id, sequence_number);
        CREATE TABLE tags (
          ordering_id INTEGER NOT NULL,
          tag NVARCHAR(64) NOT NULL,
          sequence_nr INTEGER NOT NULL,
          persistence_id NVARCHAR(255) NOT NULL,
          PRIMARY KEY (ordering_id, tag));
        CREATE INDEX tags_persistence_id_sequence_nr_idx ON tags (persistence_id, sequence_nr);
        CREATE INDEX tags_tag_idx ON tags (tag);
        CREATE TABLE snapshot (
          persistence_id NVARCHAR(255) NOT NULL,
          sequence_number INTEGER NOT NULL,
          created INTEGER NOT NULL,
          snapshot VARBINARY NULL,
          manifest NVARCHAR(500) NULL,
          serializer_id INTEGER NULL,
          PRIMARY KEY (persistence_id, sequence_number));
        CREATE TABLE definition (
          hash TEXT NOT NULL PRIMARY KEY,
          name TEXT NOT NULL,
          version INTEGER NOT NULL,
          document BLOB NOT NULL,
          created TEXT NOT NULL) WITHOUT ROWID;
        """,
        """
        CREATE TABLE payload (
          persistence_id TEXT NOT NULL,
          hash TEXT NOT NULL,
          bytes BLOB NOT NULL,
          PRIMARY KEY (persistence_id, hash)) WITHOUT ROWID;
        """,
        // Times are ticks. The two indexes by start hold what lists ask for, so that rows that do not fit are not looked up; text has
        // one of its own, since it is long and hardly ever changes.
        """
        CREATE TABLE workflow_index (
          id TEXT NOT NULL PRIMARY KEY,
          run_id TEXT NOT NULL,
          sequence INTEGER NOT NULL,
          definition TEXT NOT NULL,
          version INTEGER NOT NULL,
          status TEXT NOT NULL,
          parent TEXT NULL,
          tags TEXT NULL,
          started INTEGER NOT NULL,
          updated INTEGER NOT NULL,
          closed INTEGER NULL,
          wake_at INTEGER NULL,
          next_poll_at INTEGER NOT NULL,
          failure_type TEXT NULL,
          failure_message TEXT NULL,
          search TEXT NOT NULL,
          purged INTEGER NULL);
        CREATE INDEX workflow_index_started ON workflow_index (started, id, status, definition, version) WHERE purged IS NULL;
        CREATE INDEX workflow_index_text ON workflow_index (started, id, search) WHERE purged IS NULL;
        CREATE INDEX workflow_index_parent ON workflow_index (parent, started, id) WHERE parent IS NOT NULL;
        CREATE INDEX workflow_index_wake_at ON workflow_index (wake_at, next_poll_at) WHERE wake_at IS NOT NULL;
        CREATE INDEX workflow_index_closed ON workflow_index (closed, next_poll_at) WHERE closed IS NOT NULL AND purged IS NULL;
        CREATE INDEX workflow_index_purged ON workflow_index (purged) WHERE purged IS NOT NULL;
        CREATE TABLE workflow_tag (
          key TEXT NOT NULL,
          value TEXT NOT NULL,
          started INTEGER NOT NULL,
          id TEXT NOT NULL,
          PRIMARY KEY (key, value, started, id)) WITHOUT ROWID;
        CREATE TABLE definition_version (
          name TEXT NOT NULL,
          version INTEGER NOT NULL,
          hash TEXT NOT NULL,
          registered INTEGER NOT NULL,
          PRIMARY KEY (name, version)) WITHOUT ROWID;
        """,
        // Of the rows that are there nobody knows what their runs owe.
        """
        ALTER TABLE workflow_index ADD COLUMN owes INTEGER NOT NULL DEFAULT 3;
        CREATE TABLE tombstone (
          key BLOB NOT NULL PRIMARY KEY,
          purged INTEGER NOT NULL,
          sequence INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX tombstone_purged ON tombstone (purged);
        """,
    ];

    /// <summary>The schema that this program writes.</summary>
    public static int Version => Steps.Length;

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
            Migrate(connection, file, version);
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
            version = Check(connection, file);
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
            Check(untouched, file);
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

    /// <summary>The version of the file's schema; 0: it is new.</summary>
    private static int Check(SqliteConnection connection, string file)
    {
        var application = Number(connection, "PRAGMA application_id");
        var version = Number(connection, "PRAGMA user_version");
        var isNew = application == 0 && version == 0 && Number(connection, "SELECT COUNT(*) FROM sqlite_master") == 0;
        if (application != ApplicationId && !isNew)
        {
            throw new DataDirectoryException($"{file} is the database of another program.");
        }
        return version <= Version
            ? (int)version
            : throw new DataDirectoryException(
                $"{file} has schema version {version}, this ActorFlow knows up to {Version}: use a newer ActorFlow.");
    }

    private static void Migrate(SqliteConnection connection, string file, int version)
    {
        if (version < Version)
        {
            Run(connection, "PRAGMA synchronous=FULL");
            Run(connection, "BEGIN IMMEDIATE");
            // Mark and tables become visible together: a crash leaves an empty file or a whole one.
            for (var step = Check(connection, file); step < Version; step++)
            {
                Run(connection, Steps[step]);
            }
            Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id={ApplicationId}"));
            Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version={Version}"));
            Run(connection, "COMMIT");
        }
        Run(connection, "PRAGMA journal_mode=WAL");
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}

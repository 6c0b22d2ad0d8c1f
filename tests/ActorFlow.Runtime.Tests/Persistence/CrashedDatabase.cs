using System.Buffers.Binary;
using ActorFlow.Persistence.Sqlite;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>
/// The files of a data directory as a process leaves them that is killed: rows in the write-ahead log, and the database before and
/// after the checkpoint that writes them into it, page by page in ascending order.
/// </summary>
internal sealed class CrashedDatabase
{
    private const int PageSize = 4096;

    private CrashedDatabase(string directory)
    {
        var file = Path.Combine(directory, "actorflow.db");
        DataDirectory.Open(directory).Dispose();
        using (var connection = Connect(file))
        {
            Execute(connection, "PRAGMA wal_autocheckpoint=0");
            // A part is checkpointed, so that the next checkpoint changes pages as well as adding some.
            Insert(connection, 1, 20);
            Execute(connection, "PRAGMA wal_checkpoint(RESTART)");
            Insert(connection, 21, 60);
            Execute(connection, "DELETE FROM journal WHERE sequence_number % 7 = 0");
            Before = ReadShared(file);
            Log = ReadShared(file + "-wal");
            SharedMemory = ReadShared(file + "-shm");
            Rows = RowsOf(connection);
            Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
            After = ReadShared(file);
        }
        ChangedPages = [.. Enumerable.Range(0, After.Length / PageSize).Where(page => !PageOf(After, page).SequenceEqual(PageOf(Before, page)))];
    }

    public byte[] Before { get; }

    public byte[] After { get; }

    public byte[] Log { get; }

    public byte[] SharedMemory { get; }

    /// <summary>What was committed.</summary>
    public string Rows { get; }

    /// <summary>The pages that the checkpoint writes, in its order.</summary>
    public IReadOnlyList<int> ChangedPages { get; }

    public static CrashedDatabase Make()
    {
        using var directory = new TemporaryDirectory();
        return new(directory.Path);
    }

    /// <summary>The database after so many of the checkpoint's writes, and a part of the next.</summary>
    public byte[] AfterWrites(int writes, int bytesOfTheNext)
    {
        var written = ChangedPages.Take(writes).Select(page => (Page: page, Bytes: PageSize));
        var torn = ChangedPages.Skip(writes).Take(bytesOfTheNext > 0 ? 1 : 0).Select(page => (Page: page, Bytes: bytesOfTheNext));
        var file = new MemoryStream();
        file.Write(Before);
        foreach (var (page, bytes) in written.Concat(torn))
        {
            file.Position = (long)page * PageSize;
            file.Write(After, page * PageSize, bytes);
        }
        return file.ToArray();
    }

    /// <summary>Where a frame of the log begins, and where the last one ends.</summary>
    public IEnumerable<int> FrameEnds()
    {
        var frame = 24 + (int)BinaryPrimitives.ReadUInt32BigEndian(Log.AsSpan(8));
        for (var end = 32; end <= Log.Length; end += frame)
        {
            yield return end;
        }
    }

    public static string RowsIn(string file)
    {
        using var connection = Connect(file);
        return RowsOf(connection);
    }

    public static string IntegrityOf(string file)
    {
        using var connection = Connect(file);
        return Text(connection, "PRAGMA integrity_check");
    }

    private static string RowsOf(SqliteConnection connection) =>
        Text(connection, "SELECT group_concat(persistence_id || ':' || sequence_number || ':' || length(message)) FROM (SELECT * FROM journal ORDER BY ordering)");

    private static void Insert(SqliteConnection connection, int from, int to)
    {
        for (var i = from; i <= to; i++)
        {
            Execute(connection,
                $"INSERT INTO journal (created, deleted, persistence_id, sequence_number, message) VALUES (0, 0, 'run', {i}, randomblob({500 + i * 90}))");
        }
    }

    private static SqliteConnection Connect(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static string Text(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        return command.ExecuteScalar()!.ToString()!;
    }

    private static ReadOnlySpan<byte> PageOf(byte[] file, int page) =>
        file.Length >= (page + 1) * PageSize ? file.AsSpan(page * PageSize, PageSize) : [];

    private static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

using ActorFlow.Persistence.Sqlite;
using ActorFlow.Runtime.Persistence;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>Failure rule 26: whatever SQLite can recover opens, and holds what was committed.</summary>
public sealed class CrashTests : IDisposable
{
    private static readonly CrashedDatabase Crashed = CrashedDatabase.Make();

    private readonly TemporaryDirectory _directory = new();

    private string Database => _directory.File("actorflow.db");

    private string Log => Database + "-wal";

    private string SharedMemory => Database + "-shm";

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(512)]
    public void A_kill_at_any_write_of_a_checkpoint_leaves_a_directory_that_opens(int bytesOfTheNext)
    {
        Assert.InRange(Crashed.ChangedPages.Count, 30, 200);
        for (var writes = 0; writes <= Crashed.ChangedPages.Count; writes++)
        {
            Leave(Crashed.AfterWrites(writes, bytesOfTheNext), Crashed.Log);

            AssertOpensWhole();
        }
    }

    [Fact]
    public void A_kill_at_any_write_of_the_log_leaves_the_commits_before_it()
    {
        var previous = 0;
        foreach (var end in Crashed.FrameEnds().SelectMany(end => new[] { end, end + 24, end + 1000 }).Where(end => end <= Crashed.Log.Length))
        {
            Leave(Crashed.Before, Crashed.Log[..end]);

            DataDirectory.Open(_directory.Path).Dispose();

            Assert.Equal("ok", CrashedDatabase.IntegrityOf(Database));
            var rows = CrashedDatabase.RowsIn(Database).Split(',').Length;
            // The last commit deletes some.
            Assert.True(rows >= previous || end + 1000 >= Crashed.Log.Length, $"{rows} rows after {end} bytes, {previous} before");
            previous = rows;
        }
        Assert.Equal(Crashed.Rows, CrashedDatabase.RowsIn(Database));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("of the killed process")]
    [InlineData("empty")]
    [InlineData("zeros")]
    [InlineData("of something else")]
    public void Shared_memory_that_was_left_behind_decides_nothing(string kind)
    {
        foreach (var writes in new[] { 0, 5, Crashed.ChangedPages.Count / 2, Crashed.ChangedPages.Count })
        {
            Leave(Crashed.AfterWrites(writes, 0), Crashed.Log);
            byte[]? left = kind switch
            {
                "missing" => null,
                "of the killed process" => Crashed.SharedMemory,
                "empty" => [],
                "zeros" => new byte[32768],
                _ => [.. Enumerable.Range(0, 40_000).Select(i => (byte)(i * 31))],
            };
            if (left is not null)
            {
                File.WriteAllBytes(SharedMemory, left);
            }

            AssertOpensWhole();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is no log")]
    public void A_log_without_content_beside_a_whole_database_decides_nothing(string log)
    {
        Leave(Crashed.After, System.Text.Encoding.ASCII.GetBytes(log));

        AssertOpensWhole();
    }

    [Fact]
    public void Empty_files_are_taken_as_new()
    {
        foreach (var name in new[] { "", "-wal", "-shm", "-journal" })
        {
            File.WriteAllBytes(Database + name, []);
        }

        DataDirectory.Open(_directory.Path).Dispose();

        Assert.Equal("ok", CrashedDatabase.IntegrityOf(Database));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_log_whose_database_is_gone_is_kept_under_another_name(bool isEmpty)
    {
        File.WriteAllBytes(Log, Crashed.Log);
        if (isEmpty)
        {
            File.WriteAllBytes(Database, []);
        }

        DataDirectory.Open(_directory.Path).Dispose();

        var kept = Assert.Single(Directory.GetFiles(_directory.Path, "actorflow.db-wal.*"));
        Assert.Equal(Crashed.Log, File.ReadAllBytes(kept));
        Assert.Equal("ok", CrashedDatabase.IntegrityOf(Database));
    }

    [Fact]
    public void A_transaction_that_a_rollback_journal_takes_back_is_taken_back()
    {
        Leave(Crashed.After, []);
        var (journal, half) = InTheMidstOfATransaction();
        Leave(half, []);
        File.WriteAllBytes(Database + "-journal", journal);

        AssertOpensWhole();
    }

    [Fact]
    public void The_log_of_another_programs_database_stays_as_it_is()
    {
        using (var other = Connect())
        {
            Execute(other, "PRAGMA journal_mode=WAL");
            Execute(other, "PRAGMA application_id=77");
            Execute(other, "PRAGMA wal_checkpoint(TRUNCATE)");
            Execute(other, "CREATE TABLE other (x)");
            var files = new[] { Database, Log }.Select(file => (File: file, Bytes: Shared(file))).ToList();
            other.Dispose();
            files.ForEach(file => File.WriteAllBytes(file.File, file.Bytes));
        }
        byte[][] before = [File.ReadAllBytes(Database), File.ReadAllBytes(Log)];

        var refusal = Assert.Throws<DataDirectoryException>(() => DataDirectory.Open(_directory.Path)).Message;

        Assert.Equal($"{Database} is the database of another program.", refusal);
        Assert.Equal(before, [File.ReadAllBytes(Database), File.ReadAllBytes(Log)]);
    }

    [Fact]
    public void What_cannot_be_recovered_is_refused_with_what_was_tried_and_what_to_do()
    {
        // The schema's own page.
        var damaged = (byte[])Crashed.After.Clone();
        Array.Fill(damaged, (byte)0xA5, 100, 3996);
        Leave(damaged, Crashed.Log[..32]);

        var refusal = Assert.Throws<DataDirectoryException>(() => DataDirectory.Open(_directory.Path)).Message;

        Assert.StartsWith($"{Database} is damaged: SQLite read it together with its actorflow.db-wal (32 bytes), and could not recover it.", refusal);
        Assert.Contains($"actorflow db check --data {_directory.Path}", refusal);
        Assert.DoesNotContain('\n', refusal);
        Assert.Equal(damaged, File.ReadAllBytes(Database));
    }

    private void Leave(byte[] database, byte[] log)
    {
        foreach (var file in Directory.GetFiles(_directory.Path))
        {
            File.Delete(file);
        }
        File.WriteAllBytes(Database, database);
        File.WriteAllBytes(Log, log);
    }

    private void AssertOpensWhole()
    {
        DataDirectory.Open(_directory.Path).Dispose();

        Assert.Equal("ok", CrashedDatabase.IntegrityOf(Database));
        Assert.Equal(Crashed.Rows, CrashedDatabase.RowsIn(Database));
    }

    /// <summary>The journal, and the database with a part of the transaction, as a killed process leaves them.</summary>
    private (byte[] Journal, byte[] Half) InTheMidstOfATransaction()
    {
        using var connection = Connect();
        Execute(connection, "PRAGMA journal_mode=DELETE");
        Execute(connection, "PRAGMA cache_size=1");
        Execute(connection, "BEGIN IMMEDIATE");
        Execute(connection, "UPDATE journal SET message = randomblob(9000)");
        var left = (Shared(Database + "-journal"), Shared(Database));
        Assert.NotEqual(Crashed.After, left.Item2);
        Execute(connection, "ROLLBACK");
        return left;
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static byte[] Shared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

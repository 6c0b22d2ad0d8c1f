using ActorFlow.Persistence.Sqlite;
using ActorFlow.Runtime.Persistence;
using ActorFlow.TestSupport.Persistence;

namespace ActorFlow.Runtime.Tests.Persistence;

public sealed class SqliteWriteQueueTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly DiskFaults _disk = new();
    private SqliteStore _store = null!;

    public async Task InitializeAsync()
    {
        _store = (SqliteStore)_disk.Open(new PersistenceOptions { DataDirectory = _directory.Path });
        await _store.Writes.WriteAsync(statements => statements.Execute("CREATE TABLE note (position INTEGER PRIMARY KEY, text TEXT UNIQUE)"));
    }

    public async Task DisposeAsync()
    {
        _disk.Resume();
        await _store.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Writes_are_done_in_the_order_they_were_asked_and_share_transactions()
    {
        var before = _disk.Commits;

        await StalledBehindOne(() => Enumerable.Range(1, 300).Select(i => Note($"n{i}")));

        Assert.Equal(["first", .. Enumerable.Range(1, 300).Select(i => $"n{i}")], await Notes());
        Assert.Equal(2, _disk.Commits - before);
    }

    [Fact]
    public async Task A_transaction_takes_400_rows_or_one_larger_write()
    {
        var before = _disk.Commits;

        await StalledBehindOne(() =>
            [Note("n1", 200), Note("n2", 200), Note("n3", 200), Note("n4", 200), Note("n5", 200), Note("large", 5_000)]);

        // first; n1 n2; n3 n4; n5 large.
        Assert.Equal(4, _disk.Commits - before);
    }

    [Fact]
    public async Task A_write_that_can_be_done_without_fails_at_once_on_a_full_disk_and_holds_nothing_up()
    {
        var tries = 0;
        Task Large() => Assert.ThrowsAsync<StoreWriteException>(() => _store.Writes.WriteAsync(
            _ =>
            {
                tries++;
                throw new Microsoft.Data.Sqlite.SqliteException("database or disk is full", 13);
            },
            dispensable: true));

        await StalledBehindOne(() => [Note("n1"), Large(), Note("n2")]);
        await Large();

        Assert.Equal(["first", "n1", "n2"], await Notes());
        Assert.Equal(2, tries);
        Assert.Null(_store.WriteFailure);
    }

    [Fact]
    public async Task A_write_that_fails_leaves_those_beside_it_alone()
    {
        await StalledBehindOne(() =>
        [
            Note("n1"),
            Assert.ThrowsAsync<InvalidOperationException>(() => _store.Writes.WriteAsync(statements =>
            {
                statements.Execute("INSERT INTO note (text) VALUES ('half')");
                throw new InvalidOperationException();
            })),
            Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => Note("n1")),
            Note("n2"),
        ]);

        Assert.Equal(["first", "n1", "n2"], await Notes());
    }

    [Fact]
    public async Task A_write_is_withdrawn_while_it_is_queued_and_not_once_it_is_written()
    {
        using var withdraw = new CancellationTokenSource();
        Task? queued = null;
        _disk.Stall();
        var writing = _store.Writes.WriteAsync(s => s.Execute("INSERT INTO note (text) VALUES ('writing')"), 1, withdraw.Token);
        await Until.True(() => _disk.IsStalling);
        queued = _store.Writes.WriteAsync(s => s.Execute("INSERT INTO note (text) VALUES ('queued')"), 1, withdraw.Token);

        await withdraw.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => queued);
        Assert.False(writing.IsCompleted);
        _disk.Resume();
        await writing;
        await _store.FlushAsync();

        Assert.Equal(["writing"], await Notes());
    }

    [Fact]
    public async Task Closing_writes_what_is_queued_and_refuses_what_comes_later()
    {
        _disk.Stall();
        var queued = Enumerable.Range(1, 1_000).Select(i => Note($"n{i}")).ToArray();
        var closing = _store.DisposeAsync().AsTask();
        var late = await Assert.ThrowsAsync<StoreWriteException>(() => Note("late"));
        Assert.False(closing.IsCompleted);

        _disk.Resume();
        await closing;

        await Task.WhenAll(queued);
        Assert.Equal("The store is closed.", late.Message);
        _store = (SqliteStore)_disk.Open(new PersistenceOptions { DataDirectory = _directory.Path });
        Assert.Equal(1_000, (await Notes()).Count);
    }

    [Fact]
    public async Task A_flush_ends_after_the_writes_before_it()
    {
        _disk.Stall();
        var written = Note("n1");
        var flushed = _store.FlushAsync();
        await Until.True(() => _disk.IsStalling);
        Assert.False(flushed.IsCompleted);

        _disk.Resume();
        await flushed;

        Assert.True(written.IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(SqliteSynchronous.Full, 2)]
    [InlineData(SqliteSynchronous.Normal, 1)]
    public async Task The_writer_commits_to_a_write_ahead_log_as_durably_as_it_is_told(SqliteSynchronous synchronous, long expected)
    {
        await _store.DisposeAsync();
        _store = (SqliteStore)_disk.Open(new PersistenceOptions { DataDirectory = _directory.Path, Synchronous = synchronous });
        object?[] settings = [];

        await _store.Writes.WriteAsync(s => settings =
            [s.Scalar("PRAGMA synchronous"), s.Scalar("PRAGMA journal_mode"), s.Scalar("PRAGMA busy_timeout")]);

        Assert.Equal([expected, "wal", 5_000L], settings);
        Assert.Equal(1L, await _store.Readers.ReadAsync(s => s.Scalar("PRAGMA query_only")));
    }

    private async Task StalledBehindOne(Func<IEnumerable<Task>> queue)
    {
        _disk.Stall();
        var first = Note("first");
        await Until.True(() => _disk.IsStalling);
        var queued = queue().ToArray();
        _disk.Resume();
        await first;
        await Task.WhenAll(queued);
    }

    private Task Note(string text, int rows = 1) =>
        _store.Writes.WriteAsync(statements => statements.Execute("INSERT INTO note (text) VALUES ($1)", text), rows);

    private Task<List<string>> Notes() => _store.Readers.ReadAsync(statements =>
    {
        using var rows = statements.Query("SELECT text FROM note ORDER BY position");
        var notes = new List<string>();
        while (rows.Read())
        {
            notes.Add(rows.GetString(0));
        }
        return notes;
    });
}

using System.Diagnostics;
using System.Runtime.Versioning;
using ActorFlow.Persistence.Sqlite;
using ActorFlow.Persistence.Sqlite.Locking;
using ActorFlow.Runtime.Persistence;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>Failure rule 5: one process uses a data directory, whatever becomes of the files in it.</summary>
public sealed class DirectoryLockTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Path => _directory.File("data");

    private string LockFile => System.IO.Path.Combine(Path, "actorflow.lock");

    public void Dispose() => _directory.Dispose();

    [LinuxFact]
    public void A_lock_file_that_is_deleted_lets_nobody_else_in()
    {
        using var first = DataDirectory.Open(Path);
        File.Delete(LockFile);

        Assert.StartsWith($"{Path} is in use by process {Environment.ProcessId} (", Refusal(Path));
        Assert.Null(first.Watch.Look());
    }

    [LinuxFact]
    public void A_link_to_the_directory_is_the_same_directory()
    {
        using var first = DataDirectory.Open(Path);
        var link = _directory.File("link");
        Directory.CreateSymbolicLink(link, Path);

        Assert.StartsWith($"{link} is in use by process {Environment.ProcessId} (", Refusal(link));
    }

    [LinuxFact]
    public void A_directory_that_was_moved_is_still_locked_under_its_new_name()
    {
        using var first = DataDirectory.Open(Path);
        var moved = _directory.File("moved");
        Directory.Move(Path, moved);

        Assert.StartsWith($"{moved} is in use by process {Environment.ProcessId} (", Refusal(moved));
    }

    [LinuxFact]
    [UnsupportedOSPlatform("windows")]
    public void A_read_only_lock_file_locks_as_well()
    {
        DataDirectory.Open(Path).Dispose();
        File.SetUnixFileMode(LockFile, UnixFileMode.UserRead);

        using var first = DataDirectory.Open(Path);

        Refusal(Path);
    }

    [LinuxFact]
    public async Task A_directory_that_another_process_locks_is_in_use()
    {
        DataDirectory.Open(Path).Dispose();
        using var other = Process.Start("flock", ["--no-fork", Path, "sleep", "600"]);
        try
        {
            await Until.True(() => !NativeLock.TryTake(Path, out var mine) || Free(mine));
            Assert.StartsWith($"{Path} is in use by another process: ", Refusal(Path));
        }
        finally
        {
            other.Kill();
        }
        await other.WaitForExitAsync();

        DataDirectory.Open(Path).Dispose();

        static bool Free(IDisposable? taken)
        {
            taken?.Dispose();
            return false;
        }
    }

    [Fact]
    public async Task Of_many_that_open_it_at_the_same_instant_one_gets_it_and_the_others_are_refused()
    {
        for (var round = 0; round < 20; round++)
        {
            using var barrier = new Barrier(8);
            var path = _directory.File($"round-{round}");
            var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    barrier.SignalAndWait();
                    try
                    {
                        return DataDirectory.Open(path);
                    }
                    catch (DataDirectoryException refused)
                    {
                        Assert.StartsWith($"{path} is in use by ", refused.Message);
                        return null;
                    }
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

            Assert.Single(opened, each => each is not null)!.Dispose();
        }
    }

    [LinuxFact]
    public async Task The_store_of_a_directory_that_is_deleted_says_so_and_writes_no_more()
    {
        await using var store = Open();
        // Its log is made by then: nothing appears in what is being deleted.
        await store.FlushAsync();

        Directory.Delete(Path, recursive: true);

        await AssertLostAsync(store, $"the data directory {Path} was deleted or moved while this process used it");
        Assert.False(Directory.Exists(Path));
    }

    [LinuxFact]
    public async Task A_store_whose_directory_was_replaced_leaves_the_new_one_alone()
    {
        await using (var store = Open())
        {
            Directory.Move(Path, _directory.File("moved"));
            using var successor = DataDirectory.Open(Path);
            var before = Directory.GetFiles(Path).Order().Select(file => (file, new FileInfo(file).Length)).ToList();

            await AssertLostAsync(store, $"the data directory {Path} was replaced while this process used it");
            await store.DisposeAsync();

            Assert.Equal(before, Directory.GetFiles(Path).Order().Select(file => (file, new FileInfo(file).Length)));
        }
        DataDirectory.Open(_directory.File("moved")).Dispose();
    }

    [LinuxFact]
    public async Task A_store_whose_database_was_deleted_is_lost()
    {
        await using var store = Open();

        File.Delete(store.Directory.DatabaseFile);

        await AssertLostAsync(store, $"{store.Directory.DatabaseFile} was deleted or moved while this process used it");
    }

    [LinuxFact]
    public async Task A_loss_is_noticed_by_itself()
    {
        await using var store = Open();
        // Its log is made by then: nothing appears in what is being deleted.
        await store.FlushAsync();

        Directory.Delete(Path, recursive: true);

        await Until.True(() => store.WriteFailure is not null);
        Assert.Contains(Path, store.WriteFailure);
        Assert.True(store.Lost.IsCompletedSuccessfully);
        Assert.Equal((true, true), (store.Health.WriteFailure!.IsLoss, store.Health.WriteFailure.IsDamage));
    }

    [LinuxFact]
    public void Looking_allocates_nothing()
    {
        using var directory = DataDirectory.Open(Path);
        directory.Watch.Look();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1_000; i++)
        {
            directory.Watch.Look();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private SqliteStore Open() => (SqliteStore)SqlitePersistence.Open(new PersistenceOptions { DataDirectory = Path });

    private static async Task AssertLostAsync(SqliteStore store, string line)
    {
        var refused = await Assert.ThrowsAsync<StoreWriteException>(() => store.Writes.WriteAsync(static _ => { }));

        Assert.StartsWith(line, refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.Equal(refused.Message, await store.Lost);
    }

    private static string Refusal(string path) => Assert.Throws<DataDirectoryException>(() => DataDirectory.Open(path)).Message;
}

using ActorFlow.Persistence.Sqlite;
using ActorFlow.Runtime.Client;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Shell.Runs;

namespace ActorFlow.Shell.Records;

/// <summary>The runs in a data directory, read without a node.</summary>
internal static class StoredRecords
{
    /// <summary>Reads; the directory is locked meanwhile.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="read">Reads the runs.</param>
    /// <exception cref="CommandFailure">The directory cannot be used, or there is no such run.</exception>
    public static async Task ReadAsync(string directory, Func<StoredRuns, Task> read)
    {
        DirectoryRequest.RequireUsable(directory);

        await using var store = SqlitePersistence.Open(new PersistenceOptions { DataDirectory = directory });
        await new DirectoryRequest(Path.GetFullPath(directory), store.Health).AskAsync(async () =>
        {
            await read(new(store)).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
    }
}

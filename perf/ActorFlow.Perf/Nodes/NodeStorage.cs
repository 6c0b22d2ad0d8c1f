using System.Text.Json.Serialization;
using ActorFlow.Runtime.Persistence;
using ActorFlow.TestSupport.Databases;

namespace ActorFlow.Perf.Nodes;

/// <summary>Where the runs of one node are kept. A node that is given it later, in whatever process, finds them there.</summary>
/// <param name="journal">Who writes them.</param>
/// <param name="dataDirectory">The directory of an embedded database; empty: it is none.</param>
/// <param name="connectionString">The database on a server; empty: it is none.</param>
[method: JsonConstructor]
internal sealed class NodeStorage(JournalKind journal, string dataDirectory, string connectionString) : IAsyncDisposable
{
    private PrivatePostgres? _database;
    private TemporaryDirectory? _directory;

    /// <summary>Who writes them.</summary>
    public JournalKind Journal { get; } = journal;

    /// <summary>The directory of an embedded database; empty: it is none.</summary>
    public string DataDirectory { get; } = dataDirectory;

    /// <summary>The database on a server; empty: it is none.</summary>
    public string ConnectionString { get; } = connectionString;

    /// <summary>Nowhere.</summary>
    public static NodeStorage InMemory() => new(JournalKind.Memory, "", "");

    /// <summary>In a directory of its own, which goes with it.</summary>
    public static NodeStorage OnDisk()
    {
        var directory = new TemporaryDirectory();
        return new(JournalKind.ActorFlow, directory.Path, "") { _directory = directory };
    }

    /// <summary>In a database of a server, which goes with it.</summary>
    public static NodeStorage On(PrivatePostgres database) => new(JournalKind.Postgres, "", database.ConnectionString) { _database = database };

    /// <summary>Points a node at it.</summary>
    public void Configure(PersistenceOptions options)
    {
        (options.Journal, options.ConnectionString) = (Journal, ConnectionString);
        options.DataDirectory = DataDirectory.Length > 0 ? DataDirectory : options.DataDirectory;
    }

    /// <summary>Removes all that is there; no node may use it any more.</summary>
    public async ValueTask DisposeAsync()
    {
        _directory?.Dispose();
        await (_database?.DisposeAsync() ?? default).ConfigureAwait(false);
    }
}

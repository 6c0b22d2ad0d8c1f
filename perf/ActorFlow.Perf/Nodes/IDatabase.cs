using ActorFlow.Runtime.Persistence;

namespace ActorFlow.Perf.Nodes;

/// <summary>
/// The store that all nodes of a run use. A new store is a class here and a line in <see cref="Databases"/>: specs, measurements and
/// reports need no more.
/// </summary>
internal interface IDatabase : IAsyncDisposable
{
    /// <summary>The word of <c>--store</c>.</summary>
    string Store { get; }

    /// <summary>When a commit counts, in words.</summary>
    string Durability { get; }

    /// <summary>Points a node at it.</summary>
    /// <param name="options">The node's options.</param>
    /// <param name="directory">A directory of the node's own.</param>
    void Configure(PersistenceOptions options, string directory);

    /// <summary>The processor time used so far by processes of the database's own.</summary>
    TimeSpan ProcessorTime();

    /// <summary>Environment variables with which another process of this program finds the same database.</summary>
    IReadOnlyDictionary<string, string> Environment { get; }
}

/// <summary>SQLite in the node's process, a commit waits for the disk.</summary>
internal sealed class SqliteDatabase : IDatabase
{
    public string Store => "sqlite";

    public string Durability => "SQLite, WAL, synchronous=FULL";

    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    public void Configure(PersistenceOptions options, string directory) => options.DataDirectory = directory;

    public TimeSpan ProcessorTime() => TimeSpan.Zero;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Nothing is durable.</summary>
internal sealed class MemoryDatabase : IDatabase
{
    public string Store => "memory";

    public string Durability => "in memory, nothing durable";

    public IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>();

    public void Configure(PersistenceOptions options, string directory) => options.Journal = JournalKind.Memory;

    public TimeSpan ProcessorTime() => TimeSpan.Zero;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>The stores by the words of <c>--store</c>.</summary>
internal static class Databases
{
    private static readonly Dictionary<string, Func<Task<IDatabase>>> ByStore = new(StringComparer.Ordinal)
    {
        ["sqlite"] = () => Task.FromResult<IDatabase>(new SqliteDatabase()),
        ["memory"] = () => Task.FromResult<IDatabase>(new MemoryDatabase()),
    };

    /// <summary>The words.</summary>
    public static IEnumerable<string> Stores => ByStore.Keys;

    /// <summary>Opens a store.</summary>
    /// <param name="store">One of <see cref="Stores"/>.</param>
    public static Task<IDatabase> OpenAsync(string store) => ByStore[store]();
}

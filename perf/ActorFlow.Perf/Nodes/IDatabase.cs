namespace ActorFlow.Perf.Nodes;

/// <summary>
/// The store that all nodes of a run use. A new store is a class of this kind and a line in <see cref="Databases"/>: specs,
/// measurements and reports need no more.
/// </summary>
internal interface IDatabase : IAsyncDisposable
{
    /// <summary>The word of <c>--store</c>.</summary>
    string Store { get; }

    /// <summary>When a commit counts, in words.</summary>
    string Durability { get; }

    /// <summary>Whether all processor time that it uses is known; not that of a server elsewhere.</summary>
    bool KnowsProcessorTime { get; }

    /// <summary>Makes room, empty, for the runs of one node.</summary>
    Task<NodeStorage> CreateAsync();

    /// <summary>The processor time used so far by processes of the database's own.</summary>
    TimeSpan ProcessorTime();
}

/// <summary>SQLite in the node's process, a commit waits for the disk.</summary>
internal sealed class SqliteDatabase : IDatabase
{
    public string Store => "sqlite";

    public string Durability => "SQLite, WAL, synchronous=FULL";

    public bool KnowsProcessorTime => true;

    public Task<NodeStorage> CreateAsync() => Task.FromResult(NodeStorage.OnDisk());

    public TimeSpan ProcessorTime() => TimeSpan.Zero;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Nothing is durable.</summary>
internal sealed class MemoryDatabase : IDatabase
{
    /// <summary>Its word of <c>--store</c>.</summary>
    public const string Word = "memory";

    public string Store => Word;

    public string Durability => "in memory, nothing durable";

    public bool KnowsProcessorTime => true;

    public Task<NodeStorage> CreateAsync() => Task.FromResult(NodeStorage.InMemory());

    public TimeSpan ProcessorTime() => TimeSpan.Zero;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>The stores by the words of <c>--store</c>.</summary>
internal static class Databases
{
    private static readonly Dictionary<string, Func<Task<IDatabase>>> ByStore = new(StringComparer.Ordinal)
    {
        ["sqlite"] = () => Task.FromResult<IDatabase>(new SqliteDatabase()),
        ["postgres"] = async () => await PostgresDatabase.StartAsync().ConfigureAwait(false),
        [MemoryDatabase.Word] = () => Task.FromResult<IDatabase>(new MemoryDatabase()),
    };

    /// <summary>The words.</summary>
    public static IEnumerable<string> Stores => ByStore.Keys;

    /// <summary>Opens a store.</summary>
    /// <param name="store">One of <see cref="Stores"/>.</param>
    /// <exception cref="CommandLine.UsageException">This machine has none.</exception>
    public static Task<IDatabase> OpenAsync(string store) => ByStore[store]();
}

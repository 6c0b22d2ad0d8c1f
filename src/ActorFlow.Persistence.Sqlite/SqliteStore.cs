using ActorFlow.Runtime.Access;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Sql;
using Akka.Hosting;
using Microsoft.Data.Sqlite;

namespace ActorFlow.Persistence.Sqlite;

/// <summary>A node's store in one SQLite file: the locked data directory, its one writer and its readers.</summary>
internal sealed class SqliteStore : PersistenceStore, ITableStore
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly SqliteDatabase _database;
    private readonly ITimer _looking;

    private SqliteStore(
        PersistenceOptions options, TimeProvider time, DataDirectory directory, SqliteDatabase database, SqliteWriter writer)
        : base(options, time)
    {
        _database = database;
        Directory = directory;
        _looking = time.CreateTimer(static file => ((SqliteDatabase)file!).Look(), database, LookEvery, LookEvery);
        Readers = new SqliteReaders(database);
        Writes = new SqliteWriteQueue(writer, options.RetryWindow, Batches);
        var access = new SqlAccess(Readers, Writes, new SqliteDialect());
        Definitions = new SqlDefinitionStore(access);
        Registered = new SqlRegisteredDefinitions(access);
        Index = new SqliteWorkflowIndex(access, Writes, Readers);
        Checkpoints = new SqlCheckpointCatalog(access);
        Keys = new SqlApiKeys(access);
        Audit = new SqlAuditLog(access);
        Purge = new SqliteRunPurge(access, Writes, time);
        Journal = new SqliteJournalStorage(access, Writes);
        Snapshots = new SqliteSnapshotStorage(access, Writes);
    }

    /// <summary>The locked data directory.</summary>
    public DataDirectory Directory { get; }

    /// <summary>The way to write to the database.</summary>
    public SqliteWriteQueue Writes { get; }

    /// <summary>The way to read from the database.</summary>
    public SqliteReaders Readers { get; }

    /// <inheritdoc/>
    public override IDefinitionStore Definitions { get; }

    /// <inheritdoc/>
    public override IRegisteredDefinitions Registered { get; }

    /// <inheritdoc/>
    public override IWorkflowIndex Index { get; }

    /// <inheritdoc/>
    public override ICheckpointCatalog Checkpoints { get; }

    /// <inheritdoc/>
    public override IApiKeys Keys { get; }

    /// <inheritdoc/>
    public override IAuditLog Audit { get; }

    /// <inheritdoc/>
    public override IRunPurge Purge { get; }

    /// <inheritdoc/>
    public override bool NumbersOutlivePurge => Options.Journal != JournalKind.Stock;

    /// <inheritdoc/>
    public override StoreHealth Health => _database.Health;

    /// <inheritdoc/>
    public override Task<string> Lost => Directory.Watch.Lost;

    IJournalStorage ITableStore.Journal => Journal;

    ISnapshotStorage ITableStore.Snapshots => Snapshots;

    private SqliteJournalStorage Journal { get; }

    private SqliteSnapshotStorage Snapshots { get; }

    TimeSpan ITableStore.CallTimeout => Options.CallTimeout;

    /// <inheritdoc/>
    public override Task FlushAsync() => Writes.FlushAsync();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _looking.DisposeAsync().ConfigureAwait(false);
        await Writes.DisposeAsync().ConfigureAwait(false);
        Readers.Dispose();
        StockPlugin.ClosePooled(_database);
        Directory.Dispose();
    }

    internal static SqliteStore Open(
        PersistenceOptions options,
        TimeProvider time,
        Func<SqliteDatabase, SqliteWriter>? writer = null,
        Action<SqliteConnection>? opened = null)
    {
        var directory = DataDirectory.Open(options.DataDirectory);
        try
        {
            var database = new SqliteDatabase(directory.DatabaseFile, options.Synchronous, BusyTimeout(options))
            {
                Opened = opened,
                Watch = directory.Watch,
            };
            return new SqliteStore(options, time, directory, database, writer?.Invoke(database) ?? new SqliteWriter(database));
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    internal override void Configure(AkkaConfigurationBuilder builder) =>
        SqlitePlugins.Configure(builder, Options, _database);

    /// <summary>Short enough that a lock held by others is met by several tries inside the retry window.</summary>
    private static TimeSpan BusyTimeout(PersistenceOptions options) =>
        TimeSpan.FromMilliseconds(Math.Clamp(options.RetryWindow.TotalMilliseconds / 5, 10, 5_000));
}

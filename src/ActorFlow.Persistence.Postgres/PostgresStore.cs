using ActorFlow.Runtime.Access;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Sql;
using Akka.Hosting;

namespace ActorFlow.Persistence.Postgres;

/// <summary>A node's store in a PostgreSQL database, which it shares with the other nodes of its cluster.</summary>
internal sealed class PostgresStore : PersistenceStore, ITableStore
{
    private readonly PostgresDatabase _database;
    private readonly PostgresWrites _writes;
    private readonly PostgresReaders _readers;
    private readonly PostgresJournalStorage _journal;
    private readonly PostgresSnapshotStorage _snapshots;

    private PostgresStore(PersistenceOptions options, TimeProvider time, PostgresDatabase database, Func<PostgresDatabase, PostgresWriter> writer)
        : base(options, time)
    {
        _database = database;
        _readers = new PostgresReaders(database, options.RetryWindow);
        _writes = new PostgresWrites([.. Enumerable.Range(0, options.Writers).Select(_ => writer(database))], options.RetryWindow, Batches);
        var access = new SqlAccess(_readers, _writes, new PostgresDialect());
        _journal = new PostgresJournalStorage(access, _writes);
        _snapshots = new PostgresSnapshotStorage(access, _writes);
        Definitions = new SqlDefinitionStore(access);
        Registered = new SqlRegisteredDefinitions(access);
        Index = new PostgresWorkflowIndex(access, _writes);
        Checkpoints = new SqlCheckpointCatalog(access);
        Keys = new SqlApiKeys(access);
        Audit = new SqlAuditLog(access);
        Purge = new PostgresRunPurge(access, _writes, _readers, time);
    }

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
    public override StoreHealth Health => _database.Health;

    IJournalStorage ITableStore.Journal => _journal;

    ISnapshotStorage ITableStore.Snapshots => _snapshots;

    TimeSpan ITableStore.CallTimeout => Options.CallTimeout;

    /// <inheritdoc/>
    public override Task FlushAsync() => _writes.FlushAsync();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _writes.DisposeAsync().ConfigureAwait(false);
        _readers.Dispose();
        _database.Dispose();
    }

    /// <exception cref="DatabaseException">The database cannot be used.</exception>
    internal static PostgresStore Open(PersistenceOptions options, TimeProvider time, Func<PostgresDatabase, PostgresWriter>? writer = null)
    {
        var database = new PostgresDatabase(options);
        try
        {
            PostgresSchema.Prepare(database);
            return new PostgresStore(options, time, database, writer ?? (static at => new PostgresWriter(at)));
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    internal override void Configure(AkkaConfigurationBuilder builder) =>
        SqlPlugins.Configure(builder, Options, "PostgreSQL", connection: "held by the store");
}

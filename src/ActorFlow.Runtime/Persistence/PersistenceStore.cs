using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Persistence.Memory;
using ActorFlow.Runtime.Persistence.Postgres;
using ActorFlow.Runtime.Persistence.Sqlite;
using Akka.Actor.Setup;
using Akka.Hosting;
using Microsoft.Extensions.Options;

namespace ActorFlow.Runtime.Persistence;

/// <summary>
/// Where one node keeps its runs: journal, snapshots, definitions and index. One per process and data directory or database; whoever
/// opens it disposes it, after the ActorSystem that uses it has terminated.
/// </summary>
public abstract class PersistenceStore : IAsyncDisposable
{
    private protected PersistenceStore(PersistenceOptions options, TimeProvider time)
    {
        Options = options;
        FreshIds = new FreshIds(time);
    }

    /// <summary>Ids that this node made itself and whose recovery needs no query.</summary>
    public FreshIds FreshIds { get; }

    /// <summary>The definitions that runs refer to by hash.</summary>
    public abstract IDefinitionStore Definitions { get; }

    /// <summary>The versions of definitions that were registered.</summary>
    public abstract IRegisteredDefinitions Registered { get; }

    /// <summary>The runs as lists, counts and wake-ups see them.</summary>
    public abstract IWorkflowIndex Index { get; }

    /// <summary>The checkpoints that are kept.</summary>
    public abstract ICheckpointCatalog Checkpoints { get; }

    /// <summary>Deletes runs that have ended.</summary>
    public abstract IRunPurge Purge { get; }

    /// <summary>
    /// Whether the journal knows the numbers of a purged run as long as there is a tombstone of it: then only who finds numbers and no
    /// events has to ask the index for one. The default is yes.
    /// </summary>
    public virtual bool NumbersOutlivePurge => true;

    /// <summary>Whether the store is well, and why not.</summary>
    public abstract StoreHealth Health { get; }

    /// <summary>What the store is struggling with (a full disk, say); none: it is well.</summary>
    public string? Trouble => Health.Trouble?.Reason;

    /// <summary>Runs that this node could not read back.</summary>
    internal StuckRuns Stuck { get; } = new();

    /// <summary>
    /// Completes, with a line for the user, once this process can never use the store again, as when its data directory was deleted,
    /// moved or replaced. Nothing is written from then on: whoever runs a node on it ends the node.
    /// </summary>
    public virtual Task<string> Lost { get; } = new TaskCompletionSource<string>().Task;

    internal PersistenceOptions Options { get; }

    /// <summary>Opens the store that the options describe: checks and migrates the database, and locks the data directory of an embedded one.</summary>
    /// <param name="options">What to open.</param>
    /// <param name="time">The clock; none: the system's.</param>
    /// <exception cref="OptionsValidationException">A value is out of range; the message names it.</exception>
    /// <exception cref="DataDirectoryException">The directory cannot be used; the message is one line and says why.</exception>
    /// <exception cref="DatabaseException">The database server cannot be used; the message is one line and says why.</exception>
    public static PersistenceStore Open(PersistenceOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        var validity = new PersistenceOptionsValidator().Validate(null, options);
        if (validity.Failed)
        {
            throw new OptionsValidationException(PersistenceOptions.Section, typeof(PersistenceOptions), validity.Failures);
        }
        time ??= TimeProvider.System;
        return options.Journal switch
        {
            JournalKind.Memory => new MemoryStore(options, time),
            JournalKind.Postgres => PostgresStore.Open(options, time),
            _ => SqliteStore.Open(options, time),
        };
    }

    /// <summary>Completes when everything that was asked to be written before is on disk or has failed.</summary>
    public abstract Task FlushAsync();

    /// <summary>Writes what is still queued, closes the database and frees the data directory.</summary>
    public abstract ValueTask DisposeAsync();

    internal abstract void Configure(AkkaConfigurationBuilder builder);
}

/// <summary>How the plugins, which Akka makes from a class name, find the store of their ActorSystem.</summary>
internal sealed class PersistenceStoreSetup(PersistenceStore store) : Setup
{
    public PersistenceStore Store { get; } = store;

    public static TStore Of<TStore>(Akka.Actor.ActorSystem system) where TStore : class =>
        system.Settings.Setup.Get<PersistenceStoreSetup>() is { HasValue: true, Value.Store: TStore store }
            ? store
            : throw new InvalidOperationException($"No {typeof(TStore).Name}: set the system up by WithActorFlowPersistence.");
}

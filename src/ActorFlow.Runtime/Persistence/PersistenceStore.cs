using ActorFlow.Runtime.Access;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence.Memory;
using ActorFlow.Runtime.Telemetry;
using Akka.Actor.Setup;
using Akka.Hosting;
using Microsoft.Extensions.Options;

namespace ActorFlow.Runtime.Persistence;

/// <summary>
/// Where one node keeps its runs: journal, snapshots, definitions and index. One per process and data directory or database; whoever
/// opens it disposes it, after the ActorSystem that uses it has terminated.
/// </summary>
internal abstract class PersistenceStore : IAsyncDisposable
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

    /// <summary>The API keys.</summary>
    public abstract IApiKeys Keys { get; }

    /// <summary>Who did what.</summary>
    public abstract IAuditLog Audit { get; }

    /// <summary>Deletes runs that have ended.</summary>
    public abstract IRunPurge Purge { get; }

    /// <summary>
    /// Whether the journal knows the numbers of a purged run as long as there is a tombstone of it: then only who finds numbers and no
    /// events has to ask the index for one. The default is yes.
    /// </summary>
    public virtual bool NumbersOutlivePurge => true;

    /// <summary>Whether the store is well, and why not.</summary>
    public abstract StoreHealth Health { get; }

    /// <summary>Why the store cannot write (a full disk, say); null means that it can.</summary>
    public string? WriteFailure => Health.WriteFailure?.Reason;

    /// <summary>Runs that this node could not read back.</summary>
    internal StuckRuns Stuck { get; } = new();

    /// <summary>Measures what is committed together.</summary>
    internal BatchMeter Batches { get; } = new();

    /// <summary>
    /// Completes, with a line for the user, once this process can never use the store again, as when its data directory was deleted,
    /// moved or replaced. Nothing is written from then on: whoever runs a node on it ends the node.
    /// </summary>
    public virtual Task<string> Lost { get; } = new TaskCompletionSource<string>().Task;

    internal PersistenceOptions Options { get; }

    /// <summary>Opens the store that the options describe: checks and migrates the database, and locks the data directory of an embedded one.</summary>
    /// <param name="options">What to open.</param>
    /// <param name="providers">The databases there are; the one in memory is always there.</param>
    /// <param name="time">The clock; null means the system's.</param>
    /// <exception cref="OptionsValidationException">A value is out of range, or there is no provider for the database; the message names the key.</exception>
    /// <exception cref="DataDirectoryException">The directory cannot be used; the message is one line and says why.</exception>
    /// <exception cref="DatabaseException">The database server cannot be used; the message is one line and says why.</exception>
    public static PersistenceStore Open(PersistenceOptions options, IEnumerable<IPersistenceProvider> providers, TimeProvider? time = null) =>
        Open(options, providers, time ?? TimeProvider.System, PersistenceOptions.Section);

    /// <param name="options">What to open.</param>
    /// <param name="providers">The databases there are.</param>
    /// <param name="time">The clock.</param>
    /// <param name="path">The key of the section that the options stand for.</param>
    internal static PersistenceStore Open(PersistenceOptions options, IEnumerable<IPersistenceProvider> providers, TimeProvider time, string path)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(providers);
        ThrowIfAny(PersistenceOptionsValidator.AllFailuresOf(options, path));
        var provider = providers.Append(new MemoryPersistence()).FirstOrDefault(one => one.Handles(options.Journal));
        ThrowIfAny((provider?.FailuresOf(options) ?? [NoProvider(options.Journal)]).Select(failure => $"{path}:{failure}"));
        return provider!.OpenStore(options, time);
    }

    /// <summary>Throws where there is no store to read from.</summary>
    /// <exception cref="WorkflowRefusedException">The node keeps no runs.</exception>
    internal virtual void ThrowIfAbsent()
    {
    }

    private static void ThrowIfAny(IEnumerable<string> failures)
    {
        var all = failures.ToList();
        if (all.Count > 0)
        {
            throw new OptionsValidationException(PersistenceOptions.Section, typeof(PersistenceOptions), all);
        }
    }

    private static string NoProvider(JournalKind journal) => journal == JournalKind.Postgres
        ? "Journal is Postgres, and nothing here knows PostgreSQL: reference ActorFlow.Persistence.Postgres and call UsePostgres()."
        : $"Journal is {journal}, and nothing here knows SQLite: reference ActorFlow.Persistence.Sqlite and call UseSqlite().";

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

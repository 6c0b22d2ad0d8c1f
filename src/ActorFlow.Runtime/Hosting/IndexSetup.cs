using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Runtime.Hosting;

/// <summary>Adds the index's actors to a node with the role <c>workflow</c>.</summary>
internal sealed class IndexSetup
{
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(3);

    private readonly ActorFlowOptions _options;
    private readonly PersistenceStore _store;
    private readonly TimeProvider _time;
    private readonly OwnRuns? _own;
    private NodeShutdown? _departure;

    public IndexSetup(ActorFlowOptions options, IServiceProvider services)
    {
        _options = options;
        _store = services.GetRequiredService<PersistenceStore>();
        _time = services.GetRequiredService<TimeProvider>();
        // A node that does not recover other runs of its store does not wake them either.
        _own = options.Cluster.RememberRuns ? null : new();
    }

    /// <summary>The writer; set once the actors of <see cref="AddWriter"/> have started.</summary>
    public IActorRef Writer { get; private set; } = ActorRefs.Nobody;

    /// <summary>The state of the node's shutdown.</summary>
    public NodeShutdown DepartureOf(ActorSystem system) => _departure ??= new(system);

    /// <summary>Starts the writer, before the region of the runs, which send it their rows.</summary>
    public void AddWriter(AkkaConfigurationBuilder akka) => akka.WithActors((system, registry) =>
    {
        Writer = system.ActorOf(Props.Create(() => new IndexWriter(_store.Index, _time, _own)), "index-writer");
        registry.Register<IndexWriter>(Writer);
        // The regions have handed over by then, so no run sends a row any more; the store closes after it.
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseClusterShutdown, "drain-index", async () =>
        {
            await IndexWriter.DrainAsync(Writer, DrainTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return Akka.Done.Instance;
        });
    });

    /// <summary>Starts the actors that wake and purge runs, after the region of the runs.</summary>
    public void AddPolling(AkkaConfigurationBuilder akka) => akka.WithActors((system, registry) =>
    {
        var runs = registry.Get<WorkflowRegion>();
        var departure = DepartureOf(system);
        var scope = new WakeUpScope(() => departure.HasBegun, _own);
        system.ActorOf(Props.Create(() => new WakeUps(_store.Index, runs, _time, _options.Index, scope)), "wake-ups");
        if (_options.Retention > TimeSpan.Zero)
        {
            Func<bool> isLeaving = () => departure.HasBegun;
            system.ActorOf(
                Props.Create(() => new RetentionPurge(
                    _store.Index, _store.Purge, runs, _time, _options.Retention, _options.Index, isLeaving)),
                "retention");
        }
    });
}

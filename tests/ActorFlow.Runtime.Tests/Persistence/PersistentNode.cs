using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Wire;
using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting;
using Akka.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>An ActorSystem over a store, set up the way a node does it, with a probe to talk to the journal itself.</summary>
public sealed class PersistentNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly Akka.TestKit.Xunit2.TestKit _kit;
    private bool _stopped;

    private PersistentNode(PersistenceStore store, ServiceProvider services)
    {
        Store = store;
        _services = services;
        System = services.GetRequiredService<ActorSystem>();
        _kit = new Akka.TestKit.Xunit2.TestKit(System);
    }

    internal PersistenceStore Store { get; }

    public ActorSystem System { get; }

    public IActorRef Journal => Akka.Persistence.Persistence.Instance.Apply(System).JournalFor(null);

    public IActorRef Snapshots => Akka.Persistence.Persistence.Instance.Apply(System).SnapshotStoreFor(null);

    internal static async Task<PersistentNode> Start(PersistenceStore store, string logLevel = "OFF")
    {
        var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.None))
            .AddSingleton<IHostApplicationLifetime, NoLifetime>()
            .AddAkka("test", builder => builder
                .AddHocon(ConfigurationFactory.ParseString($"akka.loglevel = {logLevel}, akka.loggers = [], akka.stdout-loglevel = OFF, akka.test.default-timeout = 60s, akka.test.single-expect-default = 60s, akka.coordinated-shutdown.run-by-clr-shutdown-hook = off"), HoconAddMode.Prepend)
                .WithCustomSerializer("actorflow", ActorFlowSerializer.Types, system => new ActorFlowSerializer(system))
                .WithActorFlowPersistence(store))
            .BuildServiceProvider();
        foreach (var service in services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }
        var node = new PersistentNode(store, services);
        // Akka starts its scheduler at the first use and blocks a thread of the pool per actor that comes meanwhile: many
        // actors at once starve the very thread it starts on. A node with a cluster has used it long before.
        node.System.Scheduler.Advanced.ScheduleOnce(TimeSpan.Zero, () => { });
        return node;
    }

    public TestProbe Probe() => _kit.CreateTestProbe();

    public IActorRef Ledger(string id, IActorRef? failures = null) =>
        System.ActorOf(Props.Create(() => new Ledger(id, failures ?? ActorRefs.Nobody)));

    public IActorRef CommitLog(string id) => System.ActorOf(Props.Create(() => new CommitLog(id)));

    /// <summary>Stops the system as a node would, then closes the store.</summary>
    public async Task Stop()
    {
        if (!_stopped)
        {
            _stopped = true;
            foreach (var service in _services.GetServices<IHostedService>())
            {
                await service.StopAsync(CancellationToken.None);
            }
            await System.WhenTerminated;
            await _services.DisposeAsync();
            await Store.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await Stop();

    private sealed class NoLifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}

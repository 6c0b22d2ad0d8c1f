using ActorFlow.Runtime.Client;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Persistence;
using ActorFlow.TestSupport.Tasks;
using Akka.Actor;
using Akka.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorFlow.TestSupport.Hosting;

/// <summary>One node in the test's process: an ordinary host with <c>AddActorFlow</c>, and the handler of a recorder.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    /// <summary>
    /// Settings with which a cluster in one process forms quickly, and serializes every message. They allow for nodes that do not get
    /// a processor: tell the others about a node that was killed, see <see cref="TestCluster.KillAsync"/>.
    /// </summary>
    public const string Hocon =
        """
        akka {
          loglevel = WARNING
          stdout-loglevel = off
          actor {
            serialize-messages = on
            serialization-settings.allow-unregistered-types = true
            serializers.by-reference = "ActorFlow.TestSupport.Hosting.ByReferenceSerializer, ActorFlow.TestSupport"
            serialization-bindings { "System.Object" = by-reference }
          }
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          cluster {
            seed-node-timeout = 1s
            gossip-interval = 200ms
            leader-actions-interval = 200ms
            unreachable-nodes-reaper-interval = 200ms
            periodic-tasks-initial-delay = 100ms
            failure-detector { heartbeat-interval = 300ms, acceptable-heartbeat-pause = 20s }
            split-brain-resolver.stable-after = 1s
            down-removal-margin = 500ms
            singleton.hand-over-retry-interval = 200ms
            sharding.rebalance-interval = 1s
          }
        }
        """;

    private readonly IHost _host;
    private readonly TaskRecorder _tasks;
    private bool _gone;

    private TestHost(string name, IHost host, TaskRecorder tasks, NodeLog log)
    {
        Name = name;
        Log = log;
        _host = host;
        _tasks = tasks;
    }

    /// <summary>The node's name in the recorder.</summary>
    public string Name { get; }

    /// <summary>The warnings and errors of the node.</summary>
    public NodeLog Log { get; }

    /// <summary>The node's services.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>Starts and follows runs.</summary>
    public WorkflowEngine Engine => Services.GetRequiredService<WorkflowEngine>();

    /// <summary>Starts, steers and reads runs, as applications do.</summary>
    public IWorkflowClient Client => Services.GetRequiredService<IWorkflowClient>();

    /// <summary>The node's ActorSystem.</summary>
    public ActorSystem System => Services.GetRequiredService<ActorSystem>();

    /// <summary>The node's cluster extension.</summary>
    public Cluster Cluster => Cluster.Get(System);

    /// <summary>Starts a node.</summary>
    /// <param name="name">Its name in the recorder.</param>
    /// <param name="tasks">Runs and records its tasks.</param>
    /// <param name="configure">Changes the defaults; the HOCON is <see cref="Hocon"/> by default.</param>
    /// <param name="store">A store that outlives the node; null means that the node opens the store of its options, and closes it.</param>
    /// <param name="time">The node's clock; null means the system's.</param>
    /// <param name="handlers">The names under which the recorder's handler is offered; <see cref="TaskRecorder.HandlerName"/> if none is given.</param>
    public static async Task<TestHost> StartAsync(
        string name,
        TaskRecorder tasks,
        Action<ActorFlowOptions>? configure = null,
        PersistenceStore? store = null,
        TimeProvider? time = null,
        params string[] handlers)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(60));
        var log = new NodeLog();
        builder.Logging.AddProvider(log);
        foreach (var handler in handlers is [] ? [TaskRecorder.HandlerName] : handlers)
        {
            builder.Services.AddTask(handler, tasks.HandlerOn(name));
        }

        if (store is not null)
        {
            builder.Services.AddSingleton(store);
        }

        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.Services.AddActorFlow(options =>
        {
            options.Hocon = Hocon;
            options.Worker.Grace = TimeSpan.FromSeconds(2);
            configure?.Invoke(options);
        }).UseSqlite().UsePostgres();
        var host = new TestHost(name, builder.Build(), tasks, log);
        try
        {
            await host._host.StartAsync().ConfigureAwait(false);
            return host;
        }
        catch
        {
            host._host.Dispose();
            throw;
        }
    }

    /// <summary>Stops in good order: attempts are finished or given back, runs and queues handed over.</summary>
    public async Task StopAsync()
    {
        if (!_gone)
        {
            _gone = true;
            await _host.StopAsync().ConfigureAwait(false);
            await CloseAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends at once, as if the process had been killed: without messages or hand-over.</summary>
    public async Task KillAsync()
    {
        if (!_gone)
        {
            _gone = true;
            _tasks.Lose(Name);
            var system = System;
            ((ExtendedActorSystem)system).Abort();
            await system.WhenTerminated.ConfigureAwait(false);
            await CloseAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private async Task CloseAsync() => await ((IAsyncDisposable)_host).DisposeAsync().ConfigureAwait(false);
}

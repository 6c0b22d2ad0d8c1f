using ActorFlow.Runtime.Definitions;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Tasks.Queues;
using ActorFlow.Runtime.Telemetry;
using ActorFlow.Runtime.Watching;
using ActorFlow.Runtime.Wire;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Runtime.Workflows.Replaying;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Hosting.SBR;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Runtime.Hosting;

/// <summary>Sets up a node's ActorSystem: the only class that uses Akka.Hosting.</summary>
internal static class NodeSetup
{
    private const string WorkflowRegionName = "workflow";
    private const string QueueRegionName = "task-queue";
    private const string DefinitionRegionName = "definitions";

    public static void WithActorFlow(this AkkaConfigurationBuilder akka, ActorFlowOptions options, IServiceProvider services)
    {
        var cluster = options.Cluster;
        akka.ConfigureLoggers(loggers =>
        {
            loggers.LogLevel = LogLevel.WarningLevel;
            loggers.ClearLoggers();
            loggers.AddLoggerFactory();
        });
        // After the loggers, whose level it may change; before everything else, which it must not change.
        if (options.Hocon.Length > 0)
        {
            akka.AddHocon(options.Hocon, HoconAddMode.Prepend);
        }

        akka
            .WithRemoting(remote =>
            {
                remote.HostName = cluster.Host;
                remote.Port = cluster.Port;
            })
            .WithClustering(new Akka.Cluster.Hosting.ClusterOptions
            {
                Roles = [.. cluster.Roles],
                SeedNodes = cluster.SeedNodes.Count == 0 ? null : [.. cluster.SeedNodes],
                SplitBrainResolver = new KeepMajorityOption { Role = Hosting.ClusterOptions.WorkflowRole },
            })
            .AddHocon(NodeSettings.Hocon(options), HoconAddMode.Append)
            .WithCustomSerializer("actorflow", ActorFlowSerializer.Types, system => new ActorFlowSerializer(system));
        AddTelemetry(akka, services);
        var store = services.GetRequiredService<PersistenceStore>();
        if (store is not AbsentStore)
        {
            akka.WithActorFlowPersistence(store);
        }

        AddRegions(akka, options, services);
        if (cluster.Roles.Contains(Hosting.ClusterOptions.WorkerRole))
        {
            AddWorker(akka, services);
        }

        akka.WithActors((system, _) => system.ActorOf(
            Props.Create(() => new WatchRelay(services.GetRequiredService<RunChanges>(), services.GetRequiredService<TimeProvider>())), WatchRelay.ActorName));
        akka.AddStartup((system, _) => JoinSelfWithoutSeeds(system, options));
        AkkaCustomization.Apply(services.GetServices<AkkaCustomization>(), akka);
    }

    private static void AddTelemetry(AkkaConfigurationBuilder akka, IServiceProvider services)
    {
        var (metrics, batches) = (services.GetRequiredService<NodeMetrics>(), services.GetRequiredService<PersistenceStore>().Batches);
        akka.AddSetup(new NodeMetricsSetup(metrics));
        akka.AddStartup((system, _) =>
        {
            batches.Attach(metrics);
            system.RegisterOnTermination(() => batches.Detach(metrics));
        });
    }

    private static void AddRegions(AkkaConfigurationBuilder akka, ActorFlowOptions options, IServiceProvider services)
    {
        var runs = new ShardOptions
        {
            Role = Hosting.ClusterOptions.WorkflowRole,
            StateStoreMode = StateStoreMode.DData,
            RememberEntities = options.Cluster.RememberRuns,
            RememberEntitiesStore = RememberEntitiesStore.Eventsourced,
            ShouldPassivateIdleEntities = false,
            HandOffStopMessage = StopWorkflow.Instance,
        };
        var queues = new ShardOptions
        {
            Role = Hosting.ClusterOptions.WorkflowRole,
            StateStoreMode = StateStoreMode.DData,
            RememberEntities = false,
            ShouldPassivateIdleEntities = false,
        };
        var definitions = new ShardOptions
        {
            Role = Hosting.ClusterOptions.WorkflowRole,
            StateStoreMode = StateStoreMode.DData,
            RememberEntities = false,
        };
        if (options.Cluster.HoldsRuns)
        {
            var index = new IndexSetup(options, services);
            index.AddWriter(akka);
            akka.WithShardRegion<WorkflowRegion>(
                WorkflowRegionName, (system, _, _) => RunProps(system, options, services, index), new WorkflowMessageExtractor(), runs);
            akka.WithShardRegion<TaskQueueRegion>(
                QueueRegionName, (system, _, _) => QueueProps(system, options, services), new TaskQueueMessageExtractor(), queues);
            akka.WithShardRegion<DefinitionRegion>(
                DefinitionRegionName, (_, _, _) => DefinitionProps(services), new DefinitionMessageExtractor(), definitions);
            index.AddPolling(akka);
        }
        else
        {
            akka.WithShardRegionProxy<WorkflowRegion>(
                WorkflowRegionName, Hosting.ClusterOptions.WorkflowRole, new WorkflowMessageExtractor());
            akka.WithShardRegionProxy<TaskQueueRegion>(
                QueueRegionName, Hosting.ClusterOptions.WorkflowRole, new TaskQueueMessageExtractor());
            akka.WithShardRegionProxy<DefinitionRegion>(
                DefinitionRegionName, Hosting.ClusterOptions.WorkflowRole, new DefinitionMessageExtractor());
        }
    }

    private static Func<string, Props> RunProps(ActorSystem system, ActorFlowOptions options, IServiceProvider services, IndexSetup index)
    {
        var store = services.GetRequiredService<PersistenceStore>();
        var plans = services.GetRequiredService<PlanCache>();
        var observer = services.GetRequiredService<IRunObserver>();
        var clock = services.GetRequiredService<TimeProvider>();
        var departure = index.DepartureOf(system);
        var shared = new Lazy<WorkflowServices>(
            () => new(RegionOf(system, QueueRegionName), plans, store.FreshIds, observer, clock, Random.Shared.NextDouble)
            {
                Runs = RegionOf(system, WorkflowRegionName),
                IndexWriter = index.Writer,
                Index = store.Index,
                Checkpoints = store.Checkpoints,
                Stuck = store.Stuck,
                Changes = services.GetRequiredService<RunChanges>(),
                AsksForTombstones = !store.NumbersOutlivePurge,
                PassivateAfter = options.PassivateAfter,
                Retention = options.Retention,
                Definitions = services.GetRequiredService<DefinitionCatalog>(),
                Metrics = services.GetRequiredService<NodeMetrics>(),
                IsLeaving = () => departure.HasBegun,
                HasSuccessor = () => departure.HasSuccessor,
            });
        return id => Props.CreateBy(new RunProducer(id, shared)).WithMailbox(RunMailbox.Path);
    }

    /// <summary>Makes the actor of a run. An expression would be compiled for every run, at a third of the cost of a short one.</summary>
    private sealed class RunProducer(string id, Lazy<WorkflowServices> services) : IIndirectActorProducer
    {
        public Type ActorType => typeof(WorkflowActor);

        public ActorBase Produce() => new WorkflowActor(id, services.Value);

        public void Release(ActorBase actor)
        {
        }
    }

    private static Func<string, Props> QueueProps(ActorSystem system, ActorFlowOptions options, IServiceProvider services)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        var workers = new ClusterWorkers(system);
        return name => TaskQueue.Props(name, options.Queues, workers, RegionOf(system, WorkflowRegionName), clock);
    }

    private static Func<string, Props> DefinitionProps(IServiceProvider services)
    {
        var list = services.GetRequiredService<PersistenceStore>().Registered;
        var clock = services.GetRequiredService<TimeProvider>();
        return name => Props.Create(() => new DefinitionRegistry(name, list, clock));
    }

    private static IActorRef RegionOf(ActorSystem system, string name) => ClusterSharding.Get(system).ShardRegion(name);

    private static void AddWorker(AkkaConfigurationBuilder akka, IServiceProvider services) =>
        akka.WithActors((system, registry) =>
        {
            var node = services.GetRequiredService<WorkerNode>();
            var store = services.GetRequiredService<PersistenceStore>();
            var name = Akka.Cluster.Cluster.Get(system).SelfUniqueAddress.ToString();
            var supervisor = WorkerSupervisor.Props(node, name, registry.Get<TaskQueueRegion>(), registry.Get<WorkflowRegion>());
            var worker = system.ActorOf(supervisor, ClusterWorkers.ActorName);
            registry.Register<WorkerHost>(worker);
            // Before the regions hand over, so that reports and released attempts still find their runs on this node.
            CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceRequestsDone, "drain-worker", async () =>
            {
                var drained = WorkerSupervisor.DrainAsync(worker, node.Options.Grace + TimeSpan.FromSeconds(10))
                    .ContinueWith(static _ => { }, TaskScheduler.Default);
                await Task.WhenAny(drained, StoreLoss.HasLastedAsync(store)).ConfigureAwait(false);
                return Akka.Done.Instance;
            });
        });

    private static void JoinSelfWithoutSeeds(ActorSystem system, ActorFlowOptions options)
    {
        if (options.Cluster.SeedNodes.Count > 0)
        {
            return;
        }

        if (!options.Cluster.HoldsRuns)
        {
            system.Log.Warning(
                "Cluster:SeedNodes is empty: this node forms a cluster of its own, in which no node has the role workflow and nothing runs "
                + "until one joins it. Set Cluster:SeedNodes to nodes of the cluster it is to join.");
        }
        else if (options.Persistence.Journal == JournalKind.Postgres)
        {
            system.Log.Warning(
                "Cluster:SeedNodes is empty: this node forms a cluster of its own on a database that other nodes can reach, and a second such "
                + "node would take its runs from it. With several nodes, set Cluster:Host, Cluster:Port and the same Cluster:SeedNodes on each.");
        }

        var self = Akka.Cluster.Cluster.Get(system);
        self.Join(self.SelfAddress);
    }
}

/// <summary>The key of the region of the runs in the actor registry.</summary>
internal sealed class WorkflowRegion;

/// <summary>The key of the region of the task queues in the actor registry.</summary>
internal sealed class TaskQueueRegion;

/// <summary>The key of the region of the registry of definitions in the actor registry.</summary>
internal sealed class DefinitionRegion;

using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Wire;
using ActorFlow.Runtime.Workflows;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Hosting.SBR;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Runtime.Hosting;

/// <summary>Puts a node's ActorSystem together: the only place that knows Akka.Hosting.</summary>
internal static class NodeSetup
{
    private const string WorkflowRegionName = "workflow";
    private const string QueueRegionName = "task-queue";

    public static void WithActorFlow(this AkkaConfigurationBuilder akka, ActorFlowOptions options, IServiceProvider services)
    {
        var cluster = options.Cluster;
        if (options.Hocon.Length > 0)
        {
            akka.AddHocon(options.Hocon, HoconAddMode.Prepend);
        }

        akka
            .ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            })
            .WithRemoting(remote =>
            {
                remote.HostName = cluster.Host;
                remote.Port = cluster.Port;
            })
            .WithClustering(new Akka.Cluster.Hosting.ClusterOptions
            {
                Roles = [.. cluster.Roles],
                SeedNodes = cluster.SeedNodes.IsEmpty ? null : [.. cluster.SeedNodes],
                SplitBrainResolver = new KeepMajorityOption { Role = Hosting.ClusterOptions.WorkflowRole },
            })
            .AddHocon(NodeSettings.Hocon(options), HoconAddMode.Append)
            .WithActorFlowPersistence(services.GetRequiredService<PersistenceStore>())
            .WithCustomSerializer("actorflow", ActorFlowSerializer.Types, system => new ActorFlowSerializer(system));
        AddRegions(akka, options, services);
        if (cluster.Roles.Contains(Hosting.ClusterOptions.WorkerRole))
        {
            AddWorker(akka, services);
        }

        akka.AddStartup((system, _) => JoinSelfWithoutSeeds(system, cluster));
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
        if (options.Cluster.Roles.Contains(Hosting.ClusterOptions.WorkflowRole))
        {
            akka.WithShardRegion<WorkflowRegion>(
                WorkflowRegionName, (system, _, _) => RunProps(system, services), new WorkflowMessageExtractor(), runs);
            akka.WithShardRegion<TaskQueueRegion>(
                QueueRegionName, (system, _, _) => QueueProps(system, options, services), new TaskQueueMessageExtractor(), queues);
        }
        else
        {
            akka.WithShardRegionProxy<WorkflowRegion>(
                WorkflowRegionName, Hosting.ClusterOptions.WorkflowRole, new WorkflowMessageExtractor());
            akka.WithShardRegionProxy<TaskQueueRegion>(
                QueueRegionName, Hosting.ClusterOptions.WorkflowRole, new TaskQueueMessageExtractor());
        }
    }

    private static Func<string, Props> RunProps(ActorSystem system, IServiceProvider services)
    {
        var store = services.GetRequiredService<PersistenceStore>();
        var plans = services.GetRequiredService<PlanCache>();
        var observer = services.GetRequiredService<IRunObserver>();
        var clock = services.GetRequiredService<TimeProvider>();
        var departure = new Departure(system);
        var shared = new Lazy<WorkflowServices>(
            () => new(RegionOf(system, QueueRegionName), plans, store.FreshIds, observer, clock, Random.Shared.NextDouble)
            {
                Runs = RegionOf(system, WorkflowRegionName),
                IsLeaving = () => departure.HasBegun,
                HasSuccessor = () => departure.HasSuccessor,
            });
        return id => Props.Create(() => new WorkflowActor(id, shared.Value));
    }

    private static Func<string, Props> QueueProps(ActorSystem system, ActorFlowOptions options, IServiceProvider services)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        var workers = new ClusterWorkers(system);
        return name => TaskQueue.Props(name, options.Queues, workers, RegionOf(system, WorkflowRegionName), clock);
    }

    private static IActorRef RegionOf(ActorSystem system, string name) => ClusterSharding.Get(system).ShardRegion(name);

    private static void AddWorker(AkkaConfigurationBuilder akka, IServiceProvider services) =>
        akka.WithActors((system, registry) =>
        {
            var node = services.GetRequiredService<WorkerNode>();
            var name = Akka.Cluster.Cluster.Get(system).SelfUniqueAddress.ToString();
            var supervisor = WorkerSupervisor.Props(node, name, registry.Get<TaskQueueRegion>(), registry.Get<WorkflowRegion>());
            var worker = system.ActorOf(supervisor, ClusterWorkers.ActorName);
            registry.Register<WorkerHost>(worker);
            // Before the regions hand off, so that results and given-back attempts still find their runs on this node.
            CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceRequestsDone, "drain-worker", async () =>
            {
                await WorkerSupervisor.DrainAsync(worker, node.Options.Grace + TimeSpan.FromSeconds(10))
                    .ContinueWith(static _ => { }, TaskScheduler.Default).ConfigureAwait(false);
                return Akka.Done.Instance;
            });
        });

    private static void JoinSelfWithoutSeeds(ActorSystem system, ClusterOptions cluster)
    {
        if (cluster.SeedNodes.IsEmpty)
        {
            var self = Akka.Cluster.Cluster.Get(system);
            self.Join(self.SelfAddress);
        }
    }
}

/// <summary>Names the region of the runs in the actor registry.</summary>
public sealed class WorkflowRegion;

/// <summary>Names the region of the task queues in the actor registry.</summary>
public sealed class TaskQueueRegion;

using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tasks;

namespace ActorFlow.Runtime.Hosting;

/// <summary>How a node is set up. Everything has a default: one node with everything, its database under <c>.actorflow</c>.</summary>
public sealed class ActorFlowOptions
{
    /// <summary>Where the node stands in the cluster.</summary>
    public ClusterOptions Cluster { get; } = new();

    /// <summary>Where runs are kept.</summary>
    public PersistenceOptions Persistence { get; } = new();

    /// <summary>How the node runs tasks.</summary>
    public WorkerOptions Worker { get; set; } = new();

    /// <summary>How the node's task queues hold and hand out attempts.</summary>
    public TaskQueueOptions Queues { get; set; } = new();

    /// <summary>
    /// How long a run is kept after it has ended, until it is purged: journal, checkpoints and its place in lists. The default is 30
    /// days; nothing: for ever.
    /// </summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How long a run that only waits, for more than 2 minutes yet, stays in memory: 10 ms to 1 day. The default is 10 s. A signal, an
    /// answer or its time brings it back.
    /// </summary>
    public TimeSpan PassivateAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the node looks for runs to wake and to purge.</summary>
    public IndexOptions Index { get; set; } = new();

    /// <summary>More settings of Akka's own, as HOCON; they win over ActorFlow's.</summary>
    public string Hocon { get; set; } = string.Empty;
}

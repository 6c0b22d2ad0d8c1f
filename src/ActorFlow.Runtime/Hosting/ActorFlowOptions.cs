using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tasks;

namespace ActorFlow.Runtime.Hosting;

/// <summary>The options of a node. The defaults make a single node with both roles, and its database under <c>.actorflow</c>.</summary>
public sealed class ActorFlowOptions
{
    /// <summary>The place of the node in the cluster.</summary>
    public ClusterOptions Cluster { get; } = new();

    /// <summary>The store of the runs.</summary>
    public PersistenceOptions Persistence { get; } = new();

    /// <summary>How the node's worker runs attempts.</summary>
    public WorkerOptions Worker { get; set; } = new();

    /// <summary>How the node's task queues hold and hand out attempts.</summary>
    public TaskQueueOptions Queues { get; set; } = new();

    /// <summary>
    /// How long a run is kept after it has ended, until it is purged: journal, checkpoints and its rows in the index. The default is 30
    /// days; zero means for ever.
    /// </summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How long a run that only waits, and for more than 2 minutes, stays in memory: 10 ms to 1 day. The default is 10 s. A signal, an
    /// answer or the end of its wait brings it back.
    /// </summary>
    public TimeSpan PassivateAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the node looks for runs to wake and to purge.</summary>
    public IndexOptions Index { get; set; } = new();

    /// <summary>Further settings of Akka, as HOCON; they override those of ActorFlow. The default is empty.</summary>
    public string Hocon { get; set; } = string.Empty;
}

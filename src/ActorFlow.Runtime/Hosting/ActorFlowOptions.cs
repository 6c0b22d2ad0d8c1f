using ActorFlow.Configuration;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tasks;
using Microsoft.Extensions.Options;

namespace ActorFlow.Runtime.Hosting;

/// <summary>
/// The options of a node; section <c>ActorFlow</c>. The defaults make a single node with the roles <c>workflow</c> and <c>worker</c>, and
/// its database under <c>.actorflow</c>. <c>docs/configuration.md</c> lists every key.
/// </summary>
public sealed class ActorFlowOptions
{
    /// <summary>The section that the options are read from: <c>ActorFlow</c>.</summary>
    public const string Section = "ActorFlow";

    /// <summary>The place of the node in the cluster.</summary>
    [ValidateObjectMembers]
    public ClusterOptions Cluster { get; } = new();

    /// <summary>The store of the runs; without use on a node without the role <c>workflow</c>.</summary>
    [ValidateObjectMembers]
    public PersistenceOptions Persistence { get; } = new();

    /// <summary>How the node's worker runs attempts.</summary>
    [ValidateObjectMembers]
    public WorkerOptions Worker { get; } = new();

    /// <summary>How the node's task queues hold and hand out attempts.</summary>
    [ValidateObjectMembers]
    public TaskQueueOptions Queues { get; } = new();

    /// <summary>How long a run is kept after it has ended, until it is purged: journal, checkpoints and its rows in the index.</summary>
    /// <value>From zero, which means for ever, to 36,500 days. The default is 30 days.</value>
    [SettingRange("0s", "36500d")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How long a run that only waits, and for more than 2 minutes, stays in memory. A signal, an answer or the end of its wait brings it
    /// back.
    /// </summary>
    /// <value>From 10 ms to 1 day. The default is 10 seconds.</value>
    [SettingRange("10ms", "1d")]
    public TimeSpan PassivateAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the node looks for runs to wake and to purge.</summary>
    [ValidateObjectMembers]
    public IndexOptions Index { get; } = new();

    /// <summary>Further settings of Akka, as HOCON; they override those of ActorFlow. The default is empty.</summary>
    public string Hocon { get; set; } = string.Empty;
}

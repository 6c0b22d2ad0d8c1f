using ActorFlow.Configuration;

namespace ActorFlow.Runtime.Hosting;

/// <summary>The place of a node in the cluster; section <c>Cluster</c>.</summary>
public sealed class ClusterOptions
{
    /// <summary>The role of nodes that hold runs and task queues.</summary>
    public const string WorkflowRole = "workflow";

    /// <summary>The role of nodes that run tasks.</summary>
    public const string WorkerRole = "worker";

    /// <summary>The role of nodes that only pass requests on to the nodes that hold runs.</summary>
    public const string ApiRole = "api";

    /// <summary>The name of the ActorSystem, the same on all nodes: letters, digits and <c>-</c>. The default is <c>actorflow</c>.</summary>
    public string SystemName { get; set; } = "actorflow";

    /// <summary>The address that the node binds to and is known by. The default is <c>127.0.0.1</c>.</summary>
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>The port of Akka remoting.</summary>
    /// <value>From 0 to 65535; 0, the default, takes any free port.</value>
    [SettingRange(0, 65_535)]
    public int Port { get; set; }

    /// <summary>
    /// The roles of the node: one or more of <c>workflow</c>, <c>worker</c> and <c>api</c>. Only a node with the role <c>workflow</c> opens
    /// the store.
    /// </summary>
    /// <value>One at least. The default is <c>workflow</c> and <c>worker</c>.</value>
    public IList<string> Roles { get; set; } = [WorkflowRole, WorkerRole];

    /// <summary>The nodes to join, as <c>akka.tcp://actorflow@host:port</c>; empty, the default, means that the node forms a cluster of its own.</summary>
    public IList<string> SeedNodes { get; set; } = [];

    /// <summary>
    /// Whether the cluster recovers every open run by itself, after a start and after the loss of a node. The default is true;
    /// an embedded node for a single run sets it to false.
    /// </summary>
    public bool RememberRuns { get; set; } = true;

    internal bool HoldsRuns => Roles.Contains(WorkflowRole);
}

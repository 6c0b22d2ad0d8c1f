using Akka.Actor;
using Akka.Cluster;

namespace ActorFlow.Runtime.Hosting;

/// <summary>The end of a node: whether its regions are handing over, and whether to anybody.</summary>
/// <remarks>
/// A region that hands over waits until all it holds has gone. What this node's own runs send then would have to wait for a shard
/// that comes up elsewhere; on the last node, for nothing, until the region gives up.
/// </remarks>
internal sealed class NodeShutdown
{
    private readonly Cluster _cluster;
    private volatile bool _begun;

    public NodeShutdown(ActorSystem system)
    {
        _cluster = Cluster.Get(system);
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseBeforeClusterShutdown, "begin-departure", () =>
        {
            _begun = true;
            return Task.FromResult(Akka.Done.Instance);
        });
    }

    public bool HasBegun => _begun;

    public bool HasSuccessor => _cluster.State.Members.Any(member =>
        member.Status == MemberStatus.Up && member.HasRole(ClusterOptions.WorkflowRole) && member.UniqueAddress != _cluster.SelfUniqueAddress);
}

using Akka.Actor;
using Akka.Cluster;

namespace ActorFlow.Runtime.Hosting;

/// <summary>The shutdown of a node: whether its regions are handing over, and whether there is a node to hand over to.</summary>
/// <remarks>
/// A region that hands over waits until all its actors have stopped. Messages of this node's own runs would then wait for a shard
/// that starts on another node; on the last node, they would wait in vain until the region gives up.
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

using ActorFlow.Runtime.Tasks;
using Akka.Actor;
using Akka.Cluster;

namespace ActorFlow.Runtime.Hosting;

/// <summary>The workers of the cluster: all members with the role <c>worker</c>, unreachable ones included.</summary>
internal sealed class ClusterWorkers(ActorSystem system) : IWorkerDirectory
{
    public const string ActorName = "worker";

    private readonly Cluster _cluster = Cluster.Get(system);

    public IReadOnlyCollection<WorkerMember> Members =>
    [
        .. _cluster.State.Members
            .Where(member => member.HasRole(ClusterOptions.WorkerRole) && member.Status is not (MemberStatus.Removed or MemberStatus.Down))
            .Select(member => new WorkerMember(
                member.UniqueAddress.ToString(), system.ActorSelection(new RootActorPath(member.Address) / "user" / ActorName))),
    ];
}

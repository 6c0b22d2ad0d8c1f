using Akka.Actor;
using Akka.Cluster;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ActorFlow.Runtime.Hosting;

/// <summary>A health check that is healthy while the node is a member of the cluster and up: it has joined and does not leave.</summary>
/// <param name="system">The node's ActorSystem.</param>
internal sealed class ClusterHealthCheck(ActorSystem system) : IHealthCheck
{
    /// <summary>Its name: <c>actorflow-cluster</c>. Its tag is <c>ready</c>.</summary>
    public const string Name = "actorflow-cluster";

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var cluster = Cluster.Get(system);
        return Task.FromResult(Failure(cluster) is { } failure
            ? new HealthCheckResult(context.Registration.FailureStatus, failure)
            : HealthCheckResult.Healthy());
    }

    private static string? Failure(Cluster cluster) =>
        cluster.IsTerminated ? "The node has left the cluster."
        : cluster.State.Members.FirstOrDefault(member => member.UniqueAddress == cluster.SelfUniqueAddress) is not { } self ? "The node has not joined a cluster."
        : self.Status != MemberStatus.Up ? $"The node is {self.Status}, not Up."
        : null;
}

using Akka.Actor;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ActorFlow.Runtime.Hosting;

/// <summary>A health check that is unhealthy once the node's ActorSystem has terminated: then only a new process helps.</summary>
/// <param name="system">The node's ActorSystem.</param>
internal sealed class LivenessHealthCheck(ActorSystem system) : IHealthCheck
{
    /// <summary>Its name: <c>actorflow-live</c>. Its tag is <c>live</c>.</summary>
    public const string Name = "actorflow-live";

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Task.FromResult(system.WhenTerminated.IsCompleted
            ? new HealthCheckResult(context.Registration.FailureStatus, "The ActorSystem of the node has terminated.")
            : HealthCheckResult.Healthy());
    }
}

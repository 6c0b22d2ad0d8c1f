using ActorFlow.Runtime.Persistence;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ActorFlow.Runtime.Hosting;

/// <summary>
/// A health check that is unhealthy while the node's store cannot write, and healthy once it can again. <c>AddActorFlow</c> registers
/// it as <see cref="Name"/>; an application that calls <c>AddHealthChecks()</c> has it without further setup.
/// </summary>
/// <param name="store">The node's store.</param>
internal sealed class StoreHealthCheck(PersistenceStore store) : IHealthCheck
{
    /// <summary>Its name: <c>actorflow-store</c>. Its tag is <c>ready</c>.</summary>
    public const string Name = "actorflow-store";

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Task.FromResult(store.Health.WriteFailure is { } trouble
            ? new HealthCheckResult(context.Registration.FailureStatus, $"The store cannot write: {trouble.Reason}.")
            : HealthCheckResult.Healthy());
    }
}

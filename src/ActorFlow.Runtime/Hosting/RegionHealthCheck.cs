using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ActorFlow.Runtime.Hosting;

/// <summary>
/// A health check that is healthy while the region of the runs answers, and knows of a node that holds runs. The question goes through
/// this node's region to the coordinator of the shards, and to no run.
/// </summary>
internal sealed class RegionHealthCheck : IHealthCheck
{
    /// <summary>Its name: <c>actorflow-regions</c>. Its tag is <c>ready</c>.</summary>
    public const string Name = "actorflow-regions";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly IReadOnlyActorRegistry _actors;
    private readonly TimeSpan _patience;

    /// <summary>Made by the host.</summary>
    /// <param name="actors">The actors of the node.</param>
    public RegionHealthCheck(IReadOnlyActorRegistry actors) : this(actors, Patience)
    {
    }

    internal RegionHealthCheck(IReadOnlyActorRegistry actors, TimeSpan patience) => (_actors, _patience) = (actors, patience);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return await FailureAsync(cancellationToken).ConfigureAwait(false) is { } failure
            ? new HealthCheckResult(context.Registration.FailureStatus, failure)
            : HealthCheckResult.Healthy();
    }

    private async Task<string?> FailureAsync(CancellationToken cancellationToken)
    {
        if (!_actors.TryGet<WorkflowRegion>(out var region))
        {
            return "The region of the runs has not started.";
        }

        try
        {
            var regions = await region.Ask<CurrentRegions>(GetCurrentRegions.Instance, _patience, cancellationToken).ConfigureAwait(false);
            return regions.Regions.Count == 0 ? "The region of the runs knows no node with the role workflow." : null;
        }
        catch (AskTimeoutException)
        {
            return $"The region of the runs did not answer within {_patience.TotalSeconds:0.###} s.";
        }
    }
}

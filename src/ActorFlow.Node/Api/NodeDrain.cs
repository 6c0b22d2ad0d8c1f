using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace ActorFlow.Node.Api;

/// <summary>
/// Takes the node out of service in good order: first it is not ready any more and still serves, so that balancers turn to others; then waits and
/// streams are ended, whose callers go on elsewhere; then the server and the node stop.
/// </summary>
internal sealed class NodeDrain : IHostedLifecycleService, IHealthCheck, IDisposable
{
    /// <summary>The name of the check.</summary>
    public const string CheckName = "serving";

    private readonly ApiOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _left = new();
    private volatile bool _isStopping;

    /// <summary>Serves until the host stops.</summary>
    /// <param name="options">How long it still serves then.</param>
    /// <param name="time">The clock.</param>
    public NodeDrain(ApiOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        // Of its own, because a call may still ask for it when the host has disposed of the source.
        Left = _left.Token;
    }

    /// <summary>Cancelled once waits and streams have to end.</summary>
    public CancellationToken Left { get; }

    /// <summary>Why what is asked of a leaving node is refused.</summary>
    public static WorkflowRefusedException Refusal => WorkflowRefusedException.Of("unavailable", "The node is leaving; ask another one, or this one again later.");

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_isStopping ? HealthCheckResult.Unhealthy("The node is leaving.") : HealthCheckResult.Healthy());

    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        if (_options.DrainDelay > TimeSpan.Zero)
        {
            await Task.Delay(_options.DrainDelay, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _left.CancelAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _left.Dispose();
}

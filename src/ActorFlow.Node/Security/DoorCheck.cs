using ActorFlow.Node.Api;
using ActorFlow.Runtime.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ActorFlow.Node.Security;

/// <summary>Refuses to start a node that others can reach, and at which nobody could or would have to sign in (failure rule 91).</summary>
/// <param name="keys">The keys, which were read before.</param>
/// <param name="options">Where the node listens.</param>
/// <param name="auth">Whose tokens are let in.</param>
/// <param name="node">Whether it serves the API.</param>
internal sealed class DoorCheck(KeyRing keys, ApiOptions options, AuthOptions auth, ActorFlowOptions node) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        // Where the keys cannot be read, nobody is let in.
        if (keys.HasKeys != false || auth.HasAuthority || !node.Cluster.Roles.Contains(ClusterOptions.ApiRole))
        {
            return Task.CompletedTask;
        }

        string[] failures = [.. options.Listening.Where(address => !address.IsLoopback).Select(address =>
            $"{ApiOptions.Section}:{address.Key} is {address.Text}, which others can reach, and nobody would have to sign in: make a key "
            + $"(actorflow key create --name admin --role admin, with --data DIR or --database CONNECTION), set {AuthOptions.Section}:{nameof(AuthOptions.Authority)}, or listen on 127.0.0.1.")];
        return failures.Length == 0
            ? Task.CompletedTask
            : throw new OptionsValidationException(ApiOptions.Section, typeof(ApiOptions), failures);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

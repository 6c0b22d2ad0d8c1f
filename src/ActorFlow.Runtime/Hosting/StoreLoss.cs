using ActorFlow.Runtime.Persistence;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ActorFlow.Runtime.Hosting;

/// <summary>Ends the application when its node has lost its store for good: none of its work could be recorded.</summary>
internal sealed class StoreLoss(PersistenceStore store, IServiceProvider services, ILogger<StoreLoss> log) : IHostedService
{
    /// <summary>How long handlers may take to end once their results can no longer be recorded.</summary>
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(1);

    private static readonly Action<ILogger, string, Exception?> Lost =
        LoggerMessage.Define<string>(LogLevel.Critical, new EventId(1, "StoreLost"), "The store is lost, the node stops: {Reason}");

    private readonly CancellationTokenSource _stopped = new();

    /// <summary>Completes shortly after the store is lost, to let handlers end; nothing later is waited for.</summary>
    public static async Task HasLastedAsync(PersistenceStore store)
    {
        await store.Lost.ConfigureAwait(false);
        await Task.Delay(Ending).ConfigureAwait(false);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = store.Lost.ContinueWith(
            lost =>
            {
                Lost(log, lost.Result, null);
                services.GetService<IHostApplicationLifetime>()?.StopApplication();
            },
            _stopped.Token,
            TaskContinuationOptions.None,
            TaskScheduler.Default);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _stopped.CancelAsync();
}

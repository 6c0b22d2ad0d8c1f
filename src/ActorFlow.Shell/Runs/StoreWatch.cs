using ActorFlow.Runtime.Persistence;

namespace ActorFlow.Shell.Runs;

/// <summary>
/// Tells the display of a run that the store cannot write: soon after that begins, repeatedly while it lasts, and once it is over.
/// Disposing ends it.
/// </summary>
internal sealed class StoreWatch : IAsyncDisposable
{
    /// <summary>A failure that is over sooner is not reported.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(15);

    private readonly PeriodicTimer _timer;
    private readonly Task _watching;

    /// <summary>Starts to watch.</summary>
    /// <param name="health">The health of the store.</param>
    /// <param name="progress">The display.</param>
    /// <param name="clock">The clock.</param>
    public StoreWatch(StoreHealth health, IRunProgress progress, TimeProvider clock)
    {
        _timer = new(Interval, clock);
        _watching = WatchAsync(health, progress, clock);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _watching.ConfigureAwait(false);
    }

    private async Task WatchAsync(StoreHealth health, IRunProgress progress, TimeProvider clock)
    {
        string? said = null;
        var saidAt = 0L;
        while (await _timer.WaitForNextTickAsync().ConfigureAwait(false))
        {
            switch (health.WriteFailure)
            {
                case { IsDamage: false } trouble when trouble.Lasted >= Patience && (trouble.Reason != said || clock.GetElapsedTime(saidAt) >= Again):
                    (said, saidAt) = (trouble.Reason, clock.GetTimestamp());
                    progress.StoreFails(said);
                    break;
                case null when said is not null:
                    said = null;
                    progress.StoreFails(null);
                    break;
                default:
                    break;
            }
        }
    }
}

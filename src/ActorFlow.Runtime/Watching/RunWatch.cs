using System.Threading.Channels;

namespace ActorFlow.Runtime.Watching;

/// <summary>Waits for changes of one run. Many changes count as one. Dispose it to end the watch.</summary>
/// <param name="release">Ends the watch.</param>
internal sealed class RunWatch(Action<RunWatch> release) : IDisposable
{
    private readonly Channel<bool> _changes = One();
    private readonly Channel<bool> _ends = One();

    /// <summary>Waits until the run has changed since the last call.</summary>
    /// <param name="atMost">How long to wait.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>False means that the time has passed.</returns>
    public Task<bool> ChangedAsync(TimeSpan atMost, CancellationToken cancellationToken) => ReadAsync(_changes, atMost, cancellationToken);

    /// <summary>Waits until the run has ended since the last call.</summary>
    /// <inheritdoc cref="ChangedAsync"/>
    public Task<bool> EndedAsync(TimeSpan atMost, CancellationToken cancellationToken) => ReadAsync(_ends, atMost, cancellationToken);

    /// <summary>The run has changed.</summary>
    public void Signal(bool hasEnded)
    {
        _changes.Writer.TryWrite(true);
        if (hasEnded)
        {
            _ends.Writer.TryWrite(true);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => release(this);

    private static Channel<bool> One() => Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private static async Task<bool> ReadAsync(Channel<bool> channel, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (channel.Reader.TryRead(out _))
        {
            return true;
        }

        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        enough.CancelAfter(atMost);
        try
        {
            return await channel.Reader.ReadAsync(enough.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}

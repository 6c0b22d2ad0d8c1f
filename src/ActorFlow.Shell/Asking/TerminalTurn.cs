namespace ActorFlow.Shell.Asking;

/// <summary>Lets the live display and the questions take turns on one terminal: the display gives way to a question.</summary>
internal sealed class TerminalTurn : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private int _asking;

    /// <summary>Whether a question waits for the turn, so that the display must give it up.</summary>
    public bool IsWanted => Volatile.Read(ref _asking) > 0;

    /// <summary>Waits for the turn, to ask.</summary>
    public async Task<IDisposable> ToAskAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asking);
        try
        {
            await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
            return new Turn(this);
        }
        finally
        {
            Interlocked.Decrement(ref _asking);
        }
    }

    /// <summary>Waits for the turn, to show something until it <see cref="IsWanted"/>.</summary>
    public async Task<IDisposable> ToShowAsync()
    {
        await _one.WaitAsync().ConfigureAwait(false);
        return new Turn(this);
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private sealed class Turn(TerminalTurn owner) : IDisposable
    {
        public void Dispose() => owner._one.Release();
    }
}

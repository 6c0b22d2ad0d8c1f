namespace ActorFlow.Node.Api;

/// <summary>A wait or a stream that is under way: it ends with the right of its caller, and frees its place when it is disposed.</summary>
internal sealed class OpenCall : IDisposable
{
    // A timer takes no more, and a stream that was open for so long is asked to come again.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(20);

    private static readonly TimeSpan Early = TimeSpan.FromSeconds(1);

    private readonly Action _close;
    private readonly CallerAccess _access;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource? _expiry;
    private readonly CancellationTokenSource _over;
    private int _closed;

    /// <param name="access">The right of its caller.</param>
    /// <param name="time">The clock.</param>
    /// <param name="close">Frees its place.</param>
    /// <param name="ends">What else ends it.</param>
    public OpenCall(CallerAccess access, TimeProvider time, Action close, params ReadOnlySpan<CancellationToken> ends)
    {
        (_access, _time, _close) = (access, time, close);
        _expiry = access.Until is { } until ? new(TimeLeft(until, time), time) : null;
        _over = CancellationTokenSource.CreateLinkedTokenSource([.. ends, access.Ended, _expiry?.Token ?? default]);
    }

    /// <summary>Is cancelled once it has to end.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>Refuses a caller whose right has ended.</summary>
    /// <exception cref="AccessDeniedException"><c>unauthenticated</c>.</exception>
    /// <exception cref="UnavailableException">The keys cannot be read.</exception>
    public void ThrowIfEnded()
    {
        // A timer may be a little early.
        var now = _time.GetUtcNow() + (_expiry is { IsCancellationRequested: true } ? Early : TimeSpan.Zero);
        if (_access.WhyEnded(now) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            _over.Dispose();
            _expiry?.Dispose();
            _close();
        }
    }

    private static TimeSpan TimeLeft(DateTimeOffset until, TimeProvider time)
    {
        var left = until - time.GetUtcNow();
        return left <= TimeSpan.Zero ? TimeSpan.Zero : left < Longest ? left : Longest;
    }
}

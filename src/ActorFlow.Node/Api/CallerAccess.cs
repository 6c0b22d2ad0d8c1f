namespace ActorFlow.Node.Api;

/// <summary>How long a caller may what it may: waits and streams end when it ends (failure rule 78). Safe for all threads.</summary>
internal sealed class CallerAccess
{
    private readonly CancellationTokenSource _ended = new();
    private Tuple<string, string>? _why;

    /// <summary>The right of callers who sign in nowhere: it does not end.</summary>
    public static CallerAccess Endless { get; } = new();

    /// <summary>When it ends by itself; null means never.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Is cancelled when it was ended.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Ends it; what ended before stays as it is.</summary>
    /// <param name="code">The code of the refusal of whoever waits.</param>
    /// <param name="reason">Why.</param>
    public void End(string code, string reason)
    {
        if (Interlocked.CompareExchange(ref _why, Tuple.Create(code, reason), null) is null)
        {
            // Not on this thread: thousands may wait.
            _ = _ended.CancelAsync();
        }
    }

    /// <summary>Why it has ended; null means that it has not.</summary>
    /// <param name="now">The time.</param>
    public WorkflowRefusedException? WhyEnded(DateTimeOffset now) => Volatile.Read(ref _why) is var (code, reason)
        ? WorkflowRefusedException.Of(code, reason)
        : Until <= now ? WorkflowRefusedException.Of("unauthenticated", "What the caller signed in with has expired.") : null;
}

namespace ActorFlow.Client.Calling;

/// <summary>How long one call still goes on, and the pauses between its attempts: 50 ms, doubled up to 2 s, of which a random part is left out.</summary>
/// <param name="time">The time.</param>
/// <param name="roll">A random number from 0 to below 1.</param>
/// <param name="limit">How long it goes on; null means for as long as its caller wants.</param>
internal sealed class Patience(TimeProvider time, Func<double> roll, TimeSpan? limit)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly long _begun = time.GetTimestamp();
    private CallFailure? _last;
    private int _nodesTried;
    private int _pauses;

    /// <summary>The time that is left; null means that there is no limit.</summary>
    public TimeSpan? Left => limit - time.GetElapsedTime(_begun);

    /// <summary>All is well again: the next pause is short.</summary>
    public void Reset() => (_nodesTried, _pauses, _last) = (0, 0, null);

    /// <summary>Why a call that does not go on has failed: for what a node said rather than because the time was up.</summary>
    /// <param name="failure">Why the last attempt failed.</param>
    public CallFailure Told(CallFailure failure) => failure.IsOfTime ? _last ?? failure : failure;

    /// <summary>The pause before the next attempt; null means that no time is left for one.</summary>
    /// <param name="failure">Why the last one failed.</param>
    /// <param name="addresses">How many addresses there are.</param>
    public TimeSpan? Next(CallFailure failure, int addresses)
    {
        _last = failure.IsOfTime ? _last : failure;
        // Another address is tried at once, until all have been.
        var isNew = failure.IsOfNode && ++_nodesTried % addresses != 0;
        var pause = isNew ? TimeSpan.Zero : Pause();
        if (!isNew && failure.RetryAfter > pause)
        {
            pause = failure.RetryAfter.Value;
        }

        return Left <= pause ? null : pause;
    }

    /// <summary>The next pause.</summary>
    public TimeSpan Pause()
    {
        var whole = First * (1 << Math.Min(_pauses++, 16));
        return (whole < Longest ? whole : Longest) * (0.5 + (roll() / 2));
    }
}

using System.Diagnostics;

namespace ActorFlow.Runtime.Persistence.Writing;

/// <summary>Timeouts of the same length, a token for all calls of the same moment: a timer for each would cost more than most calls.</summary>
/// <param name="length">How long a call may take at least; it may take a tenth more, a second at most.</param>
internal sealed class CallTimeouts(TimeSpan length)
{
    private static readonly TimeSpan LongestMoment = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _moment = length / 10 < LongestMoment ? length / 10 : LongestMoment;
    private CancellationTokenSource _current = new();
    private long _begun;

    /// <summary>How long a call may take.</summary>
    public TimeSpan Length => length;

    /// <summary>The token of a call that begins now. For one thread at a time.</summary>
    public CancellationToken Next()
    {
        if (_begun == 0 || Stopwatch.GetElapsedTime(_begun) > _moment)
        {
            // The one before is left to those that still wait on it; its timer keeps it until then.
            _begun = Stopwatch.GetTimestamp();
            _current = new(length + _moment);
        }

        return _current.Token;
    }
}

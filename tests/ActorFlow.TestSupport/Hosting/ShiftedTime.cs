namespace ActorFlow.TestSupport.Hosting;

/// <summary>The system's clock and timers, with the clock put forward or back. Safe for all threads.</summary>
public sealed class ShiftedTime : TimeProvider
{
    private long _ticks;

    /// <summary>By how much.</summary>
    public TimeSpan By
    {
        get => new(Interlocked.Read(ref _ticks));
        set => Interlocked.Exchange(ref _ticks, value.Ticks);
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + By;
}

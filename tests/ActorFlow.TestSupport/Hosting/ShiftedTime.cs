namespace ActorFlow.TestSupport.Hosting;

/// <summary>The system's clock and timers, with the clock set forward or back. Thread-safe.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private long _ticks;

    /// <summary>The shift of the clock.</summary>
    public TimeSpan By
    {
        get => new(Interlocked.Read(ref _ticks));
        set => Interlocked.Exchange(ref _ticks, value.Ticks);
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + By;
}

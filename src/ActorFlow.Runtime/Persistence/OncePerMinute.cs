namespace ActorFlow.Runtime.Persistence;

/// <summary>Says at most once a minute that something is due: what fails again and again is logged no more often. Safe for all threads.</summary>
internal sealed class OncePerMinute(TimeProvider time)
{
    private long _last = long.MinValue;

    /// <summary>Whether a minute has passed since it last said so, or it never has.</summary>
    public bool IsDue()
    {
        var (now, last) = (time.GetTimestamp(), Interlocked.Read(ref _last));
        return (last == long.MinValue || time.GetElapsedTime(last, now) >= TimeSpan.FromMinutes(1))
            && Interlocked.CompareExchange(ref _last, now, last) == last;
    }
}

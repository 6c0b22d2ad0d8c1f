namespace ActorFlow.Runtime.Telemetry;

/// <summary>What waits in one task queue: written by its actor, read by whoever collects metrics.</summary>
internal sealed class BacklogGauge(string queue, TimeProvider time)
{
    private const long Unknown = 0;

    private int _waiting;
    private long _oldest = Unknown;

    /// <summary>The name of the queue.</summary>
    public string Queue { get; } = queue;

    /// <summary>How many attempts wait.</summary>
    public int Waiting
    {
        get => Volatile.Read(ref _waiting);
        set
        {
            Volatile.Write(ref _waiting, value);
            if (value == 0 && _oldest != Unknown)
            {
                Volatile.Write(ref _oldest, Unknown);
            }
        }
    }

    /// <summary>How long the oldest attempt has waited, as of the queue's last look; zero while nothing waits.</summary>
    public TimeSpan Age => Volatile.Read(ref _oldest) is var oldest and not Unknown && time.GetUtcNow().UtcTicks - oldest is var ticks and > 0
        ? new(ticks)
        : TimeSpan.Zero;

    /// <summary>Notes since when the oldest attempt has waited; null means that nothing waits.</summary>
    public void SetOldest(DateTimeOffset? readyAt) => Volatile.Write(ref _oldest, readyAt?.UtcTicks ?? Unknown);
}

namespace ActorFlow.Runtime.Index;

/// <summary>How often a node looks for runs to wake and to purge; section <c>Index</c>.</summary>
public sealed record IndexOptions
{
    /// <summary>How often to look for runs to wake, 10 ms to 1 min; they are in memory up to two intervals early. The default is 1 s.</summary>
    public TimeSpan WakeUpInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often to look for runs whose retention time has passed, 1 s to 1 day. The default is 10 min.</summary>
    public TimeSpan PurgeInterval { get; init; } = TimeSpan.FromMinutes(10);
}

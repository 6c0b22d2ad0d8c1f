using ActorFlow.Configuration;

namespace ActorFlow.Runtime.Index;

/// <summary>How often a node looks for runs to wake and to purge; section <c>Index</c>.</summary>
public sealed class IndexOptions
{
    /// <summary>How often to look for runs to wake; they are in memory up to two intervals early.</summary>
    /// <value>From 10 ms to 1 minute. The default is 1 second.</value>
    [SettingRange("10ms", "1m")]
    public TimeSpan WakeUpInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often to look for runs whose retention time has passed.</summary>
    /// <value>From 1 second to 1 day. The default is 10 minutes.</value>
    [SettingRange("1s", "1d")]
    public TimeSpan PurgeInterval { get; set; } = TimeSpan.FromMinutes(10);
}

using ActorFlow.Configuration;

namespace ActorFlow.Runtime.Tasks;

/// <summary>How a worker node runs tasks; section <c>Worker</c>.</summary>
public sealed class WorkerOptions
{
    /// <summary>The queue that tasks are offered to unless they name another.</summary>
    public const string DefaultQueue = "default";

    /// <summary>The queues this node works for, each with how many attempts it runs at once.</summary>
    /// <value>From 1 up each. The default is the queue <c>default</c> with 8 per processor, 64 at least: most tasks wait more than they compute.</value>
    [SettingRange(1)]
    public IDictionary<string, int> Slots { get; set; } = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        [DefaultQueue] = Math.Max(64, 8 * Environment.ProcessorCount),
    };

    /// <summary>How long a cancelled handler may go on before it is abandoned.</summary>
    /// <value>From zero to 1 day. The default is 10 seconds.</value>
    [SettingRange("0s", "1d")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a host says everything it holds.</summary>
    /// <value>From 1 ms to 5 seconds, the default.</value>
    [SettingRange("1ms", "5s")]
    public TimeSpan InventoryInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The largest output, and the largest progress, of an attempt, in bytes.</summary>
    /// <value>From 1 up. The default is 1 MiB.</value>
    [SettingRange(1)]
    public int PayloadLimit { get; set; } = 1024 * 1024;

    /// <summary>The longest error message kept, in UTF-16 units; the rest is cut off.</summary>
    /// <value>From 100 up. The default is 8,192.</value>
    [SettingRange(100)]
    public int MessageLimit { get; set; } = 8 * 1024;

    /// <summary>How many results may wait for their run's acknowledgement; beyond it the host asks for no more work.</summary>
    /// <value>From 1 up. The default is 4,096.</value>
    [SettingRange(1)]
    public int UnacknowledgedLimit { get; set; } = 4_096;

    /// <summary>How large those results may be together, in bytes.</summary>
    /// <value>From 1 up. The default is 64 MiB.</value>
    [SettingRange(1)]
    public long UnacknowledgedBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// A directory with a file for each secret, as Kubernetes and Docker mount them; files are read when their secret is used. What is not there is
    /// looked for in the environment.
    /// </summary>
    /// <value>A directory that is there. The default is empty: none.</value>
    public string SecretsDirectory { get; set; } = string.Empty;
}

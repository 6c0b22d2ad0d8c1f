using System.Collections.Immutable;

namespace ActorFlow.Runtime.Tasks;

/// <summary>How a worker node runs tasks.</summary>
public sealed record WorkerOptions
{
    /// <summary>The queue that tasks are offered to unless they name another.</summary>
    public const string DefaultQueue = "default";

    /// <summary>The queues this node works for, each with how many attempts it runs at once.</summary>
    /// <value>From 1 up each. The default is the queue <c>default</c> with 8 per processor, 64 at least: most tasks wait more than they compute.</value>
    public ImmutableDictionary<string, int> Slots { get; init; } =
        ImmutableDictionary<string, int>.Empty.Add(DefaultQueue, Math.Max(64, 8 * Environment.ProcessorCount));

    /// <summary>How long a cancelled handler may go on before it is abandoned.</summary>
    /// <value>Not negative. The default is 10 seconds.</value>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a host says everything it holds.</summary>
    /// <value>More than nothing, at most 5 seconds, the default.</value>
    public TimeSpan InventoryInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The largest output, and the largest progress, of an attempt, in bytes.</summary>
    /// <value>From 1 up. The default is 1 MiB.</value>
    public int PayloadLimit { get; init; } = 1024 * 1024;

    /// <summary>The longest error message kept, in UTF-16 units; the rest is cut off.</summary>
    /// <value>From 100 up. The default is 8,192.</value>
    public int MessageLimit { get; init; } = 8 * 1024;

    /// <summary>How many results may wait for their run's acknowledgement; beyond it the host asks for no more work.</summary>
    /// <value>From 1 up. The default is 4,096.</value>
    public int UnacknowledgedLimit { get; init; } = 4_096;

    /// <summary>How large those results may be together, in bytes.</summary>
    /// <value>From 1 up. The default is 64 MiB.</value>
    public long UnacknowledgedBytes { get; init; } = 64 * 1024 * 1024;
}

namespace ActorFlow.Runtime.Tasks;

/// <summary>How a task queue holds and hands out attempts.</summary>
public sealed record TaskQueueOptions
{
    /// <summary>How many attempts may wait in the queue; runs beyond it are told when there is room.</summary>
    /// <value>From 1 up. The default is 10,000. Attempts whose handler no worker offers count towards <see cref="UnroutableCapacity"/> instead.</value>
    public int Capacity { get; init; } = 10_000;

    /// <summary>How many attempts of one fairness key may wait.</summary>
    /// <value>From 1 up. The default is 5,000.</value>
    public int CapacityPerKey { get; init; } = 5_000;

    /// <summary>How many attempts may wait for a worker that offers their handler.</summary>
    /// <value>From 1 up. The default is 1,000.</value>
    public int UnroutableCapacity { get; init; } = 1_000;

    /// <summary>How long an attempt waits to gain one level of priority.</summary>
    /// <value>More than nothing. The default is 30 seconds.</value>
    public TimeSpan WaitPerLevel { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long workers let a cancelled handler go on before they abandon it.</summary>
    /// <value>Not negative, and not less than any worker's. The default is 10 seconds.</value>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long past its timeout and grace a lease may be held before it is taken for lost.</summary>
    /// <value>Not negative. The default is 10 seconds.</value>
    public TimeSpan Backstop { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a worker host that stopped on a live node has to come back before its attempts are taken for lost.</summary>
    /// <value>Not negative. The default is 2 seconds.</value>
    public TimeSpan HostReturn { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a new queue waits at most for each worker to say what it runs; set it to failure detection plus 5 seconds.</summary>
    /// <value>Not negative. The default is 15 seconds.</value>
    public TimeSpan InventoryWait { get; init; } = TimeSpan.FromSeconds(15);
}

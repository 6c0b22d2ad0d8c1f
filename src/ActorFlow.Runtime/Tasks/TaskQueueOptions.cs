using ActorFlow.Configuration;

namespace ActorFlow.Runtime.Tasks;

/// <summary>How a task queue holds and hands out attempts; section <c>Queues</c>.</summary>
public sealed class TaskQueueOptions
{
    /// <summary>How many attempts may wait in the queue; runs beyond it are told when there is room.</summary>
    /// <value>From 1 up. The default is 10,000. Attempts whose handler no worker offers count towards <see cref="UnroutableCapacity"/> instead.</value>
    [SettingRange(1)]
    public int Capacity { get; set; } = 10_000;

    /// <summary>How many attempts of one fairness key may wait.</summary>
    /// <value>From 1 up. The default is 5,000.</value>
    [SettingRange(1)]
    public int CapacityPerKey { get; set; } = 5_000;

    /// <summary>How many attempts may wait for a worker that offers their handler.</summary>
    /// <value>From 1 up. The default is 1,000.</value>
    [SettingRange(1)]
    public int UnroutableCapacity { get; set; } = 1_000;

    /// <summary>How long an attempt waits to gain one level of priority.</summary>
    /// <value>From 1 ms to 1 day. The default is 30 seconds.</value>
    [SettingRange("1ms", "1d")]
    public TimeSpan WaitPerLevel { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long workers let a cancelled handler go on before they abandon it.</summary>
    /// <value>From zero to 1 day, and not less than any worker's (<see cref="WorkerOptions.Grace"/>). The default is 10 seconds.</value>
    [SettingRange("0s", "1d")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long past its timeout and grace a lease may be held before it is taken for lost.</summary>
    /// <value>From zero to 1 day. The default is 10 seconds.</value>
    [SettingRange("0s", "1d")]
    public TimeSpan Backstop { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a worker host that stopped on a live node has to come back before its attempts are taken for lost.</summary>
    /// <value>From zero to 1 day. The default is 2 seconds.</value>
    [SettingRange("0s", "1d")]
    public TimeSpan HostReturn { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a new queue waits at most for each worker to say what it runs; set it to failure detection plus 5 seconds.</summary>
    /// <value>From zero to 1 day. The default is 15 seconds.</value>
    [SettingRange("0s", "1d")]
    public TimeSpan InventoryWait { get; set; } = TimeSpan.FromSeconds(15);
}

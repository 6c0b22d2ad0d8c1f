using ActorFlow.Runtime.Tasks;

namespace ActorFlow.Runtime.Hosting;

/// <summary>Checks how a node runs and queues tasks; each failure names the key.</summary>
internal static class TaskOptionsValidation
{
    private static readonly TimeSpan LongestInventoryInterval = TimeSpan.FromSeconds(5);

    public static IEnumerable<string> Failures(WorkerOptions worker)
    {
        foreach (var (queue, slots) in worker.Slots.Where(entry => entry.Value < 1))
        {
            yield return $"Worker:Slots gives the queue '{queue}' {slots} slots; it must give 1 or more.";
        }

        if (worker.Grace < TimeSpan.Zero)
        {
            yield return "Worker:Grace must not be negative.";
        }

        if (worker.InventoryInterval <= TimeSpan.Zero || worker.InventoryInterval > LongestInventoryInterval)
        {
            yield return $"Worker:InventoryInterval must be more than nothing and at most {LongestInventoryInterval.TotalSeconds:0} s.";
        }

        foreach (var failure in AtLeast(
            ("Worker:PayloadLimit", worker.PayloadLimit, 1),
            ("Worker:MessageLimit", worker.MessageLimit, 100),
            ("Worker:UnacknowledgedLimit", worker.UnacknowledgedLimit, 1),
            ("Worker:UnacknowledgedBytes", worker.UnacknowledgedBytes, 1)))
        {
            yield return failure;
        }
    }

    public static IEnumerable<string> Failures(TaskQueueOptions queues, WorkerOptions worker)
    {
        foreach (var failure in AtLeast(
            ("Queues:Capacity", queues.Capacity, 1),
            ("Queues:CapacityPerKey", queues.CapacityPerKey, 1),
            ("Queues:UnroutableCapacity", queues.UnroutableCapacity, 1),
            ("Queues:WaitPerLevel", queues.WaitPerLevel.Ticks, 1),
            ("Queues:Backstop", queues.Backstop.Ticks, 0),
            ("Queues:HostReturn", queues.HostReturn.Ticks, 0),
            ("Queues:InventoryWait", queues.InventoryWait.Ticks, 0)))
        {
            yield return failure;
        }

        if (queues.Grace < worker.Grace)
        {
            yield return "Queues:Grace must not be less than Worker:Grace.";
        }
    }

    private static IEnumerable<string> AtLeast(params (string Key, long Value, long Least)[] values) =>
        from entry in values
        where entry.Value < entry.Least
        select entry.Least switch
        {
            0 => $"{entry.Key} must not be negative.",
            1 => $"{entry.Key} must be more than nothing.",
            _ => $"{entry.Key} must be {entry.Least} or more.",
        };
}

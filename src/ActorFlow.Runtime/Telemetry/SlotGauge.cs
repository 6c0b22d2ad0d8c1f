namespace ActorFlow.Runtime.Telemetry;

/// <summary>The slots of one queue on a worker: written by its host, read by whoever collects metrics.</summary>
internal sealed class SlotGauge(string queue, int total)
{
    private int _used;

    /// <summary>The name of the queue.</summary>
    public string Queue { get; } = queue;

    /// <summary>How many there are.</summary>
    public int Total { get; } = total;

    /// <summary>How many handlers run, the abandoned ones included.</summary>
    public int Used
    {
        get => Volatile.Read(ref _used);
        set => Volatile.Write(ref _used, value);
    }
}

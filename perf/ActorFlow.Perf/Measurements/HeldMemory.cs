namespace ActorFlow.Perf.Measurements;

/// <summary>What is reachable.</summary>
internal static class HeldMemory
{
    /// <summary>Bytes on the heap after full collections.</summary>
    public static long Now()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}

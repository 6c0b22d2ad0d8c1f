namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>Names incarnations: each epoch of this process is greater than the one before, and greater than those of earlier processes.</summary>
internal static class Epochs
{
    private static long _last;

    public static long Next(TimeProvider time)
    {
        while (true)
        {
            var last = Interlocked.Read(ref _last);
            var next = Math.Max(last + 1, time.GetUtcNow().UtcTicks);
            if (Interlocked.CompareExchange(ref _last, next, last) == last)
            {
                return next;
            }
        }
    }
}

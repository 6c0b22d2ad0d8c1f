using System.Diagnostics;
using ActorFlow.Perf.Running;

namespace ActorFlow.Perf.Measurements;

/// <summary>What this process and the database use while nothing is asked of them.</summary>
internal static class IdleProcessor
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(8);

    /// <summary>The share of one processor, in percent, over some seconds.</summary>
    public static async Task<double> ShareAsync()
    {
        var (cpu, begun) = (ProcessorTime.Used(), Stopwatch.GetTimestamp());
        using var timer = new PeriodicTimer(Window);
        await timer.WaitForNextTickAsync().ConfigureAwait(false);
        return (ProcessorTime.Used() - cpu) / Stopwatch.GetElapsedTime(begun) * 100;
    }
}

/// <summary>The processor time of this process and of the database's.</summary>
internal static class ProcessorTime
{
    /// <summary>All that was used so far.</summary>
    public static TimeSpan Used() => Environment.CpuUsage.TotalTime + SpecRun.Current.Session.Database.ProcessorTime();
}

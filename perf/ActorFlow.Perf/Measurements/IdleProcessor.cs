using System.Diagnostics;
using ActorFlow.Perf.Results;
using ActorFlow.Perf.Running;

namespace ActorFlow.Perf.Measurements;

/// <summary>What this process and the database use while nothing is asked of them.</summary>
internal static class IdleProcessor
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(4);

    /// <summary>The share of one processor, in percent: the median of several windows of a few seconds.</summary>
    /// <param name="windows">How many.</param>
    public static async Task<double> ShareAsync(int windows)
    {
        var shares = new List<double>();
        for (var i = 0; i < windows; i++)
        {
            var (cpu, begun) = (ProcessorTime.Used(), Stopwatch.GetTimestamp());
            using var timer = new PeriodicTimer(Window);
            await timer.WaitForNextTickAsync().ConfigureAwait(false);
            shares.Add((ProcessorTime.Used() - cpu) / Stopwatch.GetElapsedTime(begun) * 100);
        }

        return Statistics.Of(shares).Median;
    }
}

/// <summary>The processor time of this process and of the database's.</summary>
internal static class ProcessorTime
{
    /// <summary>All that was used so far.</summary>
    public static TimeSpan Used() => Environment.CpuUsage.TotalTime + SpecRun.Current.Session.Database.ProcessorTime();
}

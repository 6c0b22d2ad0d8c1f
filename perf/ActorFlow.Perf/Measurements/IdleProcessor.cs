using System.Diagnostics;
using System.Runtime;
using ActorFlow.Perf.Running;

namespace ActorFlow.Perf.Measurements;

/// <summary>What this process and the database use while nothing is asked of them.</summary>
/// <remarks>
/// What is called a few times a second is compiled again by .NET minutes after the start, a method at a time; a node
/// that has run for an hour no longer pays for it. So what is looked at is the time in which nothing was compiled; where there is too
/// little of that, all of the time, less what compiling took.
/// </remarks>
internal static class IdleProcessor
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1.5);
    private const int MostWindows = 40;

    /// <summary>The share of one processor, in percent, while nothing is compiled.</summary>
    public static async Task<double> ShareAsync()
    {
        using (var settling = new PeriodicTimer(Settling))
        {
            await settling.WaitForNextTickAsync().ConfigureAwait(false);
        }

        var (cpu, time) = (TimeSpan.Zero, TimeSpan.Zero);
        using var timer = new PeriodicTimer(Window);
        var (from, to) = (Look.Now(), Look.Now());
        var first = from;
        for (var windows = 0; windows < MostWindows && time < Enough; windows++)
        {
            await timer.WaitForNextTickAsync().ConfigureAwait(false);
            var next = Look.Now();
            // A method that was compiled in the window after was perhaps begun in this one.
            if (next.Compiled == from.Compiled)
            {
                (cpu, time) = (cpu + from.UsedUntil(to), time + Stopwatch.GetElapsedTime(from.At, to.At));
            }

            (from, to) = (to, next);
        }

        if (time < Least)
        {
            (cpu, time) = (first.UsedUntil(to) - (to.Compiling - first.Compiling), Stopwatch.GetElapsedTime(first.At, to.At));
        }

        return Math.Max(0, cpu / time * 100);
    }

    // To ask for the database's time takes a millisecond or more of this process: it is left out.
    private readonly record struct Look(TimeSpan OwnBefore, TimeSpan Database, TimeSpan OwnAfter, long At, long Compiled, TimeSpan Compiling)
    {
        public static Look Now() => new(
            ProcessorTime.Own, ProcessorTime.Database, ProcessorTime.Own, Stopwatch.GetTimestamp(), JitInfo.GetCompiledMethodCount(), JitInfo.GetCompilationTime());

        public TimeSpan UsedUntil(Look end) => end.OwnBefore - OwnAfter + (end.Database - Database);
    }
}

/// <summary>The processor time of this process and of the database's.</summary>
internal static class ProcessorTime
{
    /// <summary>What this process used so far.</summary>
    public static TimeSpan Own => Environment.CpuUsage.TotalTime;

    /// <summary>What the database's processes used so far.</summary>
    public static TimeSpan Database => SpecRun.Current.Session.Database.ProcessorTime();

    /// <summary>All that was used so far.</summary>
    public static TimeSpan Used() => Own + Database;
}

using System.Diagnostics;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Results;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>A node under the same load for a minute: its memory must stay flat.</summary>
[OwnProcess]
public sealed class SteadyLoadSpecs : NodeSpec
{
    private const int Steps = 10;
    private const int Clients = 20;
    private const double Mebibyte = 1024 * 1024;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Load = TimeSpan.FromSeconds(60);

    // Nothing leaves a store in memory: its growth is no leak, and has no bar.
    [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true, Description = "100 runs of linear 10 a second for 60 s, after 30 s of the same: growth of the resident set (one round)")]
    [Spec("X5", Group = "stress", WarmUp = false, Quick = false, TimeoutSeconds = 300)]
    [Figure("rss growth/min", "MB"), Figure("held growth", "MB"), CounterMeasurement(Workflows), CounterMeasurement(Tasks)]
    [Cpu, AllocatedPerTask, GcPause, ResidentSet(Rss.Peak)]
    [Bar("rss growth/min", AtMost = 1, Store = "sqlite"), Bar("rss growth/min", AtMost = 1, Store = "postgres")]
    public void Minute() => Measure(async () =>
    {
        var definition = await Node.RegisterAsync(Graphs.Linear(Steps)).ConfigureAwait(false);
        var runs = await LoadAsync(definition, Warming).ConfigureAwait(false);
        var held = HeldMemory.Now();
        // After these collections the heap grows back to what the collector lets it have.
        runs += await LoadAsync(definition, Settling).ConfigureAwait(false);
        var load = LoadAsync(definition, Load);
        Figures["rss growth/min"] = Math.Max(0, await SlopeAsync().ConfigureAwait(false));
        runs += await load.ConfigureAwait(false);
        Figures["held growth"] = Math.Max(0, HeldMemory.Now() - held) / Mebibyte;
        ExpectExecutions(runs * Steps);
    });

    // Clients that each start a run at every tick of their own; one that is late leaves ticks out.
    private async Task<int> LoadAsync(DefinitionReference definition, TimeSpan duration)
    {
        var (begun, runs) = (Stopwatch.GetTimestamp(), 0);
        await Task.WhenAll(Enumerable.Range(1, Clients).Select(async client =>
        {
            using var offset = new PeriodicTimer(Period / Clients * client);
            await offset.WaitForNextTickAsync().ConfigureAwait(false);
            using var timer = new PeriodicTimer(Period);
            while (Stopwatch.GetElapsedTime(begun) < duration)
            {
                await RunAsync(definition, Payload.Null, Graphs.LinearOutput(Steps)).ConfigureAwait(false);
                Interlocked.Increment(ref runs);
                await timer.WaitForNextTickAsync().ConfigureAwait(false);
            }
        })).ConfigureAwait(false);
        return runs;
    }

    private static async Task<double> SlopeAsync()
    {
        var (begun, points) = (Stopwatch.GetTimestamp(), new List<(double, double)>());
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        while (Stopwatch.GetElapsedTime(begun) is var elapsed && elapsed < Load)
        {
            points.Add((elapsed.TotalMinutes, ResidentSet.Now / Mebibyte));
            await timer.WaitForNextTickAsync().ConfigureAwait(false);
        }

        return Trend.SlopeOf(points);
    }
}

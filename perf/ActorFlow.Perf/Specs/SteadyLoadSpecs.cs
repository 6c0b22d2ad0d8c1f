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
    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Load = TimeSpan.FromSeconds(60);

    private DefinitionReference? _definition;

    // Nothing leaves a store in memory: its growth is no leak, and has no bar. No collection is forced: after one the resident set
    // grows for a minute, back to what the collector lets it have. X3 tells what is held.
    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "100 runs of linear 10 a second for 60 s: growth of the resident set")]
    [Spec("X5", Group = "stress", WarmUp = false, Quick = false, TimeoutSeconds = 300)]
    [Figure("rss growth/min", "MB"), CounterMeasurement(Workflows), CounterMeasurement(Tasks)]
    [Cpu, AllocatedPerTask, GcPause, ResidentSet(Rss.Peak)]
    [Bar("rss growth/min", AtMost = 1, Store = "sqlite"), Bar("rss growth/min", AtMost = 1, Store = "postgres")]
    public void Minute() => Measure(async () =>
    {
        var load = LoadAsync(Load);
        Figures["rss growth/min"] = await SlopeAsync().ConfigureAwait(false);
        ExpectExecutions(await load.ConfigureAwait(false) * Steps);
    });

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        await base.PrepareAsync().ConfigureAwait(false);
        _definition = await Node.RegisterAsync(Graphs.Linear(Steps)).ConfigureAwait(false);
        await Node.OnceAsync("warm", WarmAsync).ConfigureAwait(false);
    }

    // .NET compiles what is called often once more, at 100 runs a second for minutes; each thread of the C library that did so keeps a
    // few megabytes for the next time. Full load first gets that over with.
    private async Task<int> WarmAsync()
    {
        var (begun, runs) = (Stopwatch.GetTimestamp(), 0);
        while (Stopwatch.GetElapsedTime(begun) < Warming)
        {
            await RunManyAsync(Clients * Steps, Clients, _definition!, Payload.Null, Graphs.LinearOutput(Steps)).ConfigureAwait(false);
            runs += Clients * Steps;
        }

        return runs + await LoadAsync(Warming).ConfigureAwait(false);
    }

    // Clients that each start a run at every tick of their own; one that is late leaves ticks out.
    private async Task<int> LoadAsync(TimeSpan duration)
    {
        var (begun, runs) = (Stopwatch.GetTimestamp(), 0);
        await Task.WhenAll(Enumerable.Range(1, Clients).Select(async client =>
        {
            using var offset = new PeriodicTimer(Period / Clients * client);
            await offset.WaitForNextTickAsync().ConfigureAwait(false);
            using var timer = new PeriodicTimer(Period);
            while (Stopwatch.GetElapsedTime(begun) < duration)
            {
                await RunAsync(_definition!, Payload.Null, Graphs.LinearOutput(Steps)).ConfigureAwait(false);
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

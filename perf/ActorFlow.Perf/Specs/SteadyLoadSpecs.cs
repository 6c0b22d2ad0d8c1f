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
    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Refilling = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Load = TimeSpan.FromSeconds(60);

    // Nothing leaves a store in memory: its growth is no leak, and has no bar. What is held is X3's to tell.
    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "100 runs of linear 10 a second for 60 s: growth of the resident set")]
    [Spec("X5", Group = "stress", WarmUp = false, Quick = false, TimeoutSeconds = 300)]
    [Figure("rss growth/min", "MB"), Figure("workflows/s", "/s"), Figure("cpu/1000", "s"), ResidentSet(Rss.Peak)]
    [Bar("rss growth/min", AtMost = 1, Store = "sqlite"), Bar("rss growth/min", AtMost = 1, Store = "postgres")]
    public void Minute() => Measure(async () =>
    {
        var definition = await Node.RegisterAsync(Graphs.Linear(Steps)).ConfigureAwait(false);
        await Node.OnceAsync("warm", () => FullLoadAsync(definition, Warming)).ConfigureAwait(false);
        Node.Log.Clear();
        // NBench collects before each round: the heap first grows back to what the collector lets it have.
        var runs = await FullLoadAsync(definition, Refilling).ConfigureAwait(false);
        var processor = ProcessorTime.Used();
        var load = LoadAsync(definition, Load);
        Figures["rss growth/min"] = await SlopeAsync().ConfigureAwait(false);
        var steady = await load.ConfigureAwait(false);
        Figures["workflows/s"] = steady / Load.TotalSeconds;
        Figures["cpu/1000"] = (ProcessorTime.Used() - processor).TotalSeconds / (steady * Steps) * 1_000;
        ExpectExecutions((runs + steady) * Steps);
    });

    private async Task<int> FullLoadAsync(DefinitionReference definition, TimeSpan duration)
    {
        var (begun, runs) = (Stopwatch.GetTimestamp(), 0);
        for (; Stopwatch.GetElapsedTime(begun) < duration; runs += Clients * Steps)
        {
            await RunManyAsync(Clients * Steps, Clients, definition, Payload.Null, Graphs.LinearOutput(Steps)).ConfigureAwait(false);
        }

        return runs;
    }

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

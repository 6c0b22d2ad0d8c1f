using System.Diagnostics;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Results;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>A node under the same load for minutes: its memory must stay flat.</summary>
[OwnProcess(CompilesOnce = true)]
public sealed class SteadyLoadSpecs : NodeSpec
{
    private const int Steps = 10;
    private const int Clients = 20;
    private const double Mebibyte = 1024 * 1024;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Load = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(10);

    // What is compiled once more, with more care, is minutes of megabytes: all of it is compiled once here. Looked at right after collections
    // that give all back that is free: between them the collector holds more or less as it sees fit, and a slope would tell of that. Nothing
    // leaves a store in memory: its growth is no leak, and has no bar.
    [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true, Description = "100 runs of linear 10 a second for 2 minutes, code compiled once: how much the resident set grows in a minute")]
    [Spec("X5", Group = "stress", WarmUp = false, Quick = false, TimeoutSeconds = 300)]
    [Figure("rss growth/min", "MB"), Figure("rss from least to most", "MB")]
    [Figure("workflows/s", "/s"), Figure("cpu/1000", "s"), ResidentSet(Rss.Peak)]
    [Bar("rss growth/min", AtMost = 1, Store = "sqlite"), Bar("rss growth/min", AtMost = 1, Store = "postgres")]
    public void TwoMinutes() => Measure(async () =>
    {
        var definition = await Node.RegisterAsync(Graphs.Linear(Steps)).ConfigureAwait(false);
        var warmed = await FullLoadAsync(definition).ConfigureAwait(false);
        var processor = ProcessorTime.Used();
        var load = LoadAsync(definition);
        var looks = await LookAsync().ConfigureAwait(false);
        var runs = await load.ConfigureAwait(false);
        var meant = Load / Period * Clients;
        Expect(runs >= meant * 0.95, $"only {runs:n0} of {meant:n0} runs were started in time.");
        Figures["rss growth/min"] = Trend.SlopeOf(looks);
        Figures["rss from least to most"] = looks.Max(look => look.Megabytes) - looks.Min(look => look.Megabytes);
        Figures["workflows/s"] = runs / Load.TotalSeconds;
        Figures["cpu/1000"] = (ProcessorTime.Used() - processor).TotalSeconds / (runs * Steps) * 1_000;
        ExpectExecutions((warmed + runs) * Steps);
    });

    private async Task<int> FullLoadAsync(DefinitionReference definition)
    {
        var (begun, runs) = (Stopwatch.GetTimestamp(), 0);
        for (; Stopwatch.GetElapsedTime(begun) < Warming; runs += Clients * Steps)
        {
            await RunManyAsync(Clients * Steps, Clients, definition, Payload.Null, Graphs.LinearOutput(Steps)).ConfigureAwait(false);
        }

        return runs;
    }

    // Clients that each start a run at every tick of their own; one that is late leaves ticks out.
    private async Task<int> LoadAsync(DefinitionReference definition)
    {
        var (begun, runs) = (Stopwatch.GetTimestamp(), 0);
        await Task.WhenAll(Enumerable.Range(1, Clients).Select(async client =>
        {
            using var offset = new PeriodicTimer(Period / Clients * client);
            await offset.WaitForNextTickAsync().ConfigureAwait(false);
            using var timer = new PeriodicTimer(Period);
            while (Stopwatch.GetElapsedTime(begun) < Load)
            {
                await RunAsync(definition, Payload.Null, Graphs.LinearOutput(Steps)).ConfigureAwait(false);
                Interlocked.Increment(ref runs);
                await timer.WaitForNextTickAsync().ConfigureAwait(false);
            }
        })).ConfigureAwait(false);
        return runs;
    }

    private static async Task<IReadOnlyList<(double Minutes, double Megabytes)>> LookAsync()
    {
        var (begun, looks) = (Stopwatch.GetTimestamp(), new List<(double, double)>());
        using var timer = new PeriodicTimer(BetweenLooks);
        while (Stopwatch.GetElapsedTime(begun) is var elapsed && elapsed < Load)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            looks.Add((elapsed.TotalMinutes, ResidentSet.Now / Mebibyte));
            await timer.WaitForNextTickAsync().ConfigureAwait(false);
        }

        return looks;
    }
}

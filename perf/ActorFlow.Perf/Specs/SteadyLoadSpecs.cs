using System.Diagnostics;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Results;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>A node under the same load for minutes: its memory must stay flat.</summary>
[OwnProcess]
public sealed class SteadyLoadSpecs : NodeSpec
{
    private const int Steps = 10;
    private const int Clients = 20;
    private const double Mebibyte = 1024 * 1024;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);
    private const int Minutes = 3;
    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Load = TimeSpan.FromMinutes(Minutes);

    // One round, for NBench collects before each: the resident set would always be looked at while it grows back to what the collector
    // lets it have. One slope of all three minutes: those of single ones lie up to 5 MB apart, by where in the collector's saw-tooth they
    // begin. Nothing leaves a store in memory: its growth is no leak, and has no bar. What is held is X3's to tell.
    [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true, Description = "100 runs of linear 10 a second for 3 minutes: how much the resident set grows in a minute")]
    [Spec("X5", Group = "stress", WarmUp = false, Quick = false, TimeoutSeconds = 300)]
    [Figure("rss growth/min", "MB"), Figure("minute 1", "MB"), Figure("minute 2", "MB"), Figure("minute 3", "MB")]
    [Figure("workflows/s", "/s"), Figure("cpu/1000", "s"), ResidentSet(Rss.Peak)]
    [Bar("rss growth/min", AtMost = 1, Store = "sqlite"), Bar("rss growth/min", AtMost = 1, Store = "postgres")]
    public void ThreeMinutes() => Measure(async () =>
    {
        var definition = await Node.RegisterAsync(Graphs.Linear(Steps)).ConfigureAwait(false);
        var warmed = await FullLoadAsync(definition).ConfigureAwait(false);
        var processor = ProcessorTime.Used();
        var load = LoadAsync(definition);
        var points = new List<(double, double)>();
        for (var minute = 0; minute < Minutes; minute++)
        {
            var before = points.Count;
            await SampleMinuteAsync(minute, points).ConfigureAwait(false);
            Figures[$"minute {minute + 1}"] = Trend.SlopeOf(points[before..]);
        }

        var runs = await load.ConfigureAwait(false);
        var meant = Load / Period * Clients;
        Expect(runs >= meant * 0.95, $"only {runs:n0} of {meant:n0} runs were started in time.");
        Figures["rss growth/min"] = Trend.SlopeOf(points);
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

    private static async Task SampleMinuteAsync(int minute, List<(double, double)> points)
    {
        var begun = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        while (Stopwatch.GetElapsedTime(begun) is var elapsed && elapsed < TimeSpan.FromMinutes(1))
        {
            points.Add((minute + elapsed.TotalMinutes, ResidentSet.Now / Mebibyte));
            await timer.WaitForNextTickAsync().ConfigureAwait(false);
        }
    }
}

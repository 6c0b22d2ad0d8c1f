using System.Diagnostics;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Running;
using ActorFlow.TestSupport;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>Runs that are purged as fast as others come: what the store then holds, and what that costs.</summary>
[OwnProcess]
public sealed class RetentionSpecs : PerfSpec
{
    private const int Rate = 1_000;
    private const int Clients = 50;
    private const int Backlog = 100_000;
    private const double Mebibyte = 1024 * 1024;

    // What a tombstone takes at most.
    private const int TombstoneBytes = 120;

    // The same load without retention first, on a database of its own, by the same warm process: only the difference is the purge's.
    [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true, Description = "1,000 one-task runs a second, kept for 20 seconds, for 2 minutes")]
    [Spec("G2-short", Group = "growth", WarmUp = false, Quick = false, Durable = true, TimeoutSeconds = 400)]
    [Figure("more cpu", "%"), Figure("level growth", "%"), Figure("level", "MB"), Figure("purged/s", "/s"), Figure("workflows/s", "/s")]
    [Bar("more cpu", AtMost = 50), Bar("level growth", AtMost = 10)]
    public void Short() => Measure(() => RunAsync(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(20)));

    [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true, Description = "1,000 one-task runs a second, kept for 1 minute, for 10 minutes")]
    [Spec("G2", Group = "growth", WarmUp = false, Quick = false, Durable = true, ByNameOnly = true, TimeoutSeconds = 1_500)]
    [Figure("more cpu", "%"), Figure("level growth", "%"), Figure("level", "MB"), Figure("purged/s", "/s"), Figure("workflows/s", "/s")]
    [Bar("more cpu", AtMost = 50), Bar("level growth", AtMost = 10)]
    public void TenMinutes() => Measure(() => RunAsync(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1)));

    // A million would take ten times as long to fill: every transaction is as large as here, and what is due is found by an index.
    [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true, Description = "a backlog of 100,000 one-task runs is purged by a node that has nothing else to do")]
    [Spec("G2-pace", Group = "growth", WarmUp = false, Quick = false, Durable = true, TimeoutSeconds = 400)]
    [Figure("purged/s", "/s"), Figure("a million", "s"), Figure("cpu/1000", "s")]
    [Bar("a million", AtMost = 600)]
    public void Pace() => Measure(PurgeBacklogAsync);

    private async Task RunAsync(TimeSpan length, TimeSpan retention)
    {
        var without = await LoadAsync(length / 3, retention: null).ConfigureAwait(false);
        var with = await LoadAsync(length, retention).ConfigureAwait(false);
        Figures["more cpu"] = (with.Processor / without.Processor * 100) - 100;
        Figures["level growth"] = ((double)(with.End - (with.Tombstones * TombstoneBytes)) / with.Level * 100) - 100;
        Figures["level"] = with.End / Mebibyte;
        Figures["purged/s"] = with.Purged;
        Figures["workflows/s"] = with.Runs;
    }

    private static async Task<Growth> LoadAsync(TimeSpan length, TimeSpan? retention)
    {
        var storage = await SpecRun.Current.Session.Database.CreateAsync().ConfigureAwait(false);
        await using var removal = storage.ConfigureAwait(false);
        var node = await EmbeddedNode.StartAsync(storage, new() { Retention = retention ?? TimeSpan.Zero }).ConfigureAwait(false);
        await using var stop = node.ConfigureAwait(false);
        var definition = await node.RegisterAsync(Graphs.Linear(1)).ConfigureAwait(false);

        // Until the first runs are purged and all is compiled; what counts begins then.
        var settling = (retention ?? TimeSpan.Zero) + (length / 6);
        var settled = await ClientsAsync(node, definition, settling).ConfigureAwait(false);
        var (level, tombstones) = (await storage.BytesAsync().ConfigureAwait(false), await storage.TombstonesAsync().ConfigureAwait(false));
        var (processor, begun) = (ProcessorTime.Used(), Stopwatch.GetTimestamp());
        var runs = await ClientsAsync(node, definition, length - settling).ConfigureAwait(false);
        var (used, took) = (ProcessorTime.Used() - processor, Stopwatch.GetElapsedTime(begun));
        var (end, left) = (await storage.BytesAsync().ConfigureAwait(false), await storage.RunsAsync().ConfigureAwait(false));
        var buried = await storage.TombstonesAsync().ConfigureAwait(false);
        Expect(node.Log.Count == runs + settled, $"{node.Log.Count:n0} handlers ran for {runs + settled:n0} runs.");
        Expect(runs >= Rate * took.TotalSeconds * 0.9, $"only {runs / took.TotalSeconds:n0} runs a second were started.");
        Expect(
            left + buried <= runs + settled && (retention is not { } kept || left <= Rate * (kept + TimeSpan.FromSeconds(15)).TotalSeconds),
            $"of {runs + settled:n0} runs {left:n0} are still there, and {buried:n0} have left a tombstone.");
        return new(runs / took.TotalSeconds, used.TotalSeconds / runs, level - (tombstones * TombstoneBytes), end, buried, (buried - tombstones) / took.TotalSeconds);
    }

    // Clients that each start a run at every tick of their own, and wait for its end.
    private static async Task<int> ClientsAsync(EmbeddedNode node, DefinitionReference definition, TimeSpan length)
    {
        var (begun, runs, period) = (Stopwatch.GetTimestamp(), 0, TimeSpan.FromSeconds((double)Clients / Rate));
        await Task.WhenAll(Enumerable.Range(1, Clients).Select(async client =>
        {
            using var offset = new PeriodicTimer(period / Clients * client);
            await offset.WaitForNextTickAsync().ConfigureAwait(false);
            using var timer = new PeriodicTimer(period);
            while (Stopwatch.GetElapsedTime(begun) < length)
            {
                await node.RunAsync(definition, Payload.Null).ConfigureAwait(false);
                Interlocked.Increment(ref runs);
                await timer.WaitForNextTickAsync().ConfigureAwait(false);
            }
        })).ConfigureAwait(false);
        return runs;
    }

    private static async Task PurgeBacklogAsync()
    {
        var storage = await SpecRun.Current.Session.Database.CreateAsync().ConfigureAwait(false);
        await using var removal = storage.ConfigureAwait(false);
        var first = await EmbeddedNode.StartAsync(storage, new() { Retention = TimeSpan.Zero }).ConfigureAwait(false);
        await first.RunAsync(await first.RegisterAsync(Graphs.Linear(1)).ConfigureAwait(false), Payload.Null).ConfigureAwait(false);
        await Eventually.HoldsAsync(
            async () => (await first.Index.ListAsync(new()).ConfigureAwait(false)).Rows is [{ Closed: not null }], "the run is in the list").ConfigureAwait(false);
        await first.DisposeAsync().ConfigureAwait(false);
        await storage.MultiplyAsync(Backlog).ConfigureAwait(false);
        Expect(await storage.RunsAsync().ConfigureAwait(false) == Backlog + 1, "the backlog is not there.");

        var node = await EmbeddedNode.StartAsync(storage, new() { Retention = TimeSpan.FromSeconds(1) }).ConfigureAwait(false);
        await using var stop = node.ConfigureAwait(false);
        await Eventually.HoldsAsync(
            async () => await storage.TombstonesAsync().ConfigureAwait(false) > 0, "the purge begins", TimeSpan.FromMinutes(1)).ConfigureAwait(false);
        var (begun, processor, done) = (Stopwatch.GetTimestamp(), ProcessorTime.Used(), await storage.TombstonesAsync().ConfigureAwait(false));
        await Eventually.HoldsAsync(
            async () => (await node.Index.ListAsync(new() { Limit = 1 }).ConfigureAwait(false)).Rows.IsEmpty, "all is purged", TimeSpan.FromMinutes(5)).ConfigureAwait(false);
        var took = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        var purged = await storage.TombstonesAsync().ConfigureAwait(false);
        Expect(purged == Backlog + 1, $"{purged:n0} runs have left a tombstone.");
        Expect(await storage.EventsAsync().ConfigureAwait(false) + await storage.RunsAsync().ConfigureAwait(false) == 0, "something is left of them.");
        Figures["purged/s"] = (purged - done) / took;
        Figures["a million"] = took / (purged - done) * 1_000_000;
        Figures["cpu/1000"] = (ProcessorTime.Used() - processor).TotalSeconds / (purged - done) * 1_000;
    }

    /// <param name="Runs">How many a second.</param>
    /// <param name="Processor">The time for each, in seconds.</param>
    /// <param name="Level">The store when the first had been purged, less its tombstones, in bytes.</param>
    /// <param name="End">The store at the end, in bytes.</param>
    /// <param name="Tombstones">How many tombstones there were at the end.</param>
    /// <param name="Purged">How many were purged a second.</param>
    private sealed record Growth(double Runs, double Processor, long Level, long End, long Tombstones, double Purged);
}

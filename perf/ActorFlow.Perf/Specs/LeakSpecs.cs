using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>Whether memory goes up with the runs that have been: the resident set, and what is reachable.</summary>
[OwnProcess]
public sealed class LeakSpecs : NodeSpec
{
    private const int Settling = 200;
    private const int Collections = 2;
    private const int Runs = 200;
    private const int Steps = 20;
    private const int Window = 50;
    private const double Mebibyte = 1024 * 1024;

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "200 runs of 20 tasks, after some hundreds of the same: resident set in the last 50 over that in the first 50")]
    [Spec("X3", Group = "stress", Quick = false)]
    [Figure("growth", "MB"), Figure("held growth", "MB"), AllocatedPerTask]
    [Bar("growth", AtMost = 5)]
    public void Growth() => Measure(async () =>
    {
        var definition = await Node.RegisterAsync(Graphs.Linear(Steps)).ConfigureAwait(false);
        var resident = new double[Runs];
        var held = HeldMemory.Now();
        var settled = await SettleAsync(definition).ConfigureAwait(false);
        for (var run = 0; run < Runs; run++)
        {
            await RunAsync(definition, Payload.Null, Graphs.LinearOutput(Steps)).ConfigureAwait(false);
            resident[run] = ResidentSet.Now / Mebibyte;
        }

        ExpectExecutions((settled + Runs) * Steps);
        Figures["growth"] = Math.Max(0, resident[^Window..].Average() - resident[..Window].Average());
        Figures["held growth"] = Math.Max(0, HeldMemory.Now() - held) / Mebibyte;
    });

    // A round begins with full collections: the heap first grows back to what the collector lets it have before it collects again, which
    // is a matter of the processor's caches.
    private async Task<int> SettleAsync(DefinitionReference definition)
    {
        var (runs, collections) = (0, GC.CollectionCount(0));
        for (; GC.CollectionCount(0) < collections + Collections || runs == 0; runs += Settling)
        {
            await RunManyAsync(Settling, Steps, definition, Payload.Null, Graphs.LinearOutput(Steps)).ConfigureAwait(false);
        }

        return runs;
    }
}

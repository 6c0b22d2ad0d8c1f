using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>Ten branches at once, alone on the node.</summary>
public sealed class ParallelSpecs : NodeSpec
{
    private const int Branches = 10;

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "10 branches of echo")]
    [Spec("W2", Group = "workflows")]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 5, Store = "sqlite")]
    public void Echo() => Measure(async () =>
    {
        const int Runs = 50;
        var definition = await Node.RegisterAsync(Graphs.Parallel(Branches)).ConfigureAwait(false);
        Figures["p50"] = (await RunManyAsync(Runs, 1, definition, Payload.Null, PeerGraphs.ParallelOutput(Branches)).ConfigureAwait(false)).Median;
        ExpectExecutions(Runs * Branches);
    });

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "10 branches of 100 ms")]
    [Spec("W2-100ms", Group = "workflows")]
    [Figure("p50", "ms"), CounterMeasurement(Tasks)]
    [Bar("p50", AtMost = 108, Store = "sqlite")]
    public void Bodies() => Measure(async () =>
    {
        const int Runs = 5;
        var definition = await Node.RegisterAsync(Graphs.ParallelSleeps(Branches, 100)).ConfigureAwait(false);
        var times = await RunManyAsync(Runs, 1, definition, Payload.Null, Graphs.ParallelSleepsOutput(Branches)).ConfigureAwait(false);
        Expect(times.Min >= 100, $"Bodies of 100 ms took {times.Min:n1} ms.");
        Figures["p50"] = times.Median;
        ExpectExecutions(Runs * Branches);
    });
}

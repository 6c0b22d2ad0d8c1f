using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>Ten tasks, one after the other and all at once.</summary>
public sealed class SequentialAndParallelSpecs : NodeSpec
{
    private const int Steps = 10;
    private const int Runs = 30;

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "10 tasks in sequence")]
    [Spec("S1", Group = "scale")]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 10, Store = "sqlite")]
    public void Sequential() => Measure(async () =>
    {
        var definition = await Node.RegisterAsync(Graphs.Linear(Steps, "sequential")).ConfigureAwait(false);
        Figures["p50"] = (await RunManyAsync(Runs, 1, definition, Payload.Null, Graphs.LinearOutput(Steps)).ConfigureAwait(false)).Median;
        ExpectExecutions(Runs * Steps);
    });

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "10 independent tasks")]
    [Spec("S2", Group = "scale")]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 5, Store = "sqlite")]
    public void Parallel() => Measure(async () =>
    {
        var definition = await Node.RegisterAsync(Graphs.Parallel(Steps, "independent")).ConfigureAwait(false);
        Figures["p50"] = (await RunManyAsync(Runs, 1, definition, Payload.Null, PeerGraphs.ParallelOutput(Steps)).ConfigureAwait(false)).Median;
        ExpectExecutions(Runs * Steps);
    });
}

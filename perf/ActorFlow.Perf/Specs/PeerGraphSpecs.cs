using ActorFlow.Core.Definitions;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>What else peers were measured with: a fan, layers, and runs of a single task.</summary>
public sealed class PeerGraphSpecs : NodeSpec
{
    private const int Branches = 10;
    private const int Layers = 10;
    private const int Width = 10;

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "fan 10, 100 in flight")]
    [Spec("P2", Group = "peers")]
    [Figure("p50", "ms"), Figure("p95", "ms"), CounterMeasurement(Workflows), CounterMeasurement(Tasks)]
    [Cpu, Allocated, AllocatedPerTask, GcPause, ResidentSet(Rss.Peak)]
    [Bar("workflows/s", AtLeast = 1_200)]
    public void Fan() => Run(1_000, 100, Graphs.Parallel(Branches, "peer-fan"), PeerGraphs.ParallelOutput(Branches));

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "10 layers of 10, 1 in flight")]
    [Spec("P3-1", Group = "peers")]
    [Figure("p50", "ms"), Figure("p95", "ms"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 12)]
    public void LayersAlone() => Run(20, 1, PeerGraphs.Layers(Layers, Width), PeerGraphs.LayersOutput(Layers, Width));

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "10 layers of 10, 16 in flight")]
    [Spec("P3-16", Group = "peers")]
    [Figure("p50", "ms"), Figure("p95", "ms"), CounterMeasurement(Workflows), CounterMeasurement(Tasks)]
    [Cpu, Allocated, AllocatedPerTask, GcPause, ResidentSet(Rss.Peak)]
    [Bar("tasks/s", AtLeast = 15_000)]
    public void LayersMany() => Run(160, 16, PeerGraphs.Layers(Layers, Width), PeerGraphs.LayersOutput(Layers, Width));

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "one-task workflows, 100 in flight")]
    [Spec("P4", Group = "peers")]
    [Figure("p50", "ms"), Figure("p95", "ms"), CounterMeasurement(Workflows), CounterMeasurement(Tasks)]
    [Cpu, Allocated, AllocatedPerTask, GcPause, ResidentSet(Rss.Peak)]
    [Bar("workflows/s", AtLeast = 2_000)]
    public void OneTask() => Run(3_000, 100, Graphs.Linear(1, "peer"), Graphs.LinearOutput(1));

    private void Run(int runs, int inFlight, WorkflowDefinition workflow, string output) => Measure(async () =>
    {
        var definition = await Node.RegisterAsync(workflow).ConfigureAwait(false);
        var times = await RunManyAsync(runs, inFlight, definition, Payload.Null, output).ConfigureAwait(false);
        (Figures["p50"], Figures["p95"]) = (times.Median, times.P95);
        ExpectExecutions(runs * workflow.Tasks.Length);
    });
}

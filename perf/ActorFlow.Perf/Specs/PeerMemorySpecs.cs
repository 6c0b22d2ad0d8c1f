using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>What the engine does where nothing is durable, whatever store the other specs use.</summary>
public sealed class PeerMemorySpecs : NodeSpec
{
    private const int Runs = 1_000;
    private const int Steps = 10;

    private protected override IDatabase Database { get; } = new MemoryDatabase();

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "in memory: linear 10, 1,000 in flight")]
    [Spec("P8", Group = "peers")]
    [Figure("p50", "ms"), CounterMeasurement(Workflows), CounterMeasurement(Tasks)]
    [Cpu, Allocated, AllocatedPerTask, GcPause, ResidentSet(Rss.Peak)]
    [Bar("tasks/s", AtLeast = 40_000)]
    public void AtOnce() => Measure(async () =>
    {
        var definition = await Node.RegisterAsync(Graphs.Linear(Steps, "peer")).ConfigureAwait(false);
        var times = await RunManyAsync(Runs, Runs, definition, Payload.Null, Graphs.LinearOutput(Steps)).ConfigureAwait(false);
        Figures["p50"] = times.Median;
        ExpectExecutions(Runs * Steps);
    });
}

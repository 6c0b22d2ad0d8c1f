using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>Many runs at once, and fan-outs over many elements, on a warm node.</summary>
public sealed class WarmSpecs : NodeSpec
{
    private const int Steps = 10;

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "200 runs at once of linear 10")]
    [Spec("warm-200", Group = "warm")]
    [CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("tasks/s", AtLeast = 8_000)]
    public void AtOnce() => Measure(async () =>
    {
        const int Runs = 200;
        var definition = await Node.RegisterAsync(Graphs.Linear(Steps)).ConfigureAwait(false);
        await RunManyAsync(Runs, Runs, definition, Payload.Null, Graphs.LinearOutput(Steps)).ConfigureAwait(false);
        ExpectExecutions(Runs * Steps);
    });

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "for-each over 1,000")]
    [Spec("warm-each-1000", Group = "warm")]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 200)]
    public void Each1000() => Each(10, 1_000);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "for-each over 10,000")]
    [Spec("warm-each-10000", Group = "warm", Quick = false)]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 2_000)]
    public void Each10000() => Each(1, 10_000);

    private void Each(int runs, int elements) => Measure(async () =>
    {
        var definition = await Node.RegisterAsync(Graphs.Each(elements)).ConfigureAwait(false);
        Figures["p50"] = (await RunManyAsync(runs, 1, definition, Payload.Null, Graphs.EachOutput(elements)).ConfigureAwait(false)).Median;
        ExpectExecutions(runs * elements);
    });
}

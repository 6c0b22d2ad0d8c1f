using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>A chain of ten, alone on the node: what a step costs in time, and what it adds to a body that takes some.</summary>
public sealed class LinearSpecs : NodeSpec
{
    private const int Steps = 10;

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "linear 10 echo")]
    [Spec("W1", Group = "workflows")]
    [Figure("p50", "ms"), Figure("p95", "ms", IsTail = true), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 10, Store = "sqlite")]
    public void Echo() => Measure(async () =>
    {
        const int Runs = 50;
        var definition = await Node.RegisterAsync(Graphs.Linear(Steps)).ConfigureAwait(false);
        var times = await RunManyAsync(Runs, 1, definition, Payload.Null, Graphs.LinearOutput(Steps)).ConfigureAwait(false);
        (Figures["p50"], Figures["p95"]) = (times.Median, times.P95);
        ExpectExecutions(Runs * Steps);
    });

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "linear 10 bodies of 10 ms")]
    [Spec("W1-10ms", Group = "workflows")]
    [Figure("p50", "ms"), CounterMeasurement(Tasks)]
    [Bar("p50", AtMost = 115, Store = "sqlite")]
    public void Bodies() => Measure(async () =>
    {
        const int Runs = 5;
        var definition = await Node.RegisterAsync(Graphs.LinearSleeps(Steps, 10)).ConfigureAwait(false);
        var times = await RunManyAsync(Runs, 1, definition, Payload.Null, Graphs.LinearSleepsOutput(Steps)).ConfigureAwait(false);
        Expect(times.Min >= Steps * 10, $"{Steps} bodies of 10 ms took {times.Min:n1} ms.");
        Figures["p50"] = times.Median;
        ExpectExecutions(Runs * Steps);
    });
}

using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>Wide and deep graphs, alone on the node.</summary>
public sealed class LargeShapeSpecs : OrderedSpec
{
    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "a fan of 10 and its join")]
    [Spec("W6-10", Group = "workflows")]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 7, Store = "sqlite")]
    public void Fan10() => Fan(20, 10);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "a fan of 50 and its join")]
    [Spec("W6-50", Group = "workflows")]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 13, Store = "sqlite")]
    public void Fan50() => Fan(10, 50);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "a fan of 100 and its join")]
    [Spec("W6-100", Group = "workflows")]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 20, Store = "sqlite")]
    public void Fan100() => Fan(10, 100);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "a fan of 1,000 and its join")]
    [Spec("W6-1000", Group = "workflows")]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 150, Store = "sqlite")]
    public void Fan1000() => Fan(10, 1_000);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "a chain of 100")]
    [Spec("W7-100", Group = "workflows")]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 80, Store = "sqlite")]
    public void Chain100() => Chain(5, 100);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "a chain of 1,000")]
    [Spec("W7-1000", Group = "workflows", Quick = false)]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 800, Store = "sqlite")]
    public void Chain1000() => Chain(1, 1_000);

    private void Fan(int runs, int branches) => Measure(async () =>
        Figures["p50"] = (await RunInOrderAsync(runs, Shapes.Fan(branches), Payload.Null, Shapes.FanOutput(branches)).ConfigureAwait(false)).Median);

    private void Chain(int runs, int steps) => Measure(async () =>
        Figures["p50"] = (await RunInOrderAsync(runs, Graphs.Linear(steps, "deep"), Payload.Null, Graphs.LinearOutput(steps)).ConfigureAwait(false)).Median);
}

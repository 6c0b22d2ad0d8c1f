using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>One run of ever more independent tasks: what it takes must grow no faster than they do.</summary>
public sealed class ScalabilitySpecs : OrderedSpec
{
    // How many of ten results are stored together is a matter of timing (3 % from run to run): no gate. More tasks even it out.
    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "one run of 10 independent tasks")]
    [Spec("S4-10", Group = "scale")]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Cpu, Allocated(Varies = true), AllocatedPerTask(Varies = true), GcPause]
    [Bar("p50", AtMost = 5, Store = "sqlite")]
    public void Ten() => Run(20, 10);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "one run of 20 independent tasks")]
    [Spec("S4-20", Group = "scale")]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 7, Store = "sqlite")]
    public void Twenty() => Run(20, 20);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "one run of 50 independent tasks")]
    [Spec("S4-50", Group = "scale")]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 12, Store = "sqlite")]
    public void Fifty() => Run(10, 50);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "one run of 100 independent tasks")]
    [Spec("S4-100", Group = "scale")]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 20, Store = "sqlite")]
    public void Hundred() => Run(10, 100);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "one run of 1,000 independent tasks")]
    [Spec("S4-1000", Group = "scale")]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 150, Store = "sqlite")]
    public void Thousand() => Run(10, 1_000);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "one run of 10,000 independent tasks")]
    [Spec("S4-10000", Group = "scale", Quick = false)]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause, ResidentSet(Rss.Peak)]
    [Bar("p50", AtMost = 1_500, Store = "sqlite")]
    public void TenThousand() => Run(1, 10_000);

    private void Run(int runs, int tasks) => Measure(async () =>
    {
        var definition = Graphs.Parallel(tasks, "scale");
        Figures["p50"] = (await RunInOrderAsync(runs, definition, Payload.Null, Outputs(tasks)).ConfigureAwait(false)).Median;
    });

    // Nothing needs any of them, so all of them are the result.
    private static string Outputs(int tasks) => $"{{{string.Join(',', Enumerable.Range(0, tasks).Select(task => $"\"t{task}\":{{\"n\":\"{task}\"}}"))}}}";
}

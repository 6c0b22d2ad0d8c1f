using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>Bodies of 10 ms on a node with 500 slots, in one run.</summary>
public sealed class ConcurrencySpecs : OrderedSpec
{
    private const int Slots = 500;
    private const int Milliseconds = 10;

    /// <inheritdoc/>
    protected override NodeOptions Options { get; } = new(Slots);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "500 concurrent tasks of 10 ms, 500 slots")]
    [Spec("X1-500", Group = "stress")]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 60)]
    public void Few() => Run(5, 500);

    // Ten waves of 10 ms, and what 5,000 tasks may take that have no body (S4).
    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "5,000 concurrent tasks of 10 ms, 500 slots")]
    [Spec("X1-5000", Group = "stress", Quick = false)]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 850)]
    public void Many() => Run(1, 5_000);

    private void Run(int runs, int tasks) => Measure(async () =>
    {
        var times = await RunInOrderAsync(runs, Graphs.ParallelSleeps(tasks, Milliseconds), Payload.Null, output: null).ConfigureAwait(false);
        var (most, waves) = (Node.Log.MostAtOnce(), tasks / Slots);
        Expect(most <= Slots, $"{most} handlers ran at once, though there are {Slots} slots.");
        Expect(times.Min >= waves * Milliseconds, $"{waves} waves of {Milliseconds} ms took {times.Min:n1} ms.");
        Figures["p50"] = times.Median;
    });
}

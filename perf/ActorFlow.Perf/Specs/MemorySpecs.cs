using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>What a run of 1,000 tasks adds to the resident set at its peak, garbage included.</summary>
[OwnProcess(Processes = Rounds)]
public sealed class MemorySpecs : NodeSpec
{
    private const int Steps = 1_000;

    [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true, Description = "a run of 1,000 tasks adds, at its peak")]
    [Spec("S3", Group = "memory", WarmUp = false)]
    [ResidentSet(Rss.Growth), ResidentSet(Rss.Peak), CounterMeasurement(Tasks), Allocated, AllocatedPerTask]
    [Bar("rss growth", AtMost = 20, Store = "sqlite")]
    public void ThousandTasks() => Measure(async () =>
    {
        // The first of its kind in its process: what compiling it costs belongs to the figure.
        var large = Graphs.Linear(Steps, "memory");
        await RunAsync(await Node.RegisterAsync(large).ConfigureAwait(false), Payload.Null, Graphs.LinearOutput(Steps)).ConfigureAwait(false);
        ExpectExecutions(Steps);
    });

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        await base.PrepareAsync().ConfigureAwait(false);
        await Node.OnceAsync("small runs first", async () =>
        {
            var small = await Node.RegisterAsync(Graphs.Linear(10)).ConfigureAwait(false);
            return await RunManyAsync(200, 1, small, Payload.Null).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }
}

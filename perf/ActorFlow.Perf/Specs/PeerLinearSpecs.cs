using ActorFlow.Core.Workflows;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>The chain of ten that peers were measured with: alone, and with many in flight.</summary>
public sealed class PeerLinearSpecs : NodeSpec
{
    private const int Steps = 10;

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "linear 10, 1 in flight")]
    [Spec("P1-1", Group = "peers")]
    [Figure("p50", "ms"), Figure("p95", "ms", IsTail = true), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 5, Store = "sqlite"), Bar("p50", AtMost = 8, Store = "postgres")]
    [Bar("cpu/1000", AtMost = 0.18, Store = "sqlite"), Bar("cpu/1000", AtMost = 0.3, Store = "postgres")]
    public void Alone() => Run(100, 1);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "linear 10, 100 in flight")]
    [Spec("P1-100", Group = "peers")]
    [Figure("p50", "ms"), Figure("p95", "ms", IsTail = true), CounterMeasurement(Workflows), CounterMeasurement(Tasks)]
    [Cpu, Allocated, AllocatedPerTask, GcPause, ResidentSet(Rss.Peak), GcMeasurement(GcMetric.TotalCollections, GcGeneration.Gen2)]
    [Bar("workflows/s", AtLeast = 1_000), Bar("cpu/1000", AtMost = 0.2), Bar("allocated/task", AtMost = 20)]
    public void Hundred() => Run(1_000, 100);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "linear 10, 500 in flight")]
    [Spec("P1-500", Group = "peers", Quick = false)]
    [Figure("p50", "ms"), Figure("p95", "ms", IsTail = true), CounterMeasurement(Workflows), CounterMeasurement(Tasks)]
    [Cpu, Allocated, AllocatedPerTask, GcPause, ResidentSet(Rss.Peak), GcMeasurement(GcMetric.TotalCollections, GcGeneration.Gen2)]
    [Bar("workflows/s", AtLeast = 1_200)]
    public void FiveHundred() => Run(2_000, 500);

    private void Run(int runs, int inFlight) => Measure(async () =>
    {
        var definition = await Node.RegisterAsync(Graphs.Linear(Steps, "peer")).ConfigureAwait(false);
        await Node.OnceAsync("the journal is as it should be", () => CheckJournalAsync(definition)).ConfigureAwait(false);
        Node.Log.Clear();
        var times = await RunManyAsync(runs, inFlight, definition, Payload.Null, Graphs.LinearOutput(Steps)).ConfigureAwait(false);
        (Figures["p50"], Figures["p95"]) = (times.Median, times.P95);
        ExpectExecutions(runs * Steps);
    });

    // One row for the start and one for each result: every step is durable before the next begins.
    private async Task<long> CheckJournalAsync(DefinitionReference definition)
    {
        var id = await Node.Engine.StartAsync(definition, Payload.Null).ConfigureAwait(false);
        await Node.Engine.EndOfAsync(id).ConfigureAwait(false);
        var history = await Node.Engine.HistoryAsync(id).ConfigureAwait(false);
        var completed = history.Rows.SelectMany(row => row.Commits).SelectMany(commit => commit.Events).Count(e => e is WorkflowEvent.TaskExecutionCompleted);
        Expect(history.Rows.Length == Steps + 1 && completed == Steps, $"the journal has {history.Rows.Length} rows with {completed} results for {Steps} steps.");
        return history.Last;
    }
}

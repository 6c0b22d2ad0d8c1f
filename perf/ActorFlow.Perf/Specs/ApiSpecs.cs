using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using ActorFlow.Core.Definitions;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Results;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>Runs that an application starts and waits for through the client library; client, node and worker share the machine.</summary>
public sealed class ApiSpecs : NodeSpec
{
    private WorkflowClient? _client;

    /// <inheritdoc/>
    protected override NodeOptions Options { get; } = new() { Serves = true };

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "through the API: a run of one task, 1 in flight")]
    [Spec("A1", Group = "api")]
    [Figure("p50", "ms"), Figure("p95", "ms", IsTail = true), CounterMeasurement(Tasks), Cpu, AllocatedPerTask(Varies = true)]
    [Bar("p50", AtMost = 6, Store = "sqlite")]
    public void Alone() => Run(runs: 100, inFlight: 1, steps: 1);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "through the API: runs of one task, 100 in flight")]
    [Spec("A2", Group = "api")]
    [Figure("p50", "ms"), CounterMeasurement(Workflows), CounterMeasurement(Tasks), Cpu, AllocatedPerTask(Varies = true), GcPause]
    [Bar("workflows/s", AtLeast = 2_000, Store = "sqlite")]
    public void Hundred() => Run(runs: 1_000, inFlight: 100, steps: 1);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "through the API: linear 10, 100 in flight")]
    [Spec("A3", Group = "api")]
    [Figure("p50", "ms"), CounterMeasurement(Workflows), CounterMeasurement(Tasks), Cpu, AllocatedPerTask(Varies = true), GcPause]
    [Bar("workflows/s", AtLeast = 1_500, Store = "sqlite")]
    public void LinearTen() => Run(runs: 500, inFlight: 100, steps: 10);

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        await base.PrepareAsync().ConfigureAwait(false);
        _client = await Node.OnceAsync("client", () => Task.FromResult(WorkflowClient.Connect(Node.Address))).ConfigureAwait(false);
    }

    private void Run(int runs, int inFlight, int steps) => Measure(async () =>
    {
        var client = _client!;
        var graph = Graphs.Linear(steps, "api");
        await Node.OnceAsync(graph.Name, () => client.Definitions.RegisterAsync(Encoding.UTF8.GetString(DefinitionJson.Write(graph)))).ConfigureAwait(false);
        var (times, left, output) = (new ConcurrentBag<double>(), runs, Graphs.LinearOutput(steps));
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async _ =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var begun = Stopwatch.GetTimestamp();
                var run = await client.StartAsync(graph.Name, Payload.Null).ConfigureAwait(false);
                var result = await run.WaitForResultAsync().ConfigureAwait(false);
                times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                Expect(result.Status == WorkflowStatus.Completed && result.Output!.ToString() == output, $"{run.Id} ended as {result.Status} with {result.Output}.");
                CountWorkflow();
            }
        })).ConfigureAwait(false);
        var all = Statistics.Of([.. times]);
        Figures["p50"] = all.Median;
        if (inFlight == 1)
        {
            Figures["p95"] = all.P95;
        }

        ExpectExecutions(runs * steps);
    });
}

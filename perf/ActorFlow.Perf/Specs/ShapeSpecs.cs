using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Results;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>Small graphs of every shape, alone on the node.</summary>
public sealed class ShapeSpecs : OrderedSpec
{
    private const int Runs = 30;

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "3 tasks, 3 that take two of them each, and their join")]
    [Spec("W3", Group = "workflows")]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 6, Store = "sqlite")]
    public void CrossLinked() => Measure(async () =>
        Figures["p50"] = (await RunInOrderAsync(Runs, Shapes.CrossLinked(), Payload.Null, Shapes.CrossLinkedOutput).ConfigureAwait(false)).Median);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "a choice between two branches, each in turn, and their join")]
    [Spec("W4", Group = "workflows")]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 5, Store = "sqlite")]
    public void Conditional() => Measure(async () =>
    {
        var definition = await Node.RegisterAsync(Shapes.Conditional()).ConfigureAwait(false);
        var times = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            var (size, n) = run % 2 == 0 ? ("large", 11) : ("small", 10);
            // The other branch is not among them: to run is an error.
            var needs = new Dictionary<string, string[]> { ["measure"] = [], [size] = ["measure"], ["done"] = [size] };
            times.Add(await RunInOrderAsync(definition, Payload.From(new { n }), Shapes.ConditionalOutput(size), needs).ConfigureAwait(false));
        }

        Figures["p50"] = Statistics.Of(times).Median;
    });

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "a loop of 5 iterations")]
    [Spec("W5-5", Group = "workflows")]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 6, Store = "sqlite")]
    public void ShortLoop() => Loop(Runs, 5);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "a loop of 1,000 iterations")]
    [Spec("W5-1000", Group = "workflows")]
    [Figure("p50", "ms"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("p50", AtMost = 600, Store = "sqlite")]
    public void LongLoop() => Loop(1, 1_000);

    private void Loop(int runs, int times) => Measure(async () =>
    {
        var definition = await Node.RegisterAsync(Shapes.Repeated(times)).ConfigureAwait(false);
        var needs = Enumerable.Range(0, times).ToDictionary(n => $"loop#{n}", n => n == 0 ? [] : (string[])[$"loop#{n - 1}"], StringComparer.Ordinal);
        var took = new List<double>();
        for (var run = 0; run < runs; run++)
        {
            took.Add(await RunInOrderAsync(definition, Payload.Null, Shapes.RepeatedOutput(times), needs).ConfigureAwait(false));
        }

        Figures["p50"] = Statistics.Of(took).Median;
    });
}

using System.Diagnostics;
using ActorFlow.Core.Workflows;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>Workflows of one task, created and run: the bar is that of P4.</summary>
public sealed class ManyWorkflowsSpecs : NodeSpec
{
    private const int CreatedAtOnce = 200;

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "100 workflows created and run at once, 10 times")]
    [Spec("X2-100", Group = "stress")]
    [CounterMeasurement(Workflows), Cpu, Allocated, AllocatedPerTask, GcPause]
    [Bar("workflows/s", AtLeast = 2_000)]
    public void Hundred() => Measure(async () =>
    {
        const int Times = 10;
        const int AtOnce = 100;
        var definition = await Node.RegisterAsync(Graphs.Linear(1)).ConfigureAwait(false);
        for (var time = 0; time < Times; time++)
        {
            await RunManyAsync(AtOnce, AtOnce, definition, Payload.Null, Graphs.LinearOutput(1)).ConfigureAwait(false);
        }

        ExpectExecutions(Times * AtOnce);
    });

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "10,000 workflows created as fast as that goes, and run meanwhile")]
    [Spec("X2-10000", Group = "stress", Quick = false)]
    [Figure("created", "/s"), Figure("completed", "/s"), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause, ResidentSet(Rss.Peak)]
    [Bar("completed", AtLeast = 2_000)]
    public void TenThousand() => Measure(async () =>
    {
        const int Runs = 10_000;
        var definition = await Node.RegisterAsync(Graphs.Linear(1)).ConfigureAwait(false);
        var begun = Stopwatch.GetTimestamp();
        var ends = new List<Task>(Runs);
        while (ends.Count < Runs)
        {
            var ids = await Node.StartManyAsync(definition, CreatedAtOnce).ConfigureAwait(false);
            ends.AddRange(ids.Select(ExpectEndAsync));
        }

        Figures["created"] = Runs / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        await Task.WhenAll(ends).ConfigureAwait(false);
        Figures["completed"] = Runs / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        ExpectExecutions(Runs);
    });

    private async Task ExpectEndAsync(string id)
    {
        var end = await Node.Engine.EndOfAsync(id).ConfigureAwait(false);
        Expect(end.Outcome == RunOutcome.Completed && end.Output.ToString() == Graphs.LinearOutput(1), $"{id} ended as {end.Outcome} with {end.Output}.");
    }
}

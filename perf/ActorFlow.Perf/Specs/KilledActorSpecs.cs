using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Results;
using ActorFlow.Perf.Running;
using ActorFlow.Runtime.Workflows;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>A run whose actor is killed on the way: it goes on, and what had completed is not run again.</summary>
public sealed class KilledActorSpecs : NodeSpec
{
    private const int Steps = 10;
    private const int Completed = 3;
    private const int Runs = 10;

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "the actor of a run is killed after 3 of 10 tasks; from there to its end")]
    [Spec("C4", Group = "checkpoints")]
    [Figure("from kill to end", "ms"), CounterMeasurement(Tasks), Allocated]
    [Bar("from kill to end", AtMost = 20)]
    public void GoesOn() => Measure(async () =>
    {
        var times = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            Node.Log.Clear();
            times.Add(await KillOnceAsync().ConfigureAwait(false));
        }

        Figures["from kill to end"] = Statistics.Of(times).Median;
    });

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        await base.PrepareAsync().ConfigureAwait(false);
        Node.Log.KeepsEntries = true;
    }

    private async Task<double> KillOnceAsync()
    {
        var workflow = PeerGraphs.LinearHeld(Steps, Completed);
        var definition = await Node.RegisterAsync(workflow).ConfigureAwait(false);
        var id = await Node.Engine.StartAsync(definition, Payload.Null).ConfigureAwait(false);
        // The next one has begun: those before are durably completed.
        var held = await Node.Held.NextAsync().ConfigureAwait(false);
        ExpectExecutions(Completed + 1);
        WorkflowReply.Ended? end = null;
        var took = await TimeAsync(async () =>
        {
            await Node.KillAsync(id).ConfigureAwait(false);
            held.SetResult();
            end = await Node.Engine.EndOfAsync(id).ConfigureAwait(false);
        }).ConfigureAwait(false);
        Expect(end is { Outcome: RunOutcome.Completed } && end.Output.ToString() == Graphs.LinearOutput(Steps), $"the run gave {end?.Output}.");
        Node.Log.Check(workflow.Tasks.ToDictionary(task => task.Id, task => task.Needs.Select(need => need.Task).ToArray()));
        return took;
    }
}

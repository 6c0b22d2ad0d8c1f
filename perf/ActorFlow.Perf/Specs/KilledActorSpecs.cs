using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Results;
using ActorFlow.Perf.Running;
using ActorFlow.Runtime.Workflows;
using ActorFlow.TestSupport;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>A run whose actor is killed on the way: it goes on, and what had completed is not run again.</summary>
public sealed class KilledActorSpecs : NodeSpec
{
    private const int Steps = 10;
    private const int Completed = 3;

    private static readonly HoldHandler Held = new();
    private static readonly ImmutableDictionary<string, ITaskHandler> Handlers = ImmutableDictionary<string, ITaskHandler>.Empty.Add("hold", Held);

    /// <inheritdoc/>
    protected override NodeOptions Options { get; } = new() { Handlers = Handlers };

    // How often the run is asked before it is killed depends on timing, so what is allocated does (13 % from run to run): no gate.
    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "a run's actor is killed after 3 of 10 tasks; from there to its end")]
    [Spec("C4", Group = "checkpoints")]
    [Figure("from kill to end", "ms"), CounterMeasurement(Tasks), Allocated(Varies = true)]
    [Bar("from kill to end", AtMost = 20, Store = "sqlite")]
    public void Waiting() => Run(10, KillWaitingAsync);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "the same, with the body of the fourth under way")]
    [Spec("C4-busy", Group = "checkpoints")]
    [Figure("from kill to end", "ms"), CounterMeasurement(Tasks), Allocated(Varies = true)]
    [Bar("from kill to end", AtMost = 20, Store = "sqlite")]
    public void Busy() => Run(10, KillBusyAsync);

    /// <inheritdoc/>
    protected override async Task PrepareAsync()
    {
        await base.PrepareAsync().ConfigureAwait(false);
        Node.Log.KeepsEntries = true;
    }

    private void Run(int runs, Func<Task<double>> killOne) => Measure(async () =>
    {
        var times = new List<double>();
        for (var run = 0; run < runs; run++)
        {
            Node.Log.Clear();
            times.Add(await killOne().ConfigureAwait(false));
            ExpectExecutions(Steps);
        }

        Figures["from kill to end"] = Statistics.Of(times).Median;
    });

    private async Task<double> KillWaitingAsync()
    {
        var workflow = PeerGraphs.LinearWaiting(Steps, Completed);
        var id = await StartAsync(workflow).ConfigureAwait(false);
        await Eventually.HoldsAsync(
            async () => await Node.Engine.StatusOfAsync(id).ConfigureAwait(false) is WorkflowReply.Status { Progress.Settled: Completed },
            "some tasks are completed").ConfigureAwait(false);
        ExpectExecutions(Completed);
        return await KillAsync(id, workflow, () => Node.Engine.SignalAsync(id, "go", Payload.Null)).ConfigureAwait(false);
    }

    private async Task<double> KillBusyAsync()
    {
        var workflow = PeerGraphs.LinearHeld(Steps, Completed);
        var id = await StartAsync(workflow).ConfigureAwait(false);
        // The next one has begun: those before are durably completed.
        var held = await Held.NextAsync().ConfigureAwait(false);
        ExpectExecutions(Completed + 1);
        return await KillAsync(id, workflow, () =>
        {
            held.SetResult();
            return Task.CompletedTask;
        }).ConfigureAwait(false);
    }

    private async Task<string> StartAsync(WorkflowDefinition workflow) =>
        await Node.Engine.StartAsync(await Node.RegisterAsync(workflow).ConfigureAwait(false), Payload.Null).ConfigureAwait(false);

    private async Task<double> KillAsync(string id, WorkflowDefinition workflow, Func<Task> goOn)
    {
        WorkflowReply.Ended? end = null;
        var took = await TimeAsync(async () =>
        {
            await Node.KillAsync(id).ConfigureAwait(false);
            await goOn().ConfigureAwait(false);
            end = await Node.Engine.EndOfAsync(id).ConfigureAwait(false);
        }).ConfigureAwait(false);
        Expect(end is { Outcome: RunOutcome.Completed } && end.Output.ToString() == Graphs.LinearOutput(Steps), $"the run gave {end?.Output}.");
        Node.Log.Check(workflow.Tasks.Where(task => task.Kind is TaskKind.Uses).ToDictionary(task => task.Id, task => NeedsOf(task)));
        return took;
    }

    private static string[] NeedsOf(TaskDefinition task) => [.. task.Needs.Select(need => need.Task).Where(need => need != PeerGraphs.Wait)];
}

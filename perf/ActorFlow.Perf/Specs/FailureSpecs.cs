using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>Tasks that fail before they succeed, alone and together with everything else.</summary>
public sealed class FailureSpecs : NodeSpec
{
    private const int Failing = 1_000;
    private const int Branches = 50;
    private const int Runs = 200;

    private static readonly ImmutableDictionary<string, ITaskHandler> Handlers = ImmutableDictionary<string, ITaskHandler>.Empty.Add("flaky", new FlakyHandler());
    private static readonly int[] Always = FailureScripts.Draw(Failing, 1, 3);
    private static readonly int[] Sometimes = FailureScripts.Draw(Branches, 0, 2);

    /// <inheritdoc/>
    protected override NodeOptions Options { get; } = new() { Handlers = Handlers };

    // How many retries fall due together, and are stored together, is a matter of timing (4 % from run to run): no gate.
    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "1,000 tasks that fail 1 to 3 times first all complete, none by an attempt more than its script asks for")]
    [Spec("X6", Group = "stress")]
    [Figure("completed", "%"), Figure("attempts over", ""), CounterMeasurement(Tasks), Cpu, Allocated(Varies = true), AllocatedPerTask(Varies = true), GcPause]
    [Bar("completed", AtLeast = 100), Bar("attempts over", AtMost = 0)]
    public void Recovery() => Measure(async () =>
    {
        Node.Log.KeepsEntries = true;
        var definition = await Node.RegisterAsync(FailureScripts.Independent(Always)).ConfigureAwait(false);
        await RunAsync(definition, Payload.Null, FailureScripts.IndependentOutput(Always)).ConfigureAwait(false);
        ExpectExecutions(Failing + Always.Sum());
        var attempts = Node.Log.Executions();
        Figures["completed"] = attempts.Count * 100.0 / Failing;
        Figures["attempts over"] = Always.Select((failures, task) => Math.Max(0, attempts[$"t{task}"] - failures - 1)).Sum();
    });

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "200 runs at once of 50 branches with retries, checkpoints and a signal, and their join")]
    [Spec("X7", Group = "stress")]
    [Figure("dead letters", ""), CounterMeasurement(Tasks), Cpu, Allocated, AllocatedPerTask, GcPause, ResidentSet(Rss.Peak)]
    [Bar("dead letters", AtMost = 0)]
    public void Everything() => Measure(async () =>
    {
        var watch = new DeadLetterWatch(Node.ActorSystem);
        await using var closing = watch.ConfigureAwait(false);
        var definition = await Node.RegisterAsync(FailureScripts.Stress(Sometimes)).ConfigureAwait(false);
        var all = Task.WhenAll(Enumerable.Range(0, Runs).Select(run => RunSignalledAsync(definition, run)));
        // Where a run went wrong, a message that found nobody may say why: they come first.
        if (await Task.WhenAny(all).ConfigureAwait(false) is { IsCompletedSuccessfully: true })
        {
            await Node.UntilParkedAsync().ConfigureAwait(false);
        }

        var letters = await watch.SeenAsync().ConfigureAwait(false);
        Expect(letters.Count == 0, $"{letters.Count:n0} dead letters: {string.Join("; ", letters.Take(5))} {all.Exception?.InnerException?.Message}");
        await all.ConfigureAwait(false);
        ExpectExecutions(Runs * (Branches + Sometimes.Sum() + 1));
        Figures["dead letters"] = letters.Count;
    });

    private async Task RunSignalledAsync(DefinitionReference definition, int run)
    {
        var id = await Node.Engine.StartAsync(definition, Payload.Null).ConfigureAwait(false);
        await Node.Engine.SignalAsync(id, "go", Payload.From(new { n = run })).ConfigureAwait(false);
        var end = await Node.Engine.EndOfAsync(id).ConfigureAwait(false);
        Expect(end.Outcome == RunOutcome.Completed && end.Output.ToString() == FailureScripts.StressOutput(Sometimes, run), $"{id} ended as {end.Outcome} with {end.Output}.");
        var named = (await Node.Engine.CheckpointsAsync(id).ConfigureAwait(false)).Count(checkpoint => checkpoint.Name is not null);
        Expect(named == Branches / 10, $"{id} has {named} named checkpoints instead of {Branches / 10}.");
    }
}

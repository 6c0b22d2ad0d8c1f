using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Results;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>What checkpoints add to a run whose bodies take some time.</summary>
public sealed class OverheadSpecs : NodeSpec
{
    private const int Steps = 10;
    private const int Runs = 7;
    private const int Never = 1_000_000;

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "checkpoints add to linear 10 with bodies of 10 ms")]
    [Spec("C3", Group = "checkpoints", Quick = false)]
    [Figure("without", "ms"), Figure("overhead every 10", "%"), Figure("overhead every event", "%"), CounterMeasurement(Tasks)]
    [Bar("overhead every 10", AtMost = 5, Store = "sqlite"), Bar("overhead every event", AtMost = 5, Store = "sqlite")]
    public void Overhead() => Measure(async () =>
    {
        int[] ways = [Never, 10, 1];
        await Node.OnceAsync("checkpoints are taken", CheckAsync).ConfigureAwait(false);
        Node.Log.Clear();
        var times = ways.ToDictionary(every => every, _ => new List<double>());
        // By turns, so that whatever else goes on meets all of them.
        for (var run = 0; run < Runs * ways.Length; run++)
        {
            var every = ways[run % ways.Length];
            var definition = await Node.RegisterAsync(Graphs.LinearSleeps(Steps, 10, every)).ConfigureAwait(false);
            times[every].Add((await RunAsync(definition, Payload.Null, Graphs.LinearSleepsOutput(Steps)).ConfigureAwait(false)).TotalMilliseconds);
        }

        var medians = times.ToDictionary(one => one.Key, one => Statistics.Of(one.Value).Median);
        Figures["without"] = medians[Never];
        Figures["overhead every 10"] = ((medians[10] / medians[Never]) - 1) * 100;
        Figures["overhead every event"] = ((medians[1] / medians[Never]) - 1) * 100;
        ExpectExecutions(ways.Length * Runs * Steps);
    });

    /// <summary>That each way takes as many as it says; they are all kept here, where otherwise the last few are.</summary>
    private async Task<int> CheckAsync()
    {
        var never = await TakenAsync(Never).ConfigureAwait(false);
        var tenth = await TakenAsync(10).ConfigureAwait(false);
        var every = await TakenAsync(1).ConfigureAwait(false);
        Expect(never == 0, $"{never} checkpoints were taken where none was to be.");
        Expect(tenth > 0 && every >= Steps && every > tenth, $"{tenth} checkpoints were taken every 10 events, {every} at every event.");
        return every;
    }

    private async Task<int> TakenAsync(int every)
    {
        var definition = Graphs.LinearSleeps(Steps, 10, every) with { Name = $"kept-{every}", CheckpointKeep = 100 };
        var id = await Node.Engine.StartAsync(await Node.RegisterAsync(definition).ConfigureAwait(false), Payload.Null).ConfigureAwait(false);
        await Node.Engine.EndOfAsync(id).ConfigureAwait(false);
        return (await Node.Engine.CheckpointsAsync(id).ConfigureAwait(false)).Length;
    }
}

using System.Text;
using ActorFlow.Core.Definitions;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>Watches that are open through the API while nothing happens. Their client is in the same process, so its part is counted too.</summary>
[OwnProcess(Processes = Rounds)]
public sealed class ApiWatchSpecs : NodeSpec
{
    private const int Watches = 1_000;

    /// <inheritdoc/>
    protected override NodeOptions Options { get; } = new() { Serves = true };

    [PerfBenchmark(NumberOfIterations = 1, SkipWarmups = true, Description = "through the API: 1,000 open watches")]
    [Spec("A4", Group = "api", WarmUp = false, Quick = false, TimeoutSeconds = 300)]
    [Figure("held by all", "MB"), Figure("rss growth", "MB"), Figure("idle cpu", "%")]
    [Bar("held by all", AtMost = 100), Bar("idle cpu", AtMost = 2)]
    public void OpenWatches() => Measure(async () =>
    {
        using var client = WorkflowClient.Connect(Node.Address);
        await client.Definitions.RegisterAsync(Encoding.UTF8.GetString(DefinitionJson.Write(Graphs.SignalWait()))).ConfigureAwait(false);
        var runs = await Task.WhenAll(Enumerable.Range(0, Watches).Select(_ => client.StartAsync(Graphs.SignalWait().Name))).ConfigureAwait(false);
        // The first watches of a process bring code into memory that the others share.
        await using var first = await WatchAsync(runs[0]).ConfigureAwait(false);
        var (before, resident) = (HeldMemory.Now(), ResidentSet.Now);
        var watches = await Task.WhenAll(runs.Select(WatchAsync)).ConfigureAwait(false);
        Figures["held by all"] = (HeldMemory.Now() - before) / 1024.0 / 1024.0;
        Figures["rss growth"] = (ResidentSet.Now - resident) / 1024.0 / 1024.0;
        Figures["idle cpu"] = await IdleProcessor.ShareAsync().ConfigureAwait(false);
        await Task.WhenAll(runs.Select(run => run.SignalAsync("go"))).ConfigureAwait(false);
        var ends = await Task.WhenAll(watches.Select(ToEndAsync)).ConfigureAwait(false);
        Expect(ends.All(end => end == "run-completed"), $"{ends.Count(end => end != "run-completed")} watches did not see the end of their run.");
    });

    /// <summary>A watch that has told its first event.</summary>
    private static async Task<IAsyncEnumerator<HistoryEvent>> WatchAsync(WorkflowHandle run)
    {
        var watch = run.WatchAsync().GetAsyncEnumerator();
        Expect(await watch.MoveNextAsync().ConfigureAwait(false), $"the watch of {run.Id} told nothing.");
        return watch;
    }

    private static async Task<string> ToEndAsync(IAsyncEnumerator<HistoryEvent> watch)
    {
        await using var disposal = watch.ConfigureAwait(false);
        var last = watch.Current.Event;
        while (await watch.MoveNextAsync().ConfigureAwait(false))
        {
            last = watch.Current.Event;
        }

        return last;
    }
}

using System.Diagnostics;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Running;
using ActorFlow.Testing;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>A node that is killed in full work, and started again.</summary>
public sealed class PeerCrashSpecs : PerfSpec
{
    private const int Runs = 200;
    private const int Steps = 10;
    private const int Milliseconds = 10;
    private const int DoneAtLeast = 400;

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "kill -9 with 200 runs of 10 steps of 10 ms in flight, restart to all complete")]
    [Spec("P6", Group = "peers", WarmUp = false, Quick = false, Durable = true)]
    [Figure("restart", "s"), Figure("run twice", "tasks"), Figure("in flight", "runs")]
    [Bar("restart", AtMost = 3), Bar("run twice", AtMost = 100)]
    public void Killed() => Measure(async () =>
    {
        var storage = await SpecRun.Current.Session.Database.CreateAsync().ConfigureAwait(false);
        await using var removal = storage.ConfigureAwait(false);
        var file = Path.GetTempFileName();
        try
        {
            var order = new NodeOrder(storage, file, Runs, Steps, Milliseconds, Starts: true);
            var before = await StartAndKillAsync(order).ConfigureAwait(false);
            Figures["in flight"] = Runs - before.Ended.Count(one => one.Task == $"t{Steps - 1}");
            await RestartAsync(order with { Starts = false }).ConfigureAwait(false);
            Check(before, FiledExecutions.Read(file));
        }
        finally
        {
            File.Delete(file);
        }
    });

    private static async Task<FiledExecutions> StartAndKillAsync(NodeOrder order)
    {
        using var node = await NodeProcess.StartAsync(order).ConfigureAwait(false);
        await node.SaysAsync(NodeProgram.Accepted).ConfigureAwait(false);
        await Eventually.HoldsAsync(() => FiledExecutions.Read(order.Executions).Ended.Count >= DoneAtLeast, "some steps are done").ConfigureAwait(false);
        node.Kill();
        return FiledExecutions.Read(order.Executions);
    }

    private static async Task RestartAsync(NodeOrder order)
    {
        var begun = Stopwatch.GetTimestamp();
        using var node = await NodeProcess.StartAsync(order).ConfigureAwait(false);
        await node.SaysAsync(NodeProgram.Complete).ConfigureAwait(false);
        Figures["restart"] = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        await node.EndAsync().ConfigureAwait(false);
    }

    private static void Check(FiledExecutions before, FiledExecutions after)
    {
        const int Tasks = Runs * Steps;
        Expect(before.Ended.Count < Tasks * 9 / 10, $"{before.Ended.Count:n0} of {Tasks:n0} tasks had run when the node was killed: too late.");
        Expect(after.Ended.Count == Tasks, $"{Tasks - after.Ended.Count:n0} of {Tasks:n0} tasks are lost.");
        Expect(after.Began.Values.All(times => times <= 2), "a task ran more than twice, and the node was killed only once.");
        Figures["run twice"] = after.Repeated;
    }
}

using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Nodes;
using ActorFlow.Perf.Running;
using ActorFlow.Runtime.Hosting;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Hosting;
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
    public void Everything() => Measure(async () =>
    {
        var storage = await SpecRun.Current.Session.Database.CreateAsync().ConfigureAwait(false);
        await using var removal = storage.ConfigureAwait(false);
        using var files = new ExecutionFiles(1);
        await KillAndRestartAsync(Order(storage, files.Paths[0], NodeWork.Start), files).ConfigureAwait(false);
    });

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "kill -9 of the node of 200 runs of 10 steps of 10 ms, while two worker nodes live on; restart to all complete")]
    [Spec("P6-workers", Group = "peers", WarmUp = false, Quick = false, Durable = true)]
    [Figure("restart", "s"), Figure("run twice", "tasks"), Figure("in flight", "runs")]
    [Bar("run twice", AtMost = 0)]
    public void WorkersLiveOn() => Measure(async () =>
    {
        var storage = await SpecRun.Current.Session.Database.CreateAsync().ConfigureAwait(false);
        await using var removal = storage.ConfigureAwait(false);
        using var files = new ExecutionFiles(2);
        ImmutableArray<int> ports = [LoopbackPort.Free(), LoopbackPort.Free(), LoopbackPort.Free()];
        using var first = await ServeAsync(files.Paths[0], new(ClusterOptions.WorkerRole, ports[1], ports)).ConfigureAwait(false);
        using var second = await ServeAsync(files.Paths[1], new(ClusterOptions.WorkerRole, ports[2], ports)).ConfigureAwait(false);
        var order = Order(storage, "", NodeWork.Start) with { Place = new(ClusterOptions.WorkflowRole, ports[0], ports) };
        await KillAndRestartAsync(order, files).ConfigureAwait(false);
        foreach (var worker in (NodeProcess[])[first, second])
        {
            await worker.SaysAsync(NodeProgram.Ready).ConfigureAwait(false);
        }
    });

    private static NodeOrder Order(NodeStorage storage, string file, NodeWork work) => new(storage, file, Runs, Steps, Milliseconds, work);

    private static Task<NodeProcess> ServeAsync(string file, NodePlace place) =>
        NodeProcess.StartAsync(Order(NodeStorage.InMemory(), file, NodeWork.Serve) with { Place = place });

    private static async Task KillAndRestartAsync(NodeOrder order, ExecutionFiles files)
    {
        var before = await StartAndKillAsync(order, files).ConfigureAwait(false);
        Figures["in flight"] = Runs - before.Ended.Count(one => one.Task == $"t{Steps - 1}");
        await RestartAsync(order with { Work = NodeWork.Complete }).ConfigureAwait(false);
        Check(before, files.Read());
    }

    private static async Task<FiledExecutions> StartAndKillAsync(NodeOrder order, ExecutionFiles files)
    {
        using var node = await NodeProcess.StartAsync(order).ConfigureAwait(false);
        await node.SaysAsync(NodeProgram.Accepted).ConfigureAwait(false);
        await Eventually.HoldsAsync(() => files.Read().Ended.Count >= DoneAtLeast, "some steps are done").ConfigureAwait(false);
        node.Kill();
        return files.Read();
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

    /// <summary>The execution files of some nodes; removed at the end.</summary>
    private sealed class ExecutionFiles : IDisposable
    {
        private readonly TemporaryDirectory _directory = new();

        public ExecutionFiles(int count) =>
            Paths = [.. Enumerable.Range(1, count).Select(number => Path.Combine(_directory.Path, string.Create(CultureInfo.InvariantCulture, $"executions-{number}")))];

        public ImmutableArray<string> Paths { get; }

        public FiledExecutions Read() => FiledExecutions.Read(Paths);

        public void Dispose() => _directory.Dispose();
    }
}

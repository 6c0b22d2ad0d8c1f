using System.Security.Cryptography;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;
using ActorFlow.Perf.Measurements;
using ActorFlow.Perf.Results;
using ActorFlow.Perf.Running;
using NBench;

namespace ActorFlow.Perf.Specs;

/// <summary>Taking, loading and listing checkpoints, by size and number, and what they add to a run.</summary>
public sealed class CheckpointSpecs : NodeSpec
{
    private const int Samples = 20;
    private const int Kept = 1_000;

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "create and load a checkpoint of 0.4 KB")]
    [Spec("C1", Group = "checkpoints")]
    [Figure("create", "ms"), Figure("load", "ms"), Allocated]
    [Bar("create", AtMost = 1), Bar("load", AtMost = 1)]
    public void Small() => CreateAndLoad(0, 0);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "create and load a checkpoint of 100 KB")]
    [Spec("C5-100KB", Group = "checkpoints")]
    [Figure("create", "ms"), Figure("load", "ms"), Allocated]
    [Bar("create", AtMost = 5), Bar("load", AtMost = 5)]
    public void Medium() => CreateAndLoad(20, 5_000);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "create and load a checkpoint of 1 MB")]
    [Spec("C5-1MB", Group = "checkpoints")]
    [Figure("create", "ms"), Figure("load", "ms"), Allocated]
    [Bar("create", AtMost = 25), Bar("load", AtMost = 25)]
    public void Large() => CreateAndLoad(50, 20_000);

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "list 1,000 checkpoints of one run, all kept")]
    [Spec("C6-list", Group = "checkpoints")]
    [Figure("list", "ms"), Allocated]
    [Bar("list", AtMost = 1_000)]
    public void List() => Measure(async () =>
    {
        var id = await Node.OnceAsync("run with checkpoints", KeepManyAsync).ConfigureAwait(false);
        Figures["list"] = await TimeAsync(async () =>
        {
            var kept = (await Node.Engine.CheckpointsAsync(id).ConfigureAwait(false)).Count(checkpoint => checkpoint is { Name: not null, Bytes: > 0 });
            Expect(kept == Kept, $"{kept} checkpoints are kept instead of {Kept}.");
        }).ConfigureAwait(false);
    });

    [PerfBenchmark(NumberOfIterations = Rounds, SkipWarmups = true, Description = "a checkpoint at every event adds to a run of 10 x 10 ms")]
    [Spec("C3", Group = "checkpoints")]
    [Figure("overhead", "%"), CounterMeasurement(Tasks)]
    [Bar("overhead", AtMost = 5)]
    public void EveryEvent() => Measure(async () =>
    {
        const int Runs = 10;
        var plain = await Node.RegisterAsync(Graphs.LinearSleeps(10, 10)).ConfigureAwait(false);
        var every = await Node.RegisterAsync(Graphs.LinearSleeps(10, 10, checkpointEvery: 1)).ConfigureAwait(false);
        var (with, without) = (0.0, 0.0);
        for (var i = 0; i < Runs; i++)
        {
            without += (await RunAsync(plain, Payload.Null).ConfigureAwait(false)).TotalMilliseconds;
            with += (await RunAsync(every, Payload.Null).ConfigureAwait(false)).TotalMilliseconds;
        }

        Figures["overhead"] = ((with / without) - 1) * 100;
        ExpectExecutions(2 * Runs * 10);
    });

    private void CreateAndLoad(int parts, int bytes) => Measure(async () =>
    {
        var definition = await Node.RegisterAsync(Holding(parts)).ConfigureAwait(false);
        // Text that does not compress to nothing.
        var input = Payload.From(new { parts = Enumerable.Range(0, parts).Select(_ => Convert.ToHexString(RandomNumberGenerator.GetBytes(bytes / 2))) });
        var id = await Node.Engine.StartAsync(definition, input).ConfigureAwait(false);
        var (create, load) = (new List<double>(), new List<double>());
        for (var sample = 0; sample < Samples; sample++)
        {
            create.Add(await TimeAsync(() => Node.Engine.TakeCheckpointAsync(id, $"{sample}")).ConfigureAwait(false));
            load.Add(await TimeAsync(() => Node.Engine.CheckpointAsync(id, $"{sample}")).ConfigureAwait(false));
        }

        var kept = (await Node.Engine.CheckpointsAsync(id).ConfigureAwait(false)).Count(checkpoint => checkpoint.Name is not null);
        Expect(kept == Samples, $"{kept} checkpoints are kept instead of {Samples}.");
        await Node.Engine.TerminateAsync(id, "measured").ConfigureAwait(false);
        (Figures["create"], Figures["load"]) = (Statistics.Of(create).Median, Statistics.Of(load).Median);
    });

    private async Task<string> KeepManyAsync()
    {
        var definition = await Node.RegisterAsync(Holding(0)).ConfigureAwait(false);
        var id = await Node.Engine.StartAsync(definition, Payload.Null).ConfigureAwait(false);
        for (var i = 0; i < Kept; i++)
        {
            await Node.Engine.TakeCheckpointAsync(id, $"c{i}").ConfigureAwait(false);
        }

        return id;
    }

    private static WorkflowDefinition Holding(int parts) => new()
    {
        Name = $"holding-{parts}",
        Tasks =
        [
            .. Enumerable.Range(0, parts).Select(part => new TaskDefinition
            {
                Id = $"p{part}",
                Kind = new TaskKind.Set(Payload.From(new { v = $"${{{{ input.parts[{part}] }}}}" })),
            }),
            .. Graphs.SignalWait().Tasks,
        ],
    };
}

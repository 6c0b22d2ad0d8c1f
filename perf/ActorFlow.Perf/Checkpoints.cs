using System.Collections.Immutable;
using System.Diagnostics;
using System.Security.Cryptography;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;
using ActorFlow.Runtime.Workflows;

namespace ActorFlow.Perf;

/// <summary>Taking, loading and listing checkpoints, and recovering from one.</summary>
internal static class Checkpoints
{
    private const int Rounds = 5;
    private const int Samples = 20;

    /// <summary>Measures.</summary>
    public static async IAsyncEnumerable<Measured> MeasureAsync()
    {
        await using var node = await EmbeddedNode.StartAsync().ConfigureAwait(false);
        foreach (var (size, parts, bytes, limit) in new[] { ("0.4 KB", 0, 0, 1.0), ("100 KB", 20, 5_000, 5.0), ("1 MB", 50, 20_000, 25.0) })
        {
            var (create, load) = await CreateAndLoadAsync(node, parts, bytes).ConfigureAwait(false);
            yield return new(new($"create a checkpoint of {size}", "ms", limit), create);
            yield return new(new($"load a checkpoint of {size}", "ms", limit), load);
        }

        yield return await ListAsync(node).ConfigureAwait(false);
        yield return await EveryEventAsync(node).ConfigureAwait(false);
        yield return await RecoverAsync().ConfigureAwait(false);
    }

    private static async Task<(IReadOnlyList<double> Create, IReadOnlyList<double> Load)> CreateAndLoadAsync(EmbeddedNode node, int parts, int bytes)
    {
        var definition = await node.Engine.RegisterAsync(Holding(parts)).ConfigureAwait(false);
        // Text that does not compress to nothing.
        var input = Payload.From(new { parts = Enumerable.Range(0, parts).Select(_ => Convert.ToHexString(RandomNumberGenerator.GetBytes(bytes / 2))) });
        var id = await node.Engine.StartAsync(definition, input).ConfigureAwait(false);
        var (create, load) = (new List<double>(), new List<double>());
        for (var round = 0; round <= Rounds; round++)
        {
            var (creates, loads) = (new List<double>(), new List<double>());
            for (var sample = 0; sample < Samples; sample++)
            {
                var name = $"{round}-{sample}";
                creates.Add(await TimeAsync(() => node.Engine.TakeCheckpointAsync(id, name)).ConfigureAwait(false));
                loads.Add(await TimeAsync(() => node.Engine.CheckpointAsync(id, name)).ConfigureAwait(false));
            }

            if (round > 0)
            {
                create.Add(creates.Order().ElementAt(Samples / 2));
                load.Add(loads.Order().ElementAt(Samples / 2));
            }
        }

        await node.Engine.TerminateAsync(id, "measured").ConfigureAwait(false);
        return (create, load);
    }

    private static async Task<Measured> ListAsync(EmbeddedNode node)
    {
        const int Count = 1_000;
        var definition = await node.Engine.RegisterAsync(Holding(0)).ConfigureAwait(false);
        var id = await node.Engine.StartAsync(definition, Payload.Null).ConfigureAwait(false);
        for (var i = 0; i < Count; i++)
        {
            await node.Engine.TakeCheckpointAsync(id, $"c{i}").ConfigureAwait(false);
        }

        var values = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            ImmutableArray<ListedCheckpoint> all = [];
            values.Add(await TimeAsync(async () => all = await node.Engine.CheckpointsAsync(id).ConfigureAwait(false)).ConfigureAwait(false));
            var kept = all.Count(checkpoint => checkpoint is { Name: not null, Bytes: > 0 });
            if (kept != Count)
            {
                throw new InvalidOperationException($"{kept} checkpoints are kept instead of {Count}.");
            }
        }

        await node.Engine.TerminateAsync(id, "measured").ConfigureAwait(false);
        return new(new("list 1,000 checkpoints of one run, all kept", "ms", 1_000), values);
    }

    private static async Task<Measured> EveryEventAsync(EmbeddedNode node)
    {
        var plain = await node.Engine.RegisterAsync(Sleeps(100)).ConfigureAwait(false);
        var every = await node.Engine.RegisterAsync(Sleeps(1)).ConfigureAwait(false);
        var values = new List<double>();
        for (var round = 0; round <= Rounds; round++)
        {
            var (with, without) = (0.0, 0.0);
            for (var i = 0; i < 10; i++)
            {
                without += (await node.RunAsync(plain, Payload.Null).ConfigureAwait(false)).TotalMilliseconds;
                with += (await node.RunAsync(every, Payload.Null).ConfigureAwait(false)).TotalMilliseconds;
            }

            if (round > 0)
            {
                values.Add(((with / without) - 1) * 100);
            }
        }

        return new(new("a checkpoint at every event adds to a run of 10 x 10 ms", "%", 5), values);
    }

    private static async Task<Measured> RecoverAsync()
    {
        const int Iterations = 10_000;
        await using var node = await EmbeddedNode.StartAsync(passivateAfter: TimeSpan.FromMilliseconds(50)).ConfigureAwait(false);
        var definition = await node.Engine.RegisterAsync(new()
        {
            Name = "loop-then-wait",
            Tasks =
            [
                new TaskDefinition { Id = "loop", Kind = new TaskKind.Set(Payload.From(new { n = "${{ iteration }}" })), Repeat = new("true", false, Iterations), OnError = ErrorPolicy.Continue },
                new TaskDefinition { Id = "wait", Kind = new TaskKind.Signal("go", null), Needs = [new("loop", null)] },
            ],
        }).ConfigureAwait(false);
        var id = await node.Engine.StartAsync(definition, Payload.Null).ConfigureAwait(false);
        while ((await node.Engine.StatusOfAsync(id).ConfigureAwait(false)) is WorkflowReply.Status { Progress.Settled: 0 })
        {
        }

        var values = new List<double>();
        for (var round = 0; round <= Rounds; round++)
        {
            await node.UntilParkedAsync().ConfigureAwait(false);
            var took = await TimeAsync(() => node.Engine.StatusOfAsync(id)).ConfigureAwait(false);
            if (round > 0)
            {
                values.Add(took);
            }
        }

        return new(new("recover a run of 10,000 events from its checkpoint", "ms", 30), values);
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
            new TaskDefinition { Id = "wait", Kind = new TaskKind.Signal("go", null) },
        ],
    };

    private static WorkflowDefinition Sleeps(int every) => new()
    {
        Name = $"sleeps-{every}",
        CheckpointEvery = every,
        Tasks =
        [
            .. Enumerable.Range(0, 10).Select(step => new TaskDefinition
            {
                Id = $"t{step}",
                Kind = new TaskKind.Uses("sleep", Payload.From(new Dictionary<string, string> { ["for"] = "10ms" })),
                Needs = step == 0 ? [] : [new($"t{step - 1}", null)],
            }),
        ],
    };

    private static async Task<double> TimeAsync(Func<Task> what)
    {
        var begun = Stopwatch.GetTimestamp();
        await what().ConfigureAwait(false);
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }
}

using System.Diagnostics;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Perf;

/// <summary>Chains and fan-outs of <c>echo</c> on a warm node.</summary>
internal static class WarmRuns
{
    private const int Rounds = 5;
    private const int RunsAtOnce = 200;
    private const int Steps = 10;

    /// <summary>Measures.</summary>
    public static async IAsyncEnumerable<Measured> MeasureAsync()
    {
        await using var node = await EmbeddedNode.StartAsync().ConfigureAwait(false);
        var linear = await node.Engine.RegisterAsync(Linear(Steps)).ConfigureAwait(false);
        await WarmUpAsync(node, linear).ConfigureAwait(false);

        yield return new(new("linear 10 echo, alone", "ms", 6), await RepeatAsync(async () =>
        {
            var times = new List<double>();
            for (var i = 0; i < 50; i++)
            {
                times.Add((await CheckedAsync(node, Steps, () => node.RunAsync(linear, Payload.Null)).ConfigureAwait(false)).TotalMilliseconds);
            }

            return times.Order().ElementAt(times.Count / 2);
        }).ConfigureAwait(false));

        yield return new(new("200 runs at once of linear 10", "tasks/s", 8_000, MoreIsBetter: true), await RepeatAsync(async () =>
        {
            var took = await CheckedAsync(node, RunsAtOnce * Steps, () => AtOnceAsync(node, linear)).ConfigureAwait(false);
            return RunsAtOnce * Steps / took.TotalSeconds;
        }).ConfigureAwait(false));

        foreach (var (elements, limit) in new[] { (1_000, 200.0), (10_000, 2_000.0) })
        {
            var fan = await node.Engine.RegisterAsync(Fan(elements)).ConfigureAwait(false);
            yield return new(new($"for-each over {elements:n0}", "ms", limit), await RepeatAsync(async () =>
                (await CheckedAsync(node, elements, () => node.RunAsync(fan, Payload.Null)).ConfigureAwait(false)).TotalMilliseconds)
                .ConfigureAwait(false));
        }
    }

    /// <summary>A chain, each task passing on what the one before gave.</summary>
    public static WorkflowDefinition Linear(int steps) => new()
    {
        Name = $"linear-{steps}",
        Tasks =
        [
            .. Enumerable.Range(0, steps).Select(step => new TaskDefinition
            {
                Id = $"t{step}",
                Kind = new TaskKind.Uses("echo", Payload.From(new { n = step == 0 ? "0" : $"${{{{ tasks.t{step - 1}.output.n }}}}" })),
                Needs = step == 0 ? [] : [new($"t{step - 1}", null)],
            }),
        ],
    };

    /// <summary>A fan-out over numbers.</summary>
    public static WorkflowDefinition Fan(int elements) => new()
    {
        Name = $"fan-{elements}",
        Tasks =
        [
            new TaskDefinition
            {
                Id = "each",
                ForEach = Payload.From(Enumerable.Range(0, elements)),
                Kind = new TaskKind.Uses("echo", Payload.From(new { n = "${{ item }}" })),
            },
        ],
    };

    // A cold node is half as fast: it is warm once two rounds agree within a tenth.
    private static async Task WarmUpAsync(EmbeddedNode node, DefinitionReference definition)
    {
        var (before, rounds) = (TimeSpan.Zero, 0);
        while (rounds++ < 40)
        {
            var took = await AtOnceAsync(node, definition).ConfigureAwait(false);
            if (rounds > 8 && Math.Abs(1 - (took / before)) < 0.1)
            {
                break;
            }

            before = took;
        }

        Console.Error.WriteLine($"  warmed up by {rounds * RunsAtOnce:n0} runs");
    }

    private static async Task<TimeSpan> AtOnceAsync(EmbeddedNode node, DefinitionReference definition)
    {
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, RunsAtOnce).Select(_ => node.RunAsync(definition, Payload.Null))).ConfigureAwait(false);
        return Stopwatch.GetElapsedTime(begun);
    }

    private static async Task<TimeSpan> CheckedAsync(EmbeddedNode node, int executions, Func<Task<TimeSpan>> run)
    {
        node.Log.Clear();
        var took = await run().ConfigureAwait(false);
        return node.Log.Count == executions
            ? took
            : throw new InvalidOperationException($"{node.Log.Count} handlers ran instead of {executions}.");
    }

    private static async Task<IReadOnlyList<double>> RepeatAsync(Func<Task<double>> measure)
    {
        var values = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            values.Add(await measure().ConfigureAwait(false));
        }

        return values;
    }
}

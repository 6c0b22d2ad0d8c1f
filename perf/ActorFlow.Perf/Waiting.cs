using System.Diagnostics;
using System.Globalization;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Perf;

/// <summary>Runs that wait: what they cost meanwhile, and how fast they go on. And a loop that goes on and on.</summary>
internal static class Waiting
{
    private const int Rounds = 5;
    private const int Parked = 10_000;
    private const int Timers = 2_000;
    private const int Iterations = 100_000;
    private static readonly TimeSpan StayInMemory = TimeSpan.FromSeconds(15);

    /// <summary>Measures what runs cost that wait for a signal, and how fast they take it.</summary>
    public static async IAsyncEnumerable<Measured> MeasureParkedAsync()
    {
        await using var node = await EmbeddedNode.StartAsync(passivateAfter: StayInMemory).ConfigureAwait(false);
        var waiting = await node.Engine.RegisterAsync(SignalWait()).ConfigureAwait(false);
        await StartAsync(node, waiting, 200).ConfigureAwait(false);
        await node.UntilParkedAsync().ConfigureAwait(false);
        var before = Held();
        var ids = await StartAsync(node, waiting, Parked).ConfigureAwait(false);
        var inMemory = await node.CountInMemoryAsync().ConfigureAwait(false);
        yield return new(new($"each of {Parked:n0} runs that wait holds in memory, before it leaves it", "KB", 5), [(Held() - before) / 1024.0 / inMemory]);
        await node.UntilParkedAsync().ConfigureAwait(false);
        yield return new(new("the same, once they have left it", "KB", 0.5), [Math.Max(0, Held() - before) / 1024.0 / Parked]);
        yield return await IdleAsync().ConfigureAwait(false);
        yield return await SignalAsync(node, ids).ConfigureAwait(false);
    }

    /// <summary>Measures how late parked runs are that fall due at once.</summary>
    public static async IAsyncEnumerable<Measured> MeasureTimersAsync()
    {
        yield return await TimersAsync().ConfigureAwait(false);
    }

    private static async Task<Measured> IdleAsync()
    {
        var values = new List<double>();
        using var process = Process.GetCurrentProcess();
        for (var round = 0; round < Rounds; round++)
        {
            process.Refresh();
            var (cpu, begun) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(4));
            await timer.WaitForNextTickAsync().ConfigureAwait(false);
            process.Refresh();
            values.Add((process.TotalProcessorTime - cpu) / Stopwatch.GetElapsedTime(begun) * 100);
        }

        return new(new($"CPU of a node with {Parked:n0} parked runs, of one core", "%", 1), values);
    }

    private static async Task<Measured> SignalAsync(EmbeddedNode node, List<string> ids)
    {
        var values = new List<double>();
        for (var round = 0; round <= Rounds; round++)
        {
            var times = new List<double>();
            foreach (var id in ids.Skip(round * 20).Take(20))
            {
                var begun = Stopwatch.GetTimestamp();
                await node.Engine.SignalAsync(id, "go", Payload.Null).ConfigureAwait(false);
                times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                var end = await node.Engine.EndOfAsync(id).ConfigureAwait(false);
                Expect(end.Outcome == RunOutcome.Completed, $"{id} ended as {end.Outcome}");
            }

            if (round > 0)
            {
                values.Add(times.Order().ElementAt(times.Count / 2));
            }
        }

        return new(new("a signal to a parked run is consumed within", "ms", 20), values);
    }

    private static async Task<Measured> TimersAsync()
    {
        await using var node = await EmbeddedNode.StartAsync(passivateAfter: TimeSpan.FromMilliseconds(100)).ConfigureAwait(false);
        // What falls due within two minutes is waited for in memory: these are to be woken.
        var due = DateTimeOffset.UtcNow + TimeSpan.FromSeconds(140);
        var definition = await node.Engine.RegisterAsync(new()
        {
            Name = "timer",
            Tasks = [new TaskDefinition { Id = "wait", Kind = new TaskKind.Delay(due.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)) }],
        }).ConfigureAwait(false);
        var ids = await StartAsync(node, definition, Timers).ConfigureAwait(false);
        await node.UntilParkedAsync().ConfigureAwait(false);
        Expect(DateTimeOffset.UtcNow < due - TimeSpan.FromSeconds(1), "the runs were not parked before they fell due");
        using var timer = new PeriodicTimer(due - TimeSpan.FromMilliseconds(200) - DateTimeOffset.UtcNow);
        await timer.WaitForNextTickAsync().ConfigureAwait(false);
        var ends = await Task.WhenAll(ids.Select(id => node.Engine.EndOfAsync(id))).ConfigureAwait(false);
        Expect(ends.All(end => end.Outcome == RunOutcome.Completed && end.ClosedAt >= due), "a timer fired early, or its run did not complete");
        return new(new($"{Timers:n0} timers of parked runs, due at once, have all fired after", "s", 3), [(ends.Max(end => end.ClosedAt) - due).TotalSeconds]);
    }

    /// <summary>Measures a loop that goes on and on.</summary>
    public static async IAsyncEnumerable<Measured> MeasureLoopAsync()
    {
        await using var node = await EmbeddedNode.StartAsync().ConfigureAwait(false);
        var definition = await node.Engine.RegisterAsync(new()
        {
            Name = "endless",
            Tasks =
            [
                new TaskDefinition
                {
                    Id = "loop",
                    Kind = new TaskKind.Set(Payload.From(new { n = "${{ iteration }}" })),
                    Repeat = new($"iteration < {Iterations - 1}", false, Iterations),
                },
            ],
        }).ConfigureAwait(false);
        var begun = Stopwatch.GetTimestamp();
        var id = await node.Engine.StartAsync(definition, Payload.Null).ConfigureAwait(false);
        var early = await HeldAfterAsync(TimeSpan.FromMilliseconds(500)).ConfigureAwait(false);
        var end = await node.Engine.EndOfAsync(id).ConfigureAwait(false);
        var took = Stopwatch.GetElapsedTime(begun);
        Expect(end.Output.ToString().Contains($"{Iterations - 1}", StringComparison.Ordinal), $"the loop ended with {end.Output}");
        yield return new(new($"a loop of {Iterations:n0} iterations runs", "1/s", 2_000, MoreIsBetter: true), [Iterations / took.TotalSeconds]);
        yield return new(new("what it holds grows from its first seconds to its end by", "MB", 5), [Math.Max(0, Held() - early) / 1024.0 / 1024]);
    }

    private static async Task<long> HeldAfterAsync(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync().ConfigureAwait(false);
        return Held();
    }

    private static async Task<List<string>> StartAsync(EmbeddedNode node, DefinitionReference definition, int count)
    {
        var ids = new List<string>(count);
        foreach (var chunk in Enumerable.Range(0, count).Chunk(200))
        {
            ids.AddRange(await Task.WhenAll(chunk.Select(_ => node.Engine.StartAsync(definition, Payload.Null))).ConfigureAwait(false));
        }

        return ids;
    }

    private static WorkflowDefinition SignalWait() => new()
    {
        Name = "signal-wait",
        Tasks = [new TaskDefinition { Id = "wait", Kind = new TaskKind.Signal("go", null) }],
    };

    private static long Held()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}

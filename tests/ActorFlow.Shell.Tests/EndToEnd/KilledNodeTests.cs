using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Hosting;

namespace ActorFlow.Shell.Tests.EndToEnd;

/// <summary>A node that is killed during calls and streams, and started again: its client gets there, starts nothing twice, and misses no event.</summary>
public sealed class KilledNodeTests : IDisposable
{
    private const int Starts = 200;
    private const int AtOnce = 20;
    private const int Steps = 30;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly BuiltCommand _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public async Task Calls_and_streams_outlive_a_node_that_is_killed()
    {
        var port = LoopbackPort.Free();
        await using var client = WorkflowClient.Connect(new WorkflowClientOptions { Addresses = [$"http://127.0.0.1:{port}"], Timeout = Patience });
        var first = await StartNodeAsync(port);
        var steps = string.Join(", ", Enumerable.Range(0, Steps).Select(n => $"s{n}: {{ uses: sleep, with: {{ for: 50ms }}{(n == 0 ? "" : $", needs: s{n - 1}")} }}"));
        await client.Definitions.RegisterAsync($"name: steps\ntasks: {{ {steps} }}\n---\nname: once\ntasks: {{ a: {{ uses: echo, with: 1 }} }}");
        var run = await client.StartAsync("steps", options: new() { Id = "watched" });

        var seen = new List<HistoryEvent>();
        var watching = Task.Run(async () =>
        {
            await foreach (var line in run.WatchAsync())
            {
                lock (seen)
                {
                    seen.Add(line);
                }
            }
        });
        var next = 0;
        var starting = Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            for (var n = Interlocked.Increment(ref next); n <= Starts; n = Interlocked.Increment(ref next))
            {
                await client.StartAsync("once", options: new() { CommandId = $"start-{n}" });
            }
        })));
        var waiting = run.WaitForResultAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(Volatile.Read(ref next) > Starts / 3 && Count(seen) > Steps / 3), "it is in the midst of it", Patience);
        first.Kill();
        await first.EndAsync();
        using var second = await StartNodeAsync(port);

        await Task.WhenAll(starting, watching, waiting).WaitAsync(Patience);
        await Eventually.HoldsAsync(
            async () => (await client.CountAsync(new() { Definition = "once" })).GetValueOrDefault(WorkflowStatus.Completed) == Starts, "all that was started has completed", Patience);

        Assert.Equal(WorkflowStatus.Completed, (await waiting).Status);
        Assert.Equal(Starts, (await client.CountAsync(new() { Definition = "once" })).Values.Sum());
        var history = new List<HistoryEvent>();
        for (HistoryPage? page = null; page is not { IsLast: true };)
        {
            page = await run.HistoryAsync(page?.Next ?? HistoryToken.Start, 1_000);
            history.AddRange(page.Items);
        }

        Assert.Equal(history.Select(line => line.Token), seen.Select(line => line.Token));
        Assert.Equal("run-completed", seen[^1].Event);
        Assert.Equal(Steps, seen.Count(line => line.Event == "completed"));
    }

    private async Task<BuiltCommand.Running> StartNodeAsync(int port)
    {
        var node = _command.Start("dev", "--port", $"{port}", "--data", "try");
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
        await Eventually.HoldsAsync(async () => await NodeEndToEndTests.IsReadyAsync(http), "the node is ready", Patience);
        return node;
    }

    private static int Count(List<HistoryEvent> seen)
    {
        lock (seen)
        {
            return seen.Count;
        }
    }
}

using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Hosting;

namespace ActorFlow.Runtime.Tests.Cluster;

/// <summary>A region loses messages while its shard is handed over (rule 34): every request is repeated under its command id.</summary>
public sealed class RequestsWhileShardsMoveTests : IAsyncLifetime
{
    private const int Runs = 2_500;
    private const int SignalsPerRun = 3;

    private readonly TestCluster _cluster = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Of_10_000_starts_and_signals_while_nodes_come_and_leave_none_is_lost_and_none_is_doubled()
    {
        var nodes = await _cluster.AddAsync(2);
        var client = nodes[1].Client;
        await client.Definitions.RegisterAsync("""
            name: three
            tasks:
              go: { signal: go }
              again: { signal: go, needs: go }
              last: { signal: go, needs: again }
              t: { uses: task, with: ["${{ tasks.go.output }}", "${{ tasks.again.output }}", "${{ tasks.last.output }}"], needs: last }
            """);
        using var throttle = new SemaphoreSlim(100);
        var started = 0;
        var work = Task.WhenAll(Enumerable.Range(0, Runs).Select(async i =>
        {
            await throttle.WaitAsync();
            try
            {
                var run = await client.StartAsync("three", options: new() { Id = $"run-{i}" });
                for (var signal = 0; signal < SignalsPerRun; signal++)
                {
                    await run.SignalAsync("go", Payload.From(signal));
                }

                Interlocked.Increment(ref started);
            }
            finally
            {
                throttle.Release();
            }
        }));

        await Eventually.HoldsAsync(() => started > Runs / 10, "the requests are in full swing", TimeSpan.FromSeconds(60));
        // Shards move to the new node, and away from the one that leaves.
        await _cluster.AddAsync(1);
        await Eventually.HoldsAsync(() => started > Runs / 2, "half is done", TimeSpan.FromSeconds(60));
        await _cluster.StopAsync(nodes[0]);
        await work.WaitAsync(TimeSpan.FromSeconds(120));
        var results = await Task.WhenAll(Enumerable.Range(0, Runs).Select(i => client.WaitForResultAsync($"run-{i}"))).WaitAsync(TimeSpan.FromSeconds(120));

        Assert.All(results, result => Assert.Equal(WorkflowStatus.Completed, result.Status));
        // Each signal was taken once, in its order: a lost one would hang the run, a doubled one would stand twice.
        var inputs = _cluster.Tasks.Executions.ToLookup(execution => execution.WorkflowId, execution => execution.Input.ToString());
        Assert.All(Enumerable.Range(0, Runs), i => Assert.Equal(["[0,1,2]"], inputs[$"run-{i}"].Distinct()));
        var histories = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => client.HistoryAsync($"run-{i * (Runs / 100)}", limit: 1_000)));
        Assert.All(histories, history => Assert.Equal(SignalsPerRun, history.Items.Count(read => read.Event == "signal-received")));
        Assert.All(histories, history => Assert.Single(history.Items, read => read.Event == "run-started"));
    }
}

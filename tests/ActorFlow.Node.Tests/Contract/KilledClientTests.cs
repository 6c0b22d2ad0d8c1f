using ActorFlow.TestSupport;

namespace ActorFlow.Node.Tests.Contract;

/// <summary>A client that is killed and run again starts what it was to start once each.</summary>
public sealed class KilledClientTests : IDisposable
{
    private const int AtOnce = 50;

    /// <summary>How many starts: 10,000 by CI_LONG=1.</summary>
    private static readonly int Starts = Environment.GetEnvironmentVariable("CI_LONG") == "1" ? 10_000 : 1_500;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actorflow-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Failure_65_starts_under_ids_or_keys_that_follow_from_data_are_as_many_runs(bool byId)
    {
        await using var node = await RunningNode.StartAsync(_directory.FullName);
        await node.Local.Definitions.RegisterAsync(Samples.Definitions);

        // Half-way its connections are cut, whatever it has sent and not heard of.
        var asked = await StartAllAsync(node, byId, stopAfter: Starts / 2);
        var known = await CountAsync(node);
        await StartAllAsync(node, byId, stopAfter: int.MaxValue);

        Assert.InRange(asked, Starts / 2, Starts - 1);
        Assert.InRange(known, 1, Starts - 1);
        await Eventually.HoldsAsync(
            async () => (await node.Local.CountAsync()) is { Count: 1 } counts && counts.GetValueOrDefault(WorkflowStatus.Completed) == Starts,
            $"{Starts} runs have completed");
        Assert.Equal(Starts, await CountAsync(node));
        Assert.Equal(Starts, node.Tasks.Executions.Count);
        Assert.Equal(Starts, node.Tasks.Executions.Select(execution => execution.WorkflowId).Distinct().Count());
    }

    private static async Task<long> CountAsync(RunningNode node) => (await node.Local.CountAsync()).Values.Sum();

    /// <summary>Starts all, in order, some at once; killed after some.</summary>
    private static async Task<int> StartAllAsync(RunningNode node, bool byId, int stopAfter)
    {
        var client = WorkflowClient.Connect(node.Http.BaseAddress!.ToString());
        var (next, done) = (0, 0);
        using var killed = new CancellationTokenSource();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            try
            {
                for (var n = Interlocked.Increment(ref next); n <= Starts && !killed.IsCancellationRequested; n = Interlocked.Increment(ref next))
                {
                    var options = byId ? new StartOptions { Id = $"order-{n}" } : new StartOptions { CommandId = $"order-{n}" };
                    await client.StartAsync("once", Payload.From(n), options, killed.Token);
                    if (Interlocked.Increment(ref done) == stopAfter)
                    {
                        await killed.CancelAsync();
                        await client.DisposeAsync();
                    }
                }
            }
            catch (Exception cut) when (killed.IsCancellationRequested && cut is OperationCanceledException or WorkflowRefusedException or ObjectDisposedException)
            {
                // So it is when a process ends.
            }
        }));
        await client.DisposeAsync();
        return Math.Min(next, Starts) - (stopAfter == int.MaxValue ? 0 : 1);
    }
}

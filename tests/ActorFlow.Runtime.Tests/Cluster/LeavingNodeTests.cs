using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Workflows;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Tasks;

namespace ActorFlow.Runtime.Tests.Cluster;

using Definitions = ActorFlow.Runtime.Tests.Workflows.Definitions;

public sealed class LeavingNodeTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();

    private TaskRecorder Tasks => _cluster.Tasks;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Runs_and_queues_of_a_leaving_node_go_on_elsewhere_and_nothing_that_still_runs_is_run_twice()
    {
        // The first node is the oldest: it holds every shard, the task queue's among them.
        var first = await _cluster.AddAsync(ClusterOptions.WorkflowRole);
        await _cluster.AddAsync(ClusterOptions.WorkerRole);
        var gate = Tasks.Hold(execution => execution.Path.StartsWith("each", StringComparison.Ordinal));
        var definition = await first.Engine.KeepAsync(Definitions.Fan(5));
        var ids = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => first.Engine.StartAsync(definition, Payload.Null)));
        await Eventually.HoldsAsync(() => Tasks.Executions.Count == 30, "all elements run");
        var second = await _cluster.AddAsync(ClusterOptions.WorkflowRole);

        await _cluster.StopAsync(first);
        await Eventually.HoldsAsync(async () => (await Task.WhenAll(ids.Select(id => IsOpenAsync(second, id)))).All(open => open), "the runs go on");
        gate.Open();
        var ends = await Task.WhenAll(ids.Select(id => second.Engine.EndOfAsync(id)));

        Assert.All(ends, end => Assert.Equal(RunOutcome.Completed, end.Outcome));
        AssertEachTaskRanOnce(ids.Length * 6);
    }

    [Fact]
    public async Task Whoever_follows_a_run_is_told_its_end_although_the_run_moved()
    {
        var nodes = await _cluster.AddAsync(2);
        var gate = Tasks.Hold(_ => true);
        var definition = await nodes[1].Engine.KeepAsync(Definitions.Linear(1));
        var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => nodes[1].Engine.StartAsync(definition, Payload.Null)));
        var ends = Task.WhenAll(ids.Select(id => nodes[1].Engine.EndOfAsync(id)));

        await _cluster.StopAsync(nodes[0]);
        gate.Open();

        Assert.All(await ends.WaitAsync(Eventually.Patience), end => Assert.Equal(RunOutcome.Completed, end.Outcome));
    }

    [Fact]
    public async Task Of_two_hundred_runs_over_three_nodes_each_completes_although_a_node_leaves()
    {
        var nodes = await _cluster.AddAsync(3);
        var definition = await nodes[0].Engine.KeepAsync(Definitions.Linear(5));
        Tasks.Do(execution => execution.Path == "t2", (_, cancellation) => ShortWorkAsync(cancellation));

        var ids = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => StartAsync(nodes[1], $"run-{i}", definition)));
        await Eventually.HoldsAsync(() => Tasks.Executions.Count > 150, "the runs are in full swing");
        await _cluster.StopAsync(nodes[0]);
        var ends = await Task.WhenAll(ids.Select(id => nodes[1].Engine.EndOfAsync(id)));

        Assert.All(ends, end => Assert.Equal(RunOutcome.Completed, end.Outcome));
        var returned = Tasks.Executions.Where(execution => execution.End == ExecutionEnd.Returned).ToList();
        var twice = returned.GroupBy(execution => (execution.WorkflowId, execution.Path)).Where(runs => runs.Count() > 1).SelectMany(runs => runs).ToList();
        Assert.True(twice.Count == 0, $"Completed twice, of {nodes[0].Name} leaving:\n{string.Join('\n', twice)}");
        Assert.Equal(1_000, returned.Count);
        Assert.Equal(1, Tasks.MostAtOnceOfOneAttempt);
        Assert.All(Tasks.Executions.Except(returned), execution => Assert.Equal((nodes[0].Name, ExecutionEnd.Cancelled), (execution.Node, execution.End)));
    }

    /// <summary>A start under an id of one's own may be repeated until somebody finds the time to answer.</summary>
    private static async Task<string> StartAsync(TestHost host, string id, DefinitionReference definition)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await host.Engine.StartAsync(id, definition, Payload.Null);
                return id;
            }
            catch (TimeoutException) when (tries < 5)
            {
            }
        }
    }

    private static async Task ShortWorkAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        await timer.WaitForNextTickAsync(cancellation);
    }

    private static async Task<bool> IsOpenAsync(TestHost host, string id)
    {
        try
        {
            return await host.Engine.StatusOfAsync(id) is WorkflowReply.Status;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void AssertEachTaskRanOnce(int tasks)
    {
        Assert.Equal(tasks, Tasks.Executions.Count);
        Assert.Equal(tasks, Tasks.Executions.DistinctBy(execution => (execution.WorkflowId, execution.Path)).Count());
        Assert.All(Tasks.Executions, execution => Assert.Equal(ExecutionEnd.Returned, execution.End));
    }
}

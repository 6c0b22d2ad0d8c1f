using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Hosting;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Tasks;

namespace ActorFlow.Runtime.Tests.Cluster;

using Definitions = ActorFlow.Runtime.Tests.Workflows.Definitions;

public sealed class RestartedNodeTests : IAsyncLifetime
{
    // What a node has by default: with its only workflow node out of sight for longer, a worker would leave.
    private const string Patience = "\nakka.cluster { failure-detector.acceptable-heartbeat-pause = 4s, split-brain-resolver.stable-after = 7s }";

    private readonly TestCluster _cluster = new();

    private TaskRecorder Tasks => _cluster.Tasks;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_only_node_of_the_runs_is_killed_and_comes_back_and_nothing_that_its_workers_ran_runs_again(bool endMeanwhile)
    {
        var port = LoopbackPort.Free();
        var killed = await AddWorkflowNodeAsync(port);
        await _cluster.AddAsync(2, [ClusterOptions.WorkerRole], options => options.Hocon += Patience);
        var gate = Tasks.Hold(execution => execution.Path.StartsWith("each", StringComparison.Ordinal));
        var id = await killed.Engine.StartAsync(await killed.Engine.KeepAsync(Definitions.Fan(20)), Payload.Null);
        await ActorFlow.TestSupport.Eventually.HoldsAsync(() => Tasks.Executions.Count == 20, "all attempts run");

        var address = killed.Cluster.SelfAddress;
        await _cluster.KillAsync(killed, down: false);
        if (endMeanwhile)
        {
            gate.Open();
            await ActorFlow.TestSupport.Eventually.HoldsAsync(() => Tasks.Executions.All(execution => execution.End == ExecutionEnd.Returned), "all attempts have ended");
        }

        var back = await AddWorkflowNodeAsync(port);
        gate.Open();
        var end = await back.Engine.EndOfAsync(id);

        Assert.Equal(address, back.Cluster.SelfAddress);
        Assert.Equal(RunOutcome.Completed, end.Outcome);
        Assert.Equal(21, Tasks.Executions.Count);
        Assert.Equal(21, Tasks.Executions.Select(execution => execution.Path).Distinct().Count());
        Assert.All(Tasks.Executions, execution => Assert.Equal(ExecutionEnd.Returned, execution.End));
    }

    private async Task<TestHost> AddWorkflowNodeAsync(int port) => (await _cluster.AddAsync(1, [ClusterOptions.WorkflowRole], options =>
    {
        options.Hocon += Patience;
        options.Cluster.Port = port;
    }))[0];
}

using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Workflows;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Tasks;

namespace ActorFlow.Runtime.Tests.Cluster;

using Definitions = ActorFlow.Runtime.Tests.Workflows.Definitions;

public sealed class WorkerOnlyNodeTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Tasks_run_on_the_worker_only_node_of_a_cluster_whose_other_nodes_host_runs()
    {
        var hosts = await _cluster.AddAsync(2, [ClusterOptions.WorkflowRole]);
        var worker = await _cluster.AddAsync(ClusterOptions.WorkerRole);
        var definition = await hosts[0].Engine.KeepAsync(Definitions.Linear(5));

        var ends = await Task.WhenAll(hosts.Select(async host =>
            await host.Engine.EndOfAsync(await host.Engine.StartAsync(definition, Payload.Null))));

        Assert.All(ends, end => Assert.Equal(RunOutcome.Completed, end.Outcome));
        Assert.Equal(10, _cluster.Tasks.Executions.Count);
        Assert.All(_cluster.Tasks.Executions, execution => Assert.Equal(worker.Name, execution.Node));
    }

    [Fact]
    public async Task A_run_whose_handler_no_worker_offers_says_so_until_one_does()
    {
        var host = await _cluster.AddAsync(ClusterOptions.WorkflowRole);
        var id = await host.Engine.StartAsync(await host.Engine.KeepAsync(Definitions.Linear(2)), Payload.Null);
        var waitingFor = ImmutableArray<string>.Empty;
        await ActorFlow.TestSupport.Eventually.HoldsAsync(
            async () => (waitingFor = ((WorkflowReply.Status)await host.Engine.StatusOfAsync(id)).WaitingFor) is not [],
            "the status names what is missing");
        Assert.Equal($"a worker that offers {TaskRecorder.HandlerName}", Assert.Single(waitingFor));
        var wait = Assert.Single((await host.Client.DescribeAsync(id)).Waits);
        Assert.Equal(("t0", WaitKind.Worker, TaskRecorder.HandlerName), (wait.Task, wait.Kind, wait.Detail));
        Assert.NotNull(wait.Since);

        await _cluster.AddAsync(ClusterOptions.WorkerRole);

        Assert.Equal(RunOutcome.Completed, (await host.Engine.EndOfAsync(id)).Outcome);
    }
}

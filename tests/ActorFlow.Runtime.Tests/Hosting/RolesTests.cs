using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Definitions;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Tasks;
using Akka.Cluster;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Runtime.Tests.Hosting;

using Definitions = ActorFlow.Runtime.Tests.Workflows.Definitions;

/// <summary>Only a node with the role <c>workflow</c> has a store; the others do their part without one.</summary>
public sealed class RolesTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly TaskRecorder _tasks = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_worker_runs_the_tasks_of_another_nodes_runs_without_database_and_data_directory()
    {
        await using var holder = await HolderAsync();
        await using var worker = await JoinAsync(holder, "worker", ClusterOptions.WorkerRole);
        var definition = await holder.Engine.KeepAsync(Definitions.Linear(3));

        var id = await holder.Engine.StartAsync(definition, Payload.Null);
        var end = await holder.Engine.EndOfAsync(id).WaitAsync(Eventually.Patience);

        Assert.Equal(RunOutcome.Completed, end.Outcome);
        Assert.Equal([("worker", "t0"), ("worker", "t1"), ("worker", "t2")], _tasks.Executions.Select(execution => (execution.Node, execution.Path)));
        Assert.False(Directory.Exists(DirectoryOf("worker")));
    }

    [Fact]
    public async Task A_node_of_the_role_api_passes_requests_on_and_refuses_what_needs_a_store_in_one_line()
    {
        await using var holder = await HolderAsync();
        await using var worker = await JoinAsync(holder, "worker", ClusterOptions.WorkerRole);
        await using var api = await JoinAsync(holder, "api", ClusterOptions.ApiRole);
        var definition = await holder.Engine.KeepAsync(Definitions.Linear(2));

        var id = await api.Engine.StartAsync(definition, Payload.Null);
        var end = await api.Engine.EndOfAsync(id).WaitAsync(Eventually.Patience);
        var history = await api.Engine.HistoryAsync(id);
        var client = api.Services.GetRequiredService<IWorkflowClient>();
        var result = await client.WaitForResultAsync(id).WaitAsync(Eventually.Patience);
        Task[] refused =
        [
            RefusedAsync(() => api.Engine.KeepAsync(Definitions.Linear(1))),
            RefusedAsync(() => api.Services.GetRequiredService<IWorkflowIndex>().ListAsync(new())),
            RefusedAsync(() => api.Services.GetRequiredService<DefinitionCatalog>().ListAsync()),
            RefusedAsync(() => client.CountAsync()),
            RefusedAsync(async () => await client.WatchAsync(id).GetAsyncEnumerator().MoveNextAsync()),
        ];
        await Task.WhenAll(refused);

        Assert.Equal(RunOutcome.Completed, end.Outcome);
        Assert.Equal(WorkflowStatus.Completed, result.Status);
        Assert.NotEmpty(history.Rows);
        Assert.All(_tasks.Executions, execution => Assert.Equal("worker", execution.Node));
        Assert.False(Directory.Exists(DirectoryOf("api")));
    }

    [Fact]
    public async Task A_node_without_the_role_workflow_and_without_seeds_warns_that_it_is_alone()
    {
        await using var worker = await TestHost.StartAsync("worker", _tasks, options =>
        {
            options.Cluster.Roles = [ClusterOptions.WorkerRole];
            options.Persistence.DataDirectory = DirectoryOf("worker");
        });

        Assert.Contains("Cluster:SeedNodes is empty", worker.Log.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(DirectoryOf("worker")));
    }

    private static async Task RefusedAsync(Func<Task> request)
    {
        var refused = await Assert.ThrowsAsync<UnavailableException>(request);
        Assert.Equal("no-store", refused.Code);
        Assert.Equal("This node has no store, because it does not have the role workflow: ask a node that has it.", refused.Message);
    }

    private string DirectoryOf(string name) => Path.Combine(_directory.Path, name);

    private Task<TestHost> HolderAsync() => TestHost.StartAsync("holder", _tasks, options =>
    {
        options.Cluster.Roles = [ClusterOptions.WorkflowRole];
        options.Persistence.DataDirectory = DirectoryOf("holder");
    });

    /// <summary>Joins a node whose options name a database that it cannot have.</summary>
    private async Task<TestHost> JoinAsync(TestHost holder, string name, string role)
    {
        var node = await TestHost.StartAsync(name, _tasks, options =>
        {
            options.Cluster.Roles = [role];
            options.Cluster.SeedNodes = [holder.Cluster.SelfAddress.ToString()];
            options.Persistence.Journal = JournalKind.Postgres;
            options.Persistence.DataDirectory = DirectoryOf(name);
        });
        await Eventually.HoldsAsync(() => node.Cluster.SelfMember.Status == MemberStatus.Up, $"{name} is up");
        return node;
    }
}

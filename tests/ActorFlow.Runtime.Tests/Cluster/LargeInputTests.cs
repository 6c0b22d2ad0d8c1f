using System.Text.Json.Nodes;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Hosting;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Tasks;

namespace ActorFlow.Runtime.Tests.Cluster;

public sealed class LargeInputTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Theory]
    [InlineData(40 * 1024, 30)]
    [InlineData(1024 * 1024, 10)]
    public async Task Failure_rule_20_a_worker_only_node_runs_every_element_once_with_its_own_large_input(int bytes, int elements)
    {
        var hosts = await _cluster.AddAsync(2, [ClusterOptions.WorkflowRole]);
        var worker = await _cluster.AddAsync(ClusterOptions.WorkerRole);
        var text = new string('x', bytes - InputOf(0, string.Empty).Length);
        var definition = await hosts[0].Engine.KeepAsync(Fan(elements));

        var end = await hosts[1].Engine.EndOfAsync(await hosts[1].Engine.StartAsync(definition, Payload.FromString(text)));

        Assert.Equal(RunOutcome.Completed, end.Outcome);
        Assert.Equal(
            Enumerable.Range(0, elements).ToDictionary(index => $"each[{index}]", index => InputOf(index, text)),
            _cluster.Tasks.Executions.ToDictionary(execution => execution.Path, execution => execution.Input));
        Assert.All(_cluster.Tasks.Executions, execution => Assert.Equal((worker.Name, 1), (execution.Node, execution.Attempt)));
        Assert.All(_cluster.Hosts, host => Assert.Empty(host.Log.Errors));
    }

    private static WorkflowDefinition Fan(int elements) => new()
    {
        Name = "large",
        Tasks =
        [
            new()
            {
                Id = "each",
                ForEach = Payload.From(Enumerable.Range(0, elements)),
                Kind = new TaskKind.Uses(TaskRecorder.HandlerName, Payload.Parse("""{"index":"${{ index }}","text":"${{ input }}"}""")),
            },
        ],
        Output = Payload.FromString("done"),
    };

    private static Payload InputOf(int index, string text) => Payload.From(new JsonObject { ["index"] = index, ["text"] = text });
}

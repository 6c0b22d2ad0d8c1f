using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Client;
using ActorFlow.Runtime.Hosting;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Tasks;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Hosting;

namespace ActorFlow.Runtime.Tests.Cluster;

using Definitions = ActorFlow.Runtime.Tests.Workflows.Definitions;

public sealed class WaitingRunsTests : IAsyncLifetime
{
    private readonly ShiftedTime _time = new();
    private readonly TestCluster _cluster;

    public WaitingRunsTests() => _cluster = new() { Time = _time };

    private TaskRecorder Tasks => _cluster.Tasks;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Parked_runs_whose_node_is_gone_are_woken_elsewhere_by_a_signal_an_answer_and_their_time(bool crash)
    {
        var nodes = await _cluster.AddAsync(3, configure: Soon);
        var engine = nodes[2].Engine;
        var (signals, asks, delays) = (
            await StartAsync(engine, Waiting("signalled", new TaskKind.Signal("go", null))),
            await StartAsync(engine, Waiting("asking", new TaskKind.Ask(AskKind.Approval, "Well?", null, null, null, null))),
            await StartAsync(engine, Definitions.Delayed("3h")));
        await Eventually.HoldsAsync(async () => (await Task.WhenAll(nodes.Select(EntitiesAsync))).Sum(ids => ids.Count) == 0, "all are parked");
        Assert.Empty(Tasks.Executions);

        if (crash)
        {
            await _cluster.KillAsync(nodes[0]);
        }
        else
        {
            await _cluster.StopAsync(nodes[0]);
        }

        await _cluster.FormedAsync();
        await Task.WhenAll(signals.Select(id => RepeatedAsync(command => engine.SignalAsync(id, "go", Payload.From(1), command))));
        await Task.WhenAll(asks.Select(id => RepeatedAsync(command => engine.AnswerAsync(id, "wait", Payload.From(true), "ada", commandId: command))));
        _time.By = TimeSpan.FromHours(4);
        string[] all = [.. signals, .. asks, .. delays];
        var ends = await Task.WhenAll(all.Select(id => engine.EndOfAsync(id)));

        Assert.All(ends, end => Assert.Equal(RunOutcome.Completed, end.Outcome));
        Assert.All(all, id => Assert.Single(Tasks.Of(id, "t")));
        Assert.All(_cluster.Hosts, host => Assert.DoesNotContain("has no form on the wire", host.Log.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Parents_and_children_on_different_nodes_finish_and_whatever_is_asked_of_them_crosses_the_wire()
    {
        var nodes = await _cluster.AddAsync(3, configure: Soon);
        var child = new WorkflowDefinition { Name = "shipping", Tasks = [Definitions.Linear(1).Tasks[0]] };
        var parent = new WorkflowDefinition
        {
            Name = "ordering",
            Tasks =
            [
                new() { Id = "ship", ForEach = Payload.From(new[] { 1, 2, 3 }), Kind = new TaskKind.Child("shipping", null, Payload.Null, ParentClose.Cancel) },
                new() { Id = "wait", Kind = new TaskKind.Signal("go", null), Needs = [new("ship", null)] },
            ],
        };
        var companion = await nodes[0].Engine.KeepAsync(child);
        var reference = await nodes[0].Engine.KeepAsync(parent);
        var ids = Enumerable.Range(0, 6).Select(i => $"order-{i}").ToList();
        foreach (var id in ids)
        {
            await nodes[0].Engine.StartAsync(new WorkflowStart(id, reference, Payload.Null) { Companions = [companion] });
        }

        await Eventually.HoldsAsync(() => Tasks.Executions.Count == 18, "the children run");
        foreach (var id in ids)
        {
            foreach (var node in nodes)
            {
                await node.Engine.TakeCheckpointAsync(id, $"on {node.Name}");
                Assert.Equal(id, (await node.Engine.DetailsAsync(id)).Image.WorkflowId);
                Assert.NotEmpty((await node.Engine.HistoryAsync(id)).Rows);
                Assert.NotEmpty(await node.Engine.CheckpointsAsync(id));
                Assert.Equal(id, (await node.Engine.CheckpointAsync(id, $"on {node.Name}")).Image.WorkflowId);
            }

            await nodes[1].Engine.RewindAsync(id, $"on {nodes[0].Name}");
            await nodes[2].Engine.SignalAsync(id, "go", Payload.Null);
            Assert.Equal(RunOutcome.Completed, (await nodes[1].Engine.EndOfAsync(id)).Outcome);
        }

        Assert.All(ids, id => Assert.All(Enumerable.Range(0, 3), i => Assert.NotEmpty(Tasks.Of($"{id}/ship.{i}", "t0"))));
        await Eventually.HoldsAsync(
            async () => (await Task.WhenAll(nodes.Select(EntitiesAsync))).Sum(entities => entities.Count) == 0, "all leave memory");
        Assert.All(_cluster.Hosts, host => Assert.DoesNotContain("has no form on the wire", host.Log.ToString(), StringComparison.Ordinal));
    }

    private static void Soon(ActorFlowOptions options)
    {
        options.PassivateAfter = TimeSpan.FromMilliseconds(300);
        options.Index.WakeUpInterval = TimeSpan.FromMilliseconds(200);
    }

    private static WorkflowDefinition Waiting(string name, TaskKind kind) =>
        new() { Name = name, Tasks = [new() { Id = "wait", Kind = kind }, Definitions.Delayed("3h").Tasks[1]] };

    private static async Task<string[]> StartAsync(WorkflowEngine engine, WorkflowDefinition definition)
    {
        var reference = await engine.KeepAsync(definition);
        return await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => engine.StartAsync(reference, Payload.Null)));
    }

    /// <summary>While a shard moves, an answer may be lost: whoever asks repeats under the same command id.</summary>
    private static async Task RepeatedAsync(Func<Guid, Task> ask)
    {
        var command = Guid.CreateVersion7();
        for (var i = 0; i < 5; i++)
        {
            try
            {
                await ask(command);
                return;
            }
            catch (TimeoutException)
            {
            }
        }

        Assert.Fail("There was no answer.");
    }

    private static async Task<IReadOnlyList<string>> EntitiesAsync(TestHost node)
    {
        var region = ActorRegistry.For(node.System).Get<WorkflowRegion>();
        var state = await region.Ask<CurrentShardRegionState>(GetShardRegionState.Instance, TimeSpan.FromSeconds(10));
        return [.. state.Shards.SelectMany(shard => shard.EntityIds)];
    }
}

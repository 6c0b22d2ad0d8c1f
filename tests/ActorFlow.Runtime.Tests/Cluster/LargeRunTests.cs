using System.Collections.Immutable;
using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Client;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Tests.Wire;
using ActorFlow.Runtime.Wire;
using ActorFlow.Runtime.Workflows.Replaying;
using ActorFlow.TestSupport.Hosting;
using ActorFlow.TestSupport.Tasks;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Hosting;

namespace ActorFlow.Runtime.Tests.Cluster;

/// <summary>Runs whose images are larger than a frame, with the nodes of a real cluster between who asks and who answers.</summary>
public sealed class LargeRunTests : IAsyncLifetime
{
    private const int Elements = 10;
    private const int LeastImage = 6 * 1024 * 1024;
    private readonly TestCluster _cluster = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task A_run_of_6_MB_is_shown_on_every_node_and_forked_on_other_nodes_which_do_what_is_left()
    {
        var nodes = await _cluster.AddAsync(3);
        var gate = _cluster.Tasks.Hold(execution => execution.Path == "wait");
        var source = await StartAsync(nodes[0]);
        await nodes[1].Engine.TakeCheckpointAsync(source, "here");
        await ShownAlikeAsync(nodes, source);
        var forks = Enumerable.Range(0, 6).Select(i => $"fork-{i}").ToList();
        foreach (var (i, fork) in forks.Index())
        {
            await nodes[i % 3].Engine.ForkAsync(source, "here", fork);
            await _cluster.Tasks.StartedAsync(fork, "wait");
        }

        var home = await HomeOfAsync(nodes, source);
        var homes = await Task.WhenAll(forks.Select(fork => HomeOfAsync(nodes, fork)));
        Assert.Contains(homes, one => one != home);
        await ShownAlikeAsync(nodes, forks[0]);
        gate.Open();
        string[] all = [source, .. forks];
        var ends = await Task.WhenAll(all.Select(id => nodes[2].Engine.EndOfAsync(id)));

        Assert.All(ends, end => Assert.Equal(RunOutcome.Completed, end.Outcome));
        Assert.Equal(
            Enumerable.Range(0, Elements).Select(i => $"each[{i}]").Append("last").Append("wait").Order(StringComparer.Ordinal), PathsOf(source));
        Assert.All(forks, fork => Assert.Equal(["last", "wait"], PathsOf(fork)));
        await ShownAlikeAsync(nodes, source);
        Assert.All(_cluster.Hosts, host => Assert.Empty(host.Log.Errors));
    }

    /// <summary>Starts a run that has done its large tasks, and is doing <c>wait</c>.</summary>
    private async Task<string> StartAsync(TestHost node)
    {
        TaskDefinition Uses(string id, string? need, Payload with) => new()
        {
            Id = id,
            Kind = new TaskKind.Uses(TaskRecorder.HandlerName, with),
            Needs = need is null ? [] : [new(need, null)],
        };
        var definition = await node.Engine.KeepAsync(new()
        {
            Name = "large",
            Tasks =
            [
                Uses("each", null, Payload.FromString("${{ input }}")) with { ForEach = Payload.From(Enumerable.Range(0, Elements)) },
                Uses("wait", "each", Payload.EmptyObject),
                Uses("last", "wait", Payload.EmptyObject),
            ],
            Output = Payload.FromString("done"),
        });
        var id = await node.Engine.StartAsync(definition, Payload.FromString(new string('x', 700 * 1024)));
        await _cluster.Tasks.StartedAsync(id, "wait");
        return id;
    }

    /// <summary>Details, checkpoint and history are the same, whichever node is asked, and none of them fits a frame.</summary>
    private static async Task ShownAlikeAsync(ImmutableArray<TestHost> nodes, string id)
    {
        var seen = new HashSet<(string Details, string? Checkpoint, string History)>();
        foreach (var node in nodes)
        {
            var details = await node.Engine.DetailsAsync(id);
            Assert.InRange(MessageSizeLimits.SizeOf(details.Image), LeastImage, int.MaxValue);
            var named = (await node.Engine.CheckpointsAsync(id)).SingleOrDefault(one => one.Name == "here");
            var checkpoint = named is null ? null : await node.Engine.CheckpointAsync(id, "here");
            Assert.Equal(named?.Sequence, checkpoint?.Sequence);
            var rows = await HistoryAsync(node.Engine, id);
            Assert.Equal(Enumerable.Range(1, rows.Count).Select(number => (long)number), rows.Select(row => row.Sequence));
            Assert.InRange(rows.Sum(row => (long)MessageSizeLimits.SizeOf(row)), LeastImage, long.MaxValue);
            seen.Add((Description.Of(details), checkpoint is null ? null : Description.Of(checkpoint), string.Concat(rows.Select(Description.Of))));
        }

        Assert.Single(seen);
    }

    private static async Task<List<JournalEntry>> HistoryAsync(WorkflowEngine engine, string id)
    {
        var rows = new List<JournalEntry>();
        for (long next = 1, last = 1; next <= last;)
        {
            var page = await engine.HistoryAsync(id, next);
            Assert.True(page.Rows is [_] || page.Rows.Sum(MessageSizeLimits.SizeOf) <= MessageSizeLimits.Page);
            (next, last) = (page.Rows[^1].Sequence + 1, page.Last);
            rows.AddRange(page.Rows);
        }

        return rows;
    }

    private string[] PathsOf(string id) =>
        [.. _cluster.Tasks.Executions.Where(execution => execution.WorkflowId == id).Select(execution => execution.Path).Order(StringComparer.Ordinal)];

    private static async Task<string> HomeOfAsync(ImmutableArray<TestHost> nodes, string id)
    {
        foreach (var node in nodes)
        {
            var region = ActorRegistry.For(node.System).Get<WorkflowRegion>();
            var state = await region.Ask<CurrentShardRegionState>(GetShardRegionState.Instance, TimeSpan.FromSeconds(10));
            if (state.Shards.Any(shard => shard.EntityIds.Contains(id)))
            {
                return node.Name;
            }
        }

        throw new InvalidOperationException($"The run {id} is on no node.");
    }
}

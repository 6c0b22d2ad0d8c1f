using System.Threading.Channels;
using ActorFlow.Runtime.Hosting;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.TestSupport;
using ActorFlow.TestSupport.Hosting;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Runtime.Tests.Client;

public sealed class WatchTests : IAsyncLifetime
{
    private const string Order = """
        name: order
        tasks:
          reserve: { uses: task, checkpoint: true }
          payment: { signal: paid, needs: reserve }
          ship: { uses: task, needs: payment }
        """;

    private readonly TestCluster _cluster = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Who_watches_from_any_place_sees_what_the_history_holds_and_nothing_twice()
    {
        var client = await AloneAsync();
        var run = await client.StartAsync("order");
        var live = AllOfAsync(run.WatchAsync());
        await run.SignalAsync("paid");

        var seen = await live;
        var history = (await run.HistoryAsync(limit: 1_000)).Items;

        Assert.Equal(history, seen);
        Assert.Equal("run-completed", seen[^1].Event);
        for (var i = 0; i < seen.Count; i++)
        {
            Assert.Equal(seen.Skip(i + 1), await AllOfAsync(run.WatchAsync(seen[i].Token)));
        }
    }

    [Fact]
    public async Task Who_watches_sees_a_rewind_and_all_that_comes_after_it()
    {
        var client = await AloneAsync();
        var run = await client.StartAsync("order", options: new() { Id = "o" });
        var live = AllOfAsync(run.WatchAsync());
        await Eventually.HoldsAsync(async () => (await run.DescribeAsync()).Waits.Length == 1, "it waits");

        await run.RewindAsync("reserve");
        await Eventually.HoldsAsync(async () => (await run.DescribeAsync()) is { Generation: 2, Waits.Length: 1 }, "it waits again");
        await run.SignalAsync("paid");
        var seen = await live;

        Assert.Equal((await run.HistoryAsync(limit: 1_000)).Items, seen);
        Assert.Single(seen, read => read.Event == "rewound");
    }

    [Fact]
    public async Task Failure_74_who_watches_a_run_that_has_left_memory_sees_what_brings_it_back()
    {
        var client = await AloneAsync(options => options.PassivateAfter = TimeSpan.FromMilliseconds(100));
        var run = await client.StartAsync("order", options: new() { Id = "o" });
        var live = AllOfAsync(run.WatchAsync());
        await Eventually.HoldsAsync(async () => (await client.ListPageAsync()).Items is [{ Status: WorkflowStatus.Waiting }], "it is parked");

        await run.SignalAsync("paid");

        Assert.Equal("run-completed", (await live)[^1].Event);
    }

    [Fact]
    public async Task A_watch_from_another_node_has_no_gap_and_no_repeat_while_the_run_moves()
    {
        var nodes = await _cluster.AddAsync(3);
        await nodes[2].Client.Definitions.RegisterAsync("""
            name: long
            tasks: { loop: { uses: task, repeat: { while: "${{ iteration < 39 }}", max: 100 } } }
            """);
        var gate = _cluster.Tasks.Hold(execution => execution.Path is "loop#10" or "loop#20");
        var runs = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => nodes[2].Client.StartAsync("long")));
        var watches = runs.Select(run => AllOfAsync(run.WatchAsync())).ToList();
        await Eventually.HoldsAsync(() => _cluster.Tasks.Executions.Count >= 6, "they run");

        await _cluster.StopAsync(nodes[0]);
        gate.Open();
        var seen = await Task.WhenAll(watches).WaitAsync(TimeSpan.FromSeconds(90));

        for (var i = 0; i < runs.Length; i++)
        {
            var history = new List<HistoryEvent>();
            for (var (place, last) = (HistoryToken.Start, false); !last;)
            {
                var page = await runs[i].HistoryAsync(place, 1_000);
                history.AddRange(page.Items);
                (place, last) = (page.Next, page.IsLast);
            }

            Assert.Equal(history, seen[i]);
            Assert.Equal(40, seen[i].Count(read => read.Event == "completed"));
        }
    }

    [Fact]
    public async Task Changes_of_runs_on_other_nodes_are_seen_as_they_happen()
    {
        var nodes = await _cluster.AddAsync(2);
        await nodes[0].Client.Definitions.RegisterAsync(Order);
        await nodes[0].Client.Definitions.RegisterAsync("name: other\ntasks: { t: { uses: task } }");
        using var over = new CancellationTokenSource();
        var ended = Channel.CreateUnbounded<WorkflowSummary>();
        var watch = WatchAllAsync(nodes[1].Client, new() { Definition = "order", Status = [WorkflowStatus.Completed] }, ended, over.Token);

        // A watch takes a moment to be known on the other node.
        var seen = new HashSet<string>();
        await Eventually.HoldsAsync(
            async () =>
            {
                var run = await nodes[0].Client.StartAsync("order");
                await nodes[0].Client.StartAsync("other");
                await run.SignalAsync("paid");
                await run.WaitForResultAsync();
                while (ended.Reader.TryRead(out var summary))
                {
                    Assert.Equal(("order", WorkflowStatus.Completed), (summary.Definition, summary.Status));
                    Assert.True(seen.Add(summary.Id), "each end is told once");
                }

                return seen.Count >= 20;
            },
            "ends are seen from the other node");
        await over.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch);
    }

    [Fact]
    public async Task Failure_76_a_reader_that_does_not_read_slows_nobody_and_is_told_how_much_it_missed()
    {
        var client = await AloneAsync();
        await client.Definitions.RegisterAsync("name: one\ntasks: { t: { uses: task } }");
        await using var slow = client.WatchAllAsync().GetAsyncEnumerator();
        var first = slow.MoveNextAsync();
        var runs = await Task.WhenAll(Enumerable.Range(0, 1_500).Select(_ => client.StartAsync("one")));
        await Task.WhenAll(runs.Select(run => run.WaitForResultAsync()));

        Assert.True(await first);
        var (read, dropped) = (1L, slow.Current.Dropped);
        while (dropped == 0)
        {
            // What waited is read first; then comes a change that says what was left out before it.
            var next = slow.MoveNextAsync();
            if (!next.IsCompleted)
            {
                await (await client.StartAsync("one")).WaitForResultAsync();
            }

            Assert.True(await next);
            (read, dropped) = (read + 1, dropped + slow.Current.Dropped);
        }

        Assert.InRange(read, 1, 1_100);
        Assert.InRange(dropped, 1_000, 1_500 * 4);
    }

    [Fact]
    public async Task Whoever_waits_for_a_result_does_not_keep_the_run_in_memory()
    {
        var client = await AloneAsync(options => options.PassivateAfter = TimeSpan.FromMilliseconds(100));
        var run = await client.StartAsync("order", options: new() { Id = "o" });
        var result = run.WaitForResultAsync();
        await Eventually.HoldsAsync(
            async () => (await client.ListPageAsync()).Items is [{ Status: WorkflowStatus.Waiting }], "it is parked although somebody waits", TimeSpan.FromSeconds(60));

        await run.SignalAsync("paid");

        Assert.Equal(WorkflowStatus.Completed, (await result.WaitAsync(Eventually.Patience)).Status);
    }

    [Fact]
    public async Task A_watch_of_a_run_that_is_not_there_is_refused_and_one_that_is_cancelled_ends()
    {
        var client = await AloneAsync();
        var run = await client.StartAsync("order");
        using var over = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        Assert.Equal("workflow-not-found", (await Assert.ThrowsAsync<NotFoundException>(() => AllOfAsync(client.WatchAsync("none")))).Code);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AllOfAsync(run.WatchAsync(cancellationToken: over.Token)));
    }

    [Fact]
    public async Task A_watch_of_a_run_that_is_purged_meanwhile_says_so_and_never_ends_as_if_it_had_seen_all()
    {
        var node = (await _cluster.AddAsync(1))[0];
        await node.Client.Definitions.RegisterAsync("""
            name: long
            tasks: { loop: { uses: task, repeat: { while: "${{ iteration < 299 }}", max: 300 } } }
            """);
        var run = await node.Client.StartAsync("long");
        await run.WaitForResultAsync();
        var whole = (await AllOfAsync(run.WatchAsync())).Count;
        var seen = 0;

        var refused = await Assert.ThrowsAsync<NotFoundException>(async () =>
        {
            await foreach (var read in run.WatchAsync())
            {
                if (++seen == 1)
                {
                    await PurgeAsync(node);
                }
            }
        });

        Assert.Equal("gone", refused.Code);
        Assert.InRange(seen, 1, whole - 1);
    }

    private static async Task PurgeAsync(TestHost node)
    {
        var region = await node.Services.GetRequiredService<IRequiredActor<WorkflowRegion>>().GetAsync();
        var purge = node.Services.GetRequiredService<PersistenceStore>().Purge;
        await Eventually.HoldsAsync(
            async () =>
            {
                var due = await purge.FindAsync(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow, 10);
                foreach (var run in due)
                {
                    region.Tell(new PurgeRun(run.WorkflowId, run.RunId));
                }

                return due.Length > 0 && (await purge.PurgeAsync(due, DateTimeOffset.UtcNow)).Purged == due.Length;
            },
            "the run is purged");
    }

    private async Task<IWorkflowClient> AloneAsync(Action<ActorFlowOptions>? configure = null)
    {
        var node = (await _cluster.AddAsync(1, configure: configure))[0];
        await node.Client.Definitions.RegisterAsync(Order);
        return node.Client;
    }

    private static async Task<List<HistoryEvent>> AllOfAsync(IAsyncEnumerable<HistoryEvent> watch)
    {
        var all = new List<HistoryEvent>();
        await foreach (var read in watch)
        {
            all.Add(read);
        }

        return all;
    }

    private static async Task WatchAllAsync(IWorkflowClient client, WatchFilter filter, Channel<WorkflowSummary> into, CancellationToken cancellationToken)
    {
        await foreach (var change in client.WatchAllAsync(filter, cancellationToken))
        {
            into.Writer.TryWrite(change.Workflow);
        }
    }
}

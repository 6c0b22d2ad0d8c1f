using ActorFlow.Client.Tests.Nodes;
using Grpc.Core;

namespace ActorFlow.Client.Tests.Calling;

public sealed class StreamTests
{
    private readonly HastyTime _time = new();

    [Fact]
    public async Task A_watch_ends_when_the_node_ends_it()
    {
        await using var node = await FakeNode.StartAsync();
        node.OnStream<V1.WatchWorkflowRequest>(async (_, _, write, _) =>
        {
            await write(Fakes.Event(1));
            await write(Fakes.Event(2));
        });
        await using var client = Clients.Of(node);

        Assert.Equal([1, 2], await RowsAsync(client.WatchAsync("a")));

        Assert.Equal(string.Empty, Assert.Single(node.Requests<V1.WatchWorkflowRequest>()).From);
    }

    [Theory]
    [InlineData("broken")]
    [InlineData("unavailable")]
    [InlineData("overloaded")]
    [InlineData("cancelled")]
    public async Task A_watch_that_breaks_goes_on_behind_the_last_event(string fault)
    {
        await using var node = await FakeNode.StartAsync();
        node.OnStream<V1.WatchWorkflowRequest>(async (request, _, write, context) =>
        {
            var row = request.From.Length == 0 ? 0 : int.Parse(request.From.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture);
            for (var i = 0; i < 3 && row < 8; i++)
            {
                await write(Fakes.Event(++row));
            }

            if (row == 8)
            {
                return;
            }

            if (fault == "broken")
            {
                node.Break();
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            }

            throw fault == "cancelled" ? new RpcException(new(StatusCode.Cancelled, "It stops.")) : FakeNode.Refusal(fault);
        });
        await using var client = Clients.Of(_time, node);

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], await RowsAsync(client.WatchAsync("a")));

        var places = node.Requests<V1.WatchWorkflowRequest>().Select(request => request.From).ToList();
        Assert.Equal(string.Empty, places[0]);
        Assert.Equal(places.Skip(1).Order(StringComparer.Ordinal), places.Skip(1));
        if (fault != "broken")
        {
            Assert.Equal(["", $"{Fakes.RunId:n}.3.0", $"{Fakes.RunId:n}.6.0"], places);
        }
    }

    [Fact]
    public async Task A_watch_begins_where_it_is_told()
    {
        await using var node = await FakeNode.StartAsync();
        node.OnStream<V1.WatchWorkflowRequest>((_, _, _, _) => Task.CompletedTask);
        await using var client = Clients.Of(node);

        Assert.Empty(await RowsAsync(client.WatchAsync("a", new(Fakes.RunId, 7, 2))));

        Assert.Equal($"{Fakes.RunId:n}.7.2", Assert.Single(node.Requests<V1.WatchWorkflowRequest>()).From);
    }

    [Fact]
    public async Task A_watch_goes_on_at_another_node()
    {
        await using var first = await FakeNode.StartAsync();
        await using var second = await FakeNode.StartAsync();
        first.OnStream<V1.WatchWorkflowRequest>(async (_, _, write, _) =>
        {
            await write(Fakes.Event(1));
            throw FakeNode.Refusal("unavailable");
        });
        second.OnStream<V1.WatchWorkflowRequest>((_, _, write, _) => write(Fakes.Event(2)));
        await using var client = Clients.Of(_time, first, second);

        Assert.Equal([1, 2], await RowsAsync(client.WatchAsync("a")));

        Assert.Equal($"{Fakes.RunId:n}.1.0", Assert.Single(second.Requests<V1.WatchWorkflowRequest>()).From);
        Assert.Empty(_time.Pauses);
    }

    [Theory]
    [InlineData("workflow-not-found", "workflow-not-found")]
    [InlineData("forbidden", "forbidden")]
    public async Task A_watch_that_is_refused_ends(string code, string seen)
    {
        await using var node = await FakeNode.StartAsync();
        node.OnStream<V1.WatchWorkflowRequest>((_, _, _, _) => throw FakeNode.Refusal(code));
        await using var client = Clients.Of(node);

        var refusal = await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => RowsAsync(client.WatchAsync("a")));

        Assert.Equal(seen, refusal.Code);
        Assert.Single(node.Calls);
    }

    [Theory]
    [InlineData("gone")]
    [InlineData("workflow-not-found")]
    public async Task A_run_that_is_purged_while_it_is_watched_is_gone(string code)
    {
        await using var node = await FakeNode.StartAsync();
        node.OnStream<V1.WatchWorkflowRequest>(async (_, number, write, _) =>
        {
            if (number == 1)
            {
                await write(Fakes.Event(1));
                throw FakeNode.Refusal("unavailable");
            }

            throw FakeNode.Refusal(code);
        });
        await using var client = Clients.Of(_time, node);

        var refusal = await Assert.ThrowsAsync<NotFoundException>(() => RowsAsync(client.WatchAsync("a")));

        Assert.Equal("gone", refusal.Code);
    }

    [Fact]
    public async Task Who_watches_may_stop()
    {
        var ended = new TaskCompletionSource();
        await using var node = await FakeNode.StartAsync();
        node.OnStream<V1.WatchWorkflowRequest>(async (_, _, write, context) =>
        {
            context.CancellationToken.Register(ended.SetResult);
            await write(Fakes.Event(1));
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        });
        await using var client = Clients.Of(node);

        await foreach (var item in client.WatchAsync("a"))
        {
            Assert.Equal(1, item.Token.Row);
            break;
        }

        await ended.Task.InTime();
    }

    [Fact]
    public async Task A_token_ends_a_watch()
    {
        await using var node = await FakeNode.StartAsync();
        node.OnStream<V1.WatchWorkflowRequest>(async (_, _, write, context) =>
        {
            await write(Fakes.Event(1));
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        });
        await using var client = Clients.Of(node);
        using var cancellation = new CancellationTokenSource();

        var reading = Task.Run(async () =>
        {
            await foreach (var _ in client.WatchAsync("a").WithCancellation(cancellation.Token))
            {
                await cancellation.CancelAsync();
            }
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.InTime());
        Assert.Single(node.Calls);
    }

    [Fact]
    public async Task Changes_are_subscribed_to_again_whenever_the_stream_ends()
    {
        await using var node = await FakeNode.StartAsync();
        node.OnStream<V1.WatchAllRequest>(async (_, number, write, _) =>
        {
            await write(Fakes.Change($"run-{number}"));
            if (number % 2 == 0)
            {
                throw FakeNode.Refusal("unavailable");
            }
        });
        await using var client = Clients.Of(_time, node);
        var seen = new List<string>();

        await foreach (var change in client.WatchAllAsync(new() { Definition = "order", Status = [WorkflowStatus.Running] }))
        {
            seen.Add(change.Workflow.Id);
            if (seen.Count == 4)
            {
                break;
            }
        }

        Assert.Equal(["run-1", "run-2", "run-3", "run-4"], seen);
        Assert.All(node.Requests<V1.WatchAllRequest>(), request => Assert.Equal("order", request.Filter.Definition));
    }

    private static async Task<List<long>> RowsAsync(IAsyncEnumerable<HistoryEvent> events)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var rows = new List<long>();
        await foreach (var item in events.WithCancellation(patience.Token))
        {
            rows.Add(item.Token.Row);
        }

        return rows;
    }
}

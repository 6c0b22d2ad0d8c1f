using ActorFlow.Client.Tests.Nodes;

namespace ActorFlow.Client.Tests.Calling;

public sealed class WaitTests
{
    private readonly HastyTime _time = new();

    [Fact]
    public async Task Waiting_asks_again_until_the_run_has_ended()
    {
        await using var node = await FakeNode.StartAsync();
        node.On<V1.GetResultRequest>((request, number) => number < 5 ? Fakes.Open : Fakes.Ended(request.Id));
        await using var client = Clients.Of(_time, node);

        var result = await client.WaitForResultAsync("a").InTime();

        Assert.Equal(("a", WorkflowStatus.Completed, "42"), (result.Id, result.Status, result.Output!.ToString()));
        Assert.Equal(5, node.Calls.Count);
        Assert.All(node.Requests<V1.GetResultRequest>(), request => Assert.Equal(50, request.Wait.Seconds));
        // A node that does not wait is asked after pauses.
        Assert.Equal([25, 50, 100, 200], _time.Pauses.Select(pause => pause.TotalMilliseconds));
    }

    [Fact]
    public async Task Waiting_goes_on_longer_than_any_timeout()
    {
        await using var node = await FakeNode.StartAsync();
        node.On<V1.GetResultRequest>((request, number) => number < 100
            ? throw FakeNode.Refusal((number % 3) switch { 0 => "unavailable", 1 => "timeout", _ => "overloaded" })
            : Fakes.Ended(request.Id));
        await using var client = Clients.Of(_time, node);

        await client.WaitForResultAsync("a").InTime();

        Assert.True(_time.Pauses.Sum(pause => pause.TotalSeconds) > 60);
    }

    [Fact]
    public async Task Waiting_ends_with_a_refusal()
    {
        await using var node = await FakeNode.StartAsync();
        node.On<V1.GetResultRequest>((_, _) => throw FakeNode.Refusal("workflow-not-found"));
        await using var client = Clients.Of(node);

        await Assert.ThrowsAsync<NotFoundException>(() => client.WaitForResultAsync("a").InTime());

        Assert.Single(node.Calls);
    }

    [Fact]
    public async Task Waiting_ends_with_its_token_while_no_node_answers()
    {
        var node = await FakeNode.StartAsync();
        await using var client = Clients.Of(_time, node);
        await node.DisposeAsync();
        using var cancellation = new CancellationTokenSource();

        var waiting = client.WaitForResultAsync("a", cancellation.Token);
        await Eventually.HoldsAsync(() => _time.Pauses.Count > 20);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.InTime());
    }

    [Fact]
    public async Task Waiting_survives_a_restart_of_its_node()
    {
        var arrived = new TaskCompletionSource();
        var first = await FakeNode.StartAsync();
        first.On<V1.GetResultRequest>(async (_, _, context) =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return Fakes.Open;
        });
        await using var client = Clients.Of(first);
        var waiting = client.WaitForResultAsync("a");
        await arrived.Task.InTime();

        await first.DisposeAsync();
        // It comes back with another gRPC port, which it is asked for.
        await using var second = await FakeNode.StartAsync(first.Port, script: node => node.On<V1.GetResultRequest>((request, _) => Fakes.Ended(request.Id)));

        Assert.Equal("a", (await waiting.InTime()).Id);
        Assert.Single(second.Calls);
    }

    [Theory]
    [InlineData(1_000, 1, 1)]
    [InlineData(100, 3, 6)]
    public async Task Hundreds_of_waits_share_a_connection_within_its_limit_of_streams(int streams, int fewest, int most)
    {
        const int Waits = 300;
        var (arrived, all, end) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        await using var node = await FakeNode.StartAsync(streams: streams);
        node.On<V1.GetResultRequest>(async (request, _, context) =>
        {
            if (Interlocked.Increment(ref arrived) == Waits)
            {
                all.SetResult();
            }

            await end.Task.WaitAsync(context.CancellationToken);
            return Fakes.Ended(request.Id);
        });
        await using var client = Clients.Of(node);

        var waiting = Enumerable.Range(0, Waits).Select(i => client.WaitForResultAsync($"run-{i}")).ToList();
        await all.Task.InTime();
        end.SetResult();
        var results = await Task.WhenAll(waiting).InTime();

        Assert.Equal(Enumerable.Range(0, Waits).Select(i => $"run-{i}"), results.Select(result => result.Id));
        Assert.InRange(node.Connections, fewest, most);
        Assert.Single(node.Questions);
    }

    [Fact]
    public async Task Hundreds_of_waits_that_lose_their_connection_share_the_next_one()
    {
        const int Waits = 300;
        var (arrived, all, again, end) = (0, new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        await using var node = await FakeNode.StartAsync();
        node.On<V1.GetResultRequest>(async (request, number, context) =>
        {
            var count = Interlocked.Increment(ref arrived);
            (count switch { Waits => all, 2 * Waits => again, _ => null })?.SetResult();
            await end.Task.WaitAsync(context.CancellationToken);
            return Fakes.Ended(request.Id);
        });
        await using var client = Clients.Of(node);

        var waiting = Enumerable.Range(0, Waits).Select(i => client.WaitForResultAsync($"run-{i}")).ToList();
        await all.Task.InTime();
        node.Break();
        await again.Task.InTime();
        end.SetResult();
        await Task.WhenAll(waiting).InTime();

        Assert.Equal(2, node.Connections);
        Assert.Equal(2 * Waits, node.Calls.Count);
    }

    [Fact]
    public async Task A_wait_at_the_node_is_not_limited_by_the_timeout_of_calls()
    {
        var deadline = new TaskCompletionSource<DateTime>();
        await using var node = await FakeNode.StartAsync();
        node.On<V1.GetResultRequest>((request, _, context) =>
        {
            deadline.SetResult(context.Deadline);
            return Task.FromResult<Google.Protobuf.IMessage>(Fakes.Ended(request.Id));
        });
        await using var client = Clients.Of(new WorkflowClientOptions { Addresses = [node.Address], Timeout = TimeSpan.FromSeconds(20) });

        await client.WaitForResultAsync("a").InTime();

        Assert.InRange(await deadline.Task - DateTime.UtcNow, TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(70));
    }
}

using System.Diagnostics;
using System.Globalization;
using ActorFlow.Client.Tests.Nodes;
using Grpc.Core;

namespace ActorFlow.Client.Tests.Calling;

public sealed class RepeatTests
{
    private readonly HastyTime _time = new();

    [Theory]
    [InlineData("unavailable")]
    [InlineData("overloaded")]
    [InlineData("timeout")]
    public async Task A_change_is_repeated_under_one_command_id(string code)
    {
        await using var node = await FakeNode.StartAsync();
        node.On<V1.PauseWorkflowRequest>((_, number) => number < 4 ? throw FakeNode.Refusal(code) : Fakes.Accepted);
        await using var client = Clients.Of(_time, node);

        await client.PauseAsync("a").InTime();

        var requests = node.Requests<V1.PauseWorkflowRequest>();
        Assert.Equal(4, requests.Count);
        var commandId = Assert.Single(requests.Select(request => request.CommandId).Distinct());
        Assert.Equal(7, Guid.Parse(commandId).Version);
        Assert.Equal([25, 50, 100], _time.Pauses.Select(pause => pause.TotalMilliseconds));
    }

    [Fact]
    public async Task The_callers_command_id_is_sent_as_it_is()
    {
        await using var node = await FakeNode.StartAsync();
        node.On<V1.SignalWorkflowRequest>((_, number) => number < 2 ? throw FakeNode.Refusal("unavailable") : Fakes.Accepted);
        await using var client = Clients.Of(_time, node);

        await client.SignalAsync("a", "paid", Payload.Parse("1"), "my command").InTime();

        Assert.All(node.Requests<V1.SignalWorkflowRequest>(), request => Assert.Equal("my command", request.CommandId));
        Assert.Equal(2, node.Calls.Count);
    }

    [Fact]
    public async Task Each_call_has_a_command_id_of_its_own()
    {
        await using var node = await FakeNode.StartAsync();
        node.On<V1.PauseWorkflowRequest>((_, _) => Fakes.Accepted);
        await using var client = Clients.Of(node);

        await client.PauseAsync("a").InTime();
        await client.PauseAsync("a").InTime();

        Assert.Equal(2, node.Requests<V1.PauseWorkflowRequest>().Select(request => request.CommandId).Distinct().Count());
    }

    [Fact]
    public async Task Pauses_double_up_to_two_seconds_and_end_with_the_timeout()
    {
        await using var node = await FakeNode.StartAsync();
        node.On<V1.GetWorkflowRequest>((_, _) => throw FakeNode.Refusal("unavailable", "The store is in trouble."));
        await using var client = Clients.Of(_time, node);

        var refusal = await Assert.ThrowsAsync<UnavailableException>(() => client.DescribeAsync("a").InTime());

        Assert.Equal("The store is in trouble.", refusal.Message);
        Assert.Equal([25, 50, 100, 200, 400, 800, 1000, 1000], _time.Pauses.Take(8).Select(pause => pause.TotalMilliseconds));
        var all = TimeSpan.FromTicks(_time.Pauses.Sum(pause => pause.Ticks));
        Assert.InRange(all, TimeSpan.FromSeconds(28), TimeSpan.FromSeconds(30));
        Assert.Equal(_time.Pauses.Count + 1, node.Calls.Count);
    }

    [Fact]
    public async Task A_node_says_how_long_to_wait()
    {
        await using var node = await FakeNode.StartAsync();
        node.On<V1.GetWorkflowRequest>((_, number) => throw (number < 3
            ? FakeNode.Refusal("overloaded", "Busy.", new Metadata.Entry("retry-after-ms", (700 * number).ToString(CultureInfo.InvariantCulture)))
            : FakeNode.Refusal("workflow-not-found")));
        await using var client = Clients.Of(_time, node);

        await Assert.ThrowsAsync<NotFoundException>(() => client.DescribeAsync("a").InTime());

        Assert.Equal([700, 1400], _time.Pauses.Select(pause => pause.TotalMilliseconds));
    }

    [Fact]
    public async Task A_node_that_asks_for_more_time_than_there_is_ends_the_call()
    {
        await using var node = await FakeNode.StartAsync();
        node.On<V1.GetWorkflowRequest>((_, _) => throw FakeNode.Refusal("overloaded", "Busy.", new Metadata.Entry("retry-after-ms", "31000")));
        await using var client = Clients.Of(_time, node);

        await Assert.ThrowsAsync<OverloadedException>(() => client.DescribeAsync("a").InTime());

        Assert.Single(node.Calls);
        Assert.Empty(_time.Pauses);
    }

    [Fact]
    public async Task A_call_that_nobody_answers_ends_with_its_timeout()
    {
        await using var node = await FakeNode.StartAsync();
        var deadline = new TaskCompletionSource<DateTime>();
        node.On<V1.PauseWorkflowRequest>(async (_, _, context) =>
        {
            deadline.TrySetResult(context.Deadline);
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return Fakes.Accepted;
        });
        await using var client = Clients.Of(new WorkflowClientOptions { Addresses = [node.Address], Timeout = TimeSpan.FromMilliseconds(500) });
        var begun = Stopwatch.StartNew();

        var refusal = await Assert.ThrowsAsync<RequestTimeoutException>(() => client.PauseAsync("a").InTime());

        Assert.Contains(node.Address, refusal.Message, StringComparison.Ordinal);
        Assert.InRange(begun.Elapsed, TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(20));
        Assert.True(await deadline.Task.InTime() < DateTime.UtcNow.AddMinutes(1));
    }

    [Fact]
    public async Task A_caller_may_end_the_waiting()
    {
        await using var node = await FakeNode.StartAsync();
        var (arrived, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        node.On<V1.PauseWorkflowRequest>(async (_, _, context) =>
        {
            context.CancellationToken.Register(ended.SetResult);
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return Fakes.Accepted;
        });
        await using var client = Clients.Of(node);
        using var cancellation = new CancellationTokenSource();

        var call = client.PauseAsync("a", cancellationToken: cancellation.Token);
        await arrived.Task.InTime();
        await cancellation.CancelAsync();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
        Assert.Equal(cancellation.Token, cancelled.CancellationToken);
        await ended.Task.InTime();
        Assert.Single(node.Calls);
    }

    [Fact]
    public async Task A_call_whose_connection_breaks_is_repeated_under_the_same_command_id()
    {
        await using var node = await FakeNode.StartAsync();
        node.On<V1.PauseWorkflowRequest>(async (_, number, context) =>
        {
            if (number == 1)
            {
                node.Break();
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
            }

            return Fakes.Accepted;
        });
        await using var client = Clients.Of(_time, node);

        await client.PauseAsync("a").InTime();

        Assert.Equal(2, node.Calls.Count);
        Assert.Single(node.Requests<V1.PauseWorkflowRequest>().Select(request => request.CommandId).Distinct());
        Assert.Equal(2, node.Connections);
    }

    [Fact]
    public async Task A_client_that_was_disposed_of_says_so()
    {
        await using var node = await FakeNode.StartAsync();
        var arrived = new TaskCompletionSource();
        node.On<V1.GetResultRequest>(async (_, _, context) =>
        {
            arrived.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return Fakes.Open;
        });
        var client = Clients.Of(node);
        var waiting = client.WaitForResultAsync("a");
        await arrived.Task.InTime();

        await client.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.InTime());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.DescribeAsync("a").InTime());
        client.Dispose();
    }
}

using ActorFlow.Testing;

namespace ActorFlow.Examples;

/// <summary>The example of the workflow language, as it is written there, along every path; handlers are stubs and are counted.</summary>
public sealed class OrderFulfilmentTests
{
    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "order-fulfilment.yaml");

    [Fact]
    public async Task A_small_order_is_approved_by_itself()
    {
        await using var host = Host();

        var run = await host.StartAsync(host.RegisterFile(File), Order(total: 80));
        await run.EndAsync();

        Assert.Equal(WorkflowStatus.Completed, run.Status);
        Assert.Equal("""{"receipt":"receipt-1","parcels":[{"parcel":"pen/0"},{"parcel":"ink/1"}]}""", run.Output.ToString());
        Assert.Equal("\"auto\"", run.Tasks["risk"].Output.ToString());
        Assert.Equal(TaskPhase.Skipped, run.Tasks["approve"].Status);
        Assert.Equal(["inventory.reserve", "payments.charge", "shipping.ship", "shipping.ship"], host.Calls.Select(call => call.Handler));
        Assert.Empty(run.Questions);
    }

    [Fact]
    public async Task A_large_order_that_somebody_approves_is_charged_and_shipped()
    {
        await using var host = Host();

        var run = await host.StartAsync(host.RegisterFile(File), Order(total: 2_000));
        await host.AdvanceAsync(3.Hours());
        Assert.Equal("Ship order o-1?", Assert.Single(run.Questions).Prompt);
        Assert.Empty(host.CallsOf("payments.charge"));

        await run.AnswerAsync("approve", true, by: "ada", comment: "a good customer");
        await run.EndAsync();

        Assert.Equal(WorkflowStatus.Completed, run.Status);
        Assert.Equal(3.Hours(), run.Took);
        Assert.Contains("\"by\":\"ada\"", run.Tasks["approve"].Output.ToString());
        Assert.Single(host.CallsOf("payments.charge"));
        Assert.Equal(2, host.CallsOf("shipping.ship").Count);
    }

    [Fact]
    public async Task A_large_order_that_somebody_rejects_is_neither_charged_nor_shipped()
    {
        await using var host = Host();

        var run = await host.StartAsync(host.RegisterFile(File), Order(total: 2_000));
        await run.AnswerAsync("approve", false, by: "ada");
        await run.EndAsync();

        Assert.Equal(WorkflowStatus.Completed, run.Status);
        Assert.Equal("""{"receipt":null,"parcels":null}""", run.Output.ToString());
        Assert.Equal(TaskPhase.Completed, run.Tasks["approve"].Status);
        Assert.Equal(TaskPhase.Skipped, run.Tasks["charge"].Status);
        Assert.Equal(TaskPhase.Skipped, run.Tasks["ship"].Status);
        Assert.Equal(["inventory.reserve"], host.Calls.Select(call => call.Handler));
    }

    [Fact]
    public async Task A_large_order_that_nobody_looks_at_fails_after_a_day()
    {
        await using var host = Host();

        var run = await host.StartAsync(host.RegisterFile(File), Order(total: 2_000));
        await run.EndAsync();

        Assert.Equal(WorkflowStatus.Failed, run.Status);
        Assert.Equal(("TimedOut", "approve"), (run.Error!.Type, run.Error.Task));
        Assert.Equal(24.Hours(), run.Took);
        Assert.Equal(["inventory.reserve"], host.Calls.Select(call => call.Handler));
    }

    [Fact]
    public async Task A_card_that_is_declined_fails_the_order_at_once()
    {
        await using var host = Host();
        host.FailNext("payments.charge", "CardDeclined");

        var run = await host.StartAsync(host.RegisterFile(File), Order(total: 80));
        await run.EndAsync();

        Assert.Equal(WorkflowStatus.Failed, run.Status);
        Assert.Equal(("CardDeclined", "charge"), (run.Error!.Type, run.Error.Task));
        Assert.Single(host.CallsOf("payments.charge"));
        Assert.Empty(host.CallsOf("shipping.ship"));
        Assert.Empty(host.CallsOf("inventory.release"));
    }

    [Fact]
    public async Task With_compensation_a_card_that_is_declined_releases_what_was_reserved()
    {
        await using var host = Host();
        host.FailNext("payments.charge", "CardDeclined");
        var text = await System.IO.File.ReadAllTextAsync(File);
        var compensating = host.Register(text.Replace("on-failure: fail ", "on-failure: compensate "));

        var run = await host.StartAsync(compensating, Order(total: 80));
        await run.EndAsync();

        Assert.Equal(WorkflowStatus.Failed, run.Status);
        Assert.Equal("CardDeclined", run.Error!.Type);
        Assert.Equal(["inventory.reserve", "payments.charge", "inventory.release"], host.Calls.Select(call => call.Handler));
        Assert.Equal("""{"id":"reservation-1"}""", host.CallsOf("inventory.release")[0].Input.ToString());
    }

    [Fact]
    public async Task A_payment_service_that_is_down_for_a_moment_is_asked_again()
    {
        await using var host = Host();
        host.FailNext("payments.charge", "Unreachable", times: 4);

        var run = await host.StartAsync(host.RegisterFile(File), Order(total: 80));
        await run.EndAsync();

        Assert.Equal(WorkflowStatus.Completed, run.Status);
        Assert.Equal(5, run.Tasks["charge"].Attempts);
        Assert.Single(host.CallsOf("payments.charge").Select(call => call.IdempotencyKey).Distinct());
        // 1 s, 2 s, 4 s and 8 s, each more or less a fifth.
        Assert.InRange(run.Took, 12.Seconds(), 18.Seconds());
    }

    [Fact]
    public async Task An_order_without_items_is_refused()
    {
        await using var host = Host();
        var definition = host.RegisterFile(File);

        var refused = await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => host.StartAsync(definition, new { orderId = "o-1" }));

        Assert.Equal("invalid-input", refused.Code);
        Assert.Empty(host.Runs);
    }

    private static WorkflowTestHost Host() => WorkflowTestHost.Create(h =>
    {
        h.AddTask("inventory.reserve", FakeHandler.Returns(new { id = "reservation-1" }));
        h.AddTask("inventory.release", FakeHandler.Returns(null));
        h.AddTask("payments.charge", FakeHandler.Returns(new { id = "receipt-1" }));
        h.AddTask("shipping.ship", new Ship());
    });

    private static object Order(int total) => new { orderId = "o-1", items = new[] { new { sku = "pen" }, new { sku = "ink" } }, total };

    private sealed record Parcel(string Sku, int N);

    private sealed class Ship : TaskHandler<Parcel, object>
    {
        public override Task<object> RunAsync(Parcel input, TaskContext context, CancellationToken cancellationToken) =>
            Task.FromResult<object>(new { parcel = $"{input.Sku}/{input.N}" });
    }
}

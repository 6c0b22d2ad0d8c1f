using ActorFlow.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ActorFlow.Examples;

/// <summary>What goes wrong in a cluster, brought about on purpose; and handlers of your own under it.</summary>
public sealed class FaultExamples
{
    private const string Order = """
        name: order
        tasks:
          charge: { uses: payments.charge, with: { order: "${{ input.order }}", cents: 990 } }
          packed: { needs: [charge], signal: packed, timeout: 30d }
          ship: { needs: [packed], uses: shipping.ship }
        """;

    [Fact]
    public async Task After_a_crash_the_run_goes_on_and_what_had_completed_is_not_run_again()
    {
        await using var host = Host(out var gateway);
        var run = await host.StartAsync(host.Register(Order), new { order = 7 });
        await host.AdvanceAsync(3.Days());

        await host.CrashAsync();
        await run.SignalAsync("packed");

        Assert.Equal(WorkflowStatus.Completed, run.Status);
        Assert.Single(gateway.Charges);
        Assert.Single(host.CallsOf("shipping.ship"));
    }

    [Fact]
    public async Task A_result_that_is_lost_runs_the_handler_twice_under_one_idempotency_key()
    {
        await using var host = Host(out var gateway);
        host.LoseNext("payments.charge");

        var run = await host.StartAsync(host.Register(Order), new { order = 7 });

        Assert.Equal([CallEnd.Lost, CallEnd.Returned], host.CallsOf("payments.charge").Select(call => call.End));
        Assert.Equal([1, 1], host.CallsOf("payments.charge").Select(call => call.Attempt));
        Assert.Equal(2, gateway.Requests);
        Assert.Single(gateway.Charges);
        Assert.Equal(WorkflowStatus.Waiting, run.Status);
    }

    [Fact]
    public async Task A_worker_that_is_lost_has_its_attempts_run_elsewhere()
    {
        await using var host = Host(out _);
        await host.ServeAsync(h => h.AddTask("shipping.ship", FakeHandler.InTurn(FakeHandler.NeverReturns(), FakeHandler.Returns("shipped"))));
        var run = await host.StartAsync(host.Register(Order), new { order = 7 });
        await run.SignalAsync("packed");

        Assert.Equal(1, await host.LoseWorkerAsync());

        Assert.Equal("""{"ship":"shipped"}""", run.Output.ToString());
        Assert.Equal([CallEnd.Lost, CallEnd.Returned], host.CallsOf("shipping.ship").Select(call => call.End));
    }

    [Fact]
    public async Task Whichever_commit_it_crashes_after_the_card_is_charged_once()
    {
        for (var commit = 1; commit <= 4; commit++)
        {
            await using var host = Host(out var gateway);
            host.CrashAfterCommits(commit);

            var run = await host.StartAsync(host.Register(Order), new { order = 7 }, id: "o");
            await run.SignalAsync("packed");

            Assert.Equal((1, WorkflowStatus.Completed), (host.Crashes, run.Status));
            Assert.Single(gateway.Charges);
        }
    }

    [Fact]
    public async Task A_run_that_waits_for_something_says_for_what()
    {
        await using var host = WorkflowTestHost.Create();
        var run = await host.StartAsync(host.Register(Order), new { order = 7 });

        var waits = await Assert.ThrowsAsync<WorkflowWaitsException>(() => run.EndAsync());

        Assert.Contains("a worker that offers 'payments.charge', for charge", waits.Message);
    }

    private static WorkflowTestHost Host(out Gateway gateway)
    {
        var own = gateway = new Gateway();
        return WorkflowTestHost.Create(h =>
        {
            h.Services.AddSingleton(own);
            h.AddTask<ChargeCard>("payments.charge");
            h.AddTask("shipping.ship", FakeHandler.Returns("shipped"));
        });
    }

    private sealed record Charge(int Order, int Cents);

    private sealed class Gateway
    {
        public int Requests { get; private set; }

        public Dictionary<string, int> Charges { get; } = [];

        public string Take(string key, int cents)
        {
            Requests++;
            Charges[key] = cents;
            return $"receipt for {cents}";
        }
    }

    private sealed class ChargeCard(Gateway gateway) : TaskHandler<Charge, string>
    {
        public override Task<string> RunAsync(Charge input, TaskContext context, CancellationToken cancellationToken) =>
            Task.FromResult(gateway.Take(context.IdempotencyKey, input.Cents));
    }
}

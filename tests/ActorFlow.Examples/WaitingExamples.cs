using ActorFlow.Testing;

namespace ActorFlow.Examples;

/// <summary>Waiting for signals and for time.</summary>
public sealed class WaitingExamples
{
    [Fact]
    public async Task Signal_waits_until_somebody_sends_it()
    {
        await using var host = WorkflowTestHost.Create();
        var run = await host.StartAsync(host.Register("""
            name: delivery
            tasks:
              arrived: { signal: parcel-arrived, schema: { type: object, required: [at] } }
            output: ${{ tasks.arrived.output.at }}
            """));
        await host.AdvanceAsync(30.Days());
        Assert.Equal(WorkflowStatus.Waiting, run.Status);

        var refused = await Assert.ThrowsAnyAsync<WorkflowRefusedException>(() => run.SignalAsync("parcel-arrived", "nowhere"));
        Assert.Equal("invalid-payload", refused.Code);
        await run.SignalAsync("parcel-arrived", new { at = "the door" });

        Assert.Equal("\"the door\"", run.Output.ToString());
    }

    [Fact]
    public async Task Signals_that_come_early_are_kept_and_taken_oldest_first()
    {
        await using var host = WorkflowTestHost.Create();
        var run = await host.StartAsync(host.Register("""
            name: counters
            tasks:
              later: { delay: 1h }
              numbers: { needs: [later], signal: number, repeat: { while: "${{ tasks.numbers.output !== 0 }}" } }
              all: { needs: [numbers], set: { last: "${{ tasks.numbers.output }}", count: "${{ tasks.numbers.attempts }}" } }
            """));
        foreach (var number in new[] { 7, 8, 0 })
        {
            await run.SignalAsync("number", number);
        }

        await run.EndAsync();

        Assert.Equal("""{"all":{"last":0,"count":3}}""", run.Output.ToString());
        Assert.Equal(["7", "8", "0"], run.History.Where(e => e.Event == "signal-received").Select(e => e.Value!.ToString()));
    }

    [Fact]
    public async Task Delay_takes_a_duration_or_a_moment()
    {
        await using var host = WorkflowTestHost.Create();
        var run = await host.StartAsync(host.Register("""
            name: reminder
            tasks:
              week: { delay: 7d }
              day: { needs: [week], delay: "${{ input.day }}" }
            """), new { day = "2026-02-01T09:00:00Z" });

        await host.AdvanceAsync(30.Days());
        Assert.False(run.HasEnded);
        await run.EndAsync();

        Assert.Equal(new DateTimeOffset(2026, 2, 1, 9, 0, 0, TimeSpan.Zero), run.ClosedAt);
    }
}

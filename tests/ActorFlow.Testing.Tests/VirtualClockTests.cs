namespace ActorFlow.Testing.Tests;

public sealed class VirtualClockTests
{
    private const string Waiting = "name: waiting\ntasks: { wait: { signal: go } }";

    [Fact]
    public async Task Time_stands_still_until_it_is_advanced()
    {
        await using var host = WorkflowTestHost.Create(h => h.StartTime = new(2030, 5, 1, 12, 0, 0, TimeSpan.FromHours(2)));
        var begun = host.Clock.GetUtcNow();
        Assert.Equal(new DateTimeOffset(2030, 5, 1, 10, 0, 0, TimeSpan.Zero), begun);

        await host.StartAsync(host.Register(Waiting));
        Assert.Equal(begun, host.Clock.GetUtcNow());
        await host.AdvanceAsync(30.Days() + 4.Hours() + 3.Minutes() + 2.Seconds() + 1.Milliseconds());

        Assert.Equal(new TimeSpan(30, 4, 3, 2, 1), host.Clock.GetUtcNow() - begun);
        Assert.Equal(new TimeSpan(30, 4, 3, 2, 1), host.Clock.GetElapsedTime(begun.Ticks));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => host.AdvanceAsync(-1.Seconds()));
    }

    [Fact]
    public async Task Timers_of_the_framework_fire_in_the_order_in_which_they_fall_due()
    {
        await using var host = WorkflowTestHost.Create();
        var fired = new List<string>();
        await using var late = host.Clock.CreateTimer(_ => fired.Add("late"), null, 3.Seconds(), Timeout.InfiniteTimeSpan);
        await using var often = host.Clock.CreateTimer(_ => fired.Add($"{host.Clock.GetUtcNow().Second}"), null, 1.Seconds(), 2.Seconds());
        await using var never = host.Clock.CreateTimer(_ => fired.Add("never"), null, 1.Seconds(), Timeout.InfiniteTimeSpan);
        using var cancelled = new CancellationTokenSource(4.Seconds(), host.Clock);
        await never.DisposeAsync();

        await host.AdvanceAsync(4.Seconds());

        Assert.Equal(["1", "late", "3"], fired);
        Assert.True(cancelled.IsCancellationRequested);
    }

    [Fact]
    public async Task A_handler_polls_by_the_clock_without_taking_time()
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask("poll", async (context, _) =>
        {
            using var timer = new PeriodicTimer(10.Minutes(), context.Clock);
            var ticks = 0;
            while (ticks < 100 && await timer.WaitForNextTickAsync(context.CancellationToken))
            {
                ticks++;
            }

            return ticks;
        }));
        var run = await host.StartAsync(host.Register("name: polling\ntasks: { poll: { uses: poll, timeout: 2d } }"));

        await run.EndAsync();

        Assert.Equal("""{"poll":100}""", run.Output.ToString());
        Assert.Equal(1_000.Minutes(), run.Took);
    }

    [Fact]
    public async Task A_month_of_minutes_passes_in_virtual_time()
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask("look", FakeHandler.Echoes()));
        var run = await host.StartAsync(host.Register(
            "name: watch\ntasks: { look: { uses: look, repeat: { while: \"true\", max: 50000, delay: 10m } } }"));

        await host.AdvanceAsync(30.Days());

        Assert.Equal(30 * 24 * 6 + 1, host.Calls.Count);
        Assert.Equal(30.Days(), host.Calls[^1].StartedAt - run.StartedAt);
    }
}

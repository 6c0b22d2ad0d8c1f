using ActorFlow.Testing;

namespace ActorFlow.Examples;

/// <summary>Retries, and limits of time: of an attempt, of all attempts, of silence, of the run.</summary>
public sealed class TimeLimitExamples
{
    [Fact]
    public async Task Retry_waits_longer_each_time_and_keeps_the_idempotency_key()
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask(
            "flaky", FakeHandler.InTurn(FakeHandler.Fails("Busy"), FakeHandler.Fails("Busy"), FakeHandler.Echoes())));
        var run = await host.StartAsync(host.Register("""
            name: retrying
            tasks:
              call: { uses: flaky, with: 1, retry: { max-attempts: 5, initial: 10s, factor: 3, jitter: 0 } }
            """));

        await run.EndAsync();

        Assert.Equal(WorkflowStatus.Completed, run.Status);
        Assert.Equal([0, 10, 40], host.Calls.Select(call => (call.StartedAt - run.StartedAt).TotalSeconds));
        Assert.Single(host.Calls.Select(call => call.IdempotencyKey).Distinct());
    }

    [Fact]
    public async Task Timeout_ends_an_attempt_that_never_returns_and_another_follows()
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask(
            "hang", FakeHandler.InTurn(FakeHandler.NeverReturns(), FakeHandler.Returns("at last"))));
        var run = await host.StartAsync(host.Register("""
            name: impatient
            tasks:
              hang: { uses: hang, timeout: 5m, retry: { max-attempts: 2, initial: 1s, jitter: 0 } }
            """));

        await run.EndAsync();

        Assert.Equal("""{"hang":"at last"}""", run.Output.ToString());
        Assert.Equal([CallEnd.TimedOut, CallEnd.Returned], host.Calls.Select(call => call.End));
        Assert.Equal(5.Minutes() + 1.Seconds(), run.Took);
    }

    [Fact]
    public async Task Deadline_bounds_all_attempts_together()
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask("down", FakeHandler.Fails("Unreachable")));
        var run = await host.StartAsync(host.Register("""
            name: bounded
            tasks:
              call: { uses: down, deadline: 1m, retry: { max-attempts: 100, backoff: constant, initial: 25s, jitter: 0 } }
            """));

        await run.EndAsync();

        Assert.Equal("DeadlineExceeded", run.Error!.Type);
        Assert.Equal(3, host.Calls.Count);
    }

    [Fact]
    public async Task Heartbeat_finds_a_handler_that_has_gone_silent_and_hands_its_progress_on()
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask("copy", async (context, _) =>
        {
            var done = context.PreviousProgress?.To<int>() ?? 0;
            for (var step = done; step < 4; step++)
            {
                await context.DelayAsync(20.Seconds());
                await context.HeartbeatAsync(Payload.From(step + 1));
                if (step == 1 && context.Attempt == 1)
                {
                    await context.ForeverAsync();
                }
            }

            return $"went on at {done}";
        }));
        var run = await host.StartAsync(host.Register("""
            name: copying
            tasks:
              copy: { uses: copy, heartbeat: 30s, retry: { max-attempts: 2, initial: 1s, jitter: 0 } }
            """));

        await run.EndAsync();

        Assert.Equal("""{"copy":"went on at 2"}""", run.Output.ToString());
        Assert.Equal("HeartbeatTimedOut", host.Calls[0].ErrorType);
        Assert.Equal(40.Seconds() + 30.Seconds() + 1.Seconds() + 40.Seconds(), run.Took);
    }

    [Fact]
    public async Task The_timeout_of_the_run_cancels_whatever_it_does()
    {
        await using var host = WorkflowTestHost.Create(h => h.AddTask("hang", FakeHandler.NeverReturns()));
        var run = await host.StartAsync(host.Register("""
            name: limited
            timeout: 2d
            tasks:
              hang: { uses: hang, timeout: 30d }
            """));

        await run.EndAsync();

        Assert.Equal(("TimedOut", 2.Days()), (run.Error!.Type, run.Took));
        Assert.Equal(CallEnd.Cancelled, Assert.Single(host.Calls).End);
    }

    [Fact]
    public async Task On_error_continue_lets_the_others_run_and_tells_them_why()
    {
        await using var host = WorkflowTestHost.Create(h =>
        {
            h.AddTask("optional", FakeHandler.Fails("Unreachable", "no route"));
            h.AddTask("next", FakeHandler.Echoes());
        });
        var run = await host.StartAsync(host.Register("""
            name: tolerant
            tasks:
              optional: { uses: optional, on-error: continue }
              next: { needs: [optional], uses: next, with: "${{ tasks.optional.error.type }}" }
            """));

        await run.EndAsync();

        Assert.Equal("""{"next":"Unreachable"}""", run.Output.ToString());
    }
}

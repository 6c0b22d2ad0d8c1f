using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;

namespace ActorFlow.Runtime.Tests.Tasks;

/// <summary>Timeout, heartbeat, cancellation and grace, on a clock that moves when the test says so.</summary>
public sealed class AttemptTimeTests : WorkerTest
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task An_attempt_past_its_timeout_has_timed_out_and_its_handler_is_told_to_stop()
    {
        var handler = Handler.Waiting;
        Begin(("echo", handler));
        FakeQueue.Hand(Order(1, timeout: Minute));
        await Until(() => handler.Calls == 1);
        Time.Advance(Minute - TimeSpan.FromMilliseconds(1));
        FakeQueue.Inventory();
        Assert.Empty(Runs.Reports);

        Time.Advance(TimeSpan.FromMilliseconds(1));

        var failure = Assert.IsType<TaskOutcome.Failed>(await OutcomeOf(Attempt(1)));
        Assert.Equal((ErrorTypes.TimedOut, true), (failure.Type, failure.Retryable));
    }

    [Fact]
    public async Task Past_its_time_an_attempt_has_failed_even_if_its_handler_comes_to_an_end_after_all()
    {
        Begin(("echo", new Handler(async (input, _, token) =>
        {
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, TaskScheduler.Default);
            return input;
        })));
        FakeQueue.Hand(Order(1, timeout: Minute));

        await AdvanceUntil(() => Runs.OutcomeOf(Attempt(1)) is not null, Minute);

        Assert.Equal(ErrorTypes.TimedOut, Assert.IsType<TaskOutcome.Failed>(Runs.OutcomeOf(Attempt(1))).Type);
    }

    [Fact]
    public async Task A_short_timeout_after_a_long_one_in_the_same_slot_is_kept()
    {
        WorkerOptions = SlotsOf(1);
        var waiting = Handler.Waiting;
        Begin(("echo", Handler.Echo), ("wait", waiting));
        await OutcomeOf(Order(1, timeout: TimeSpan.FromDays(40)));
        FakeQueue.Hand(Order(2, "wait", timeout: TimeSpan.FromSeconds(2)));
        await Until(() => waiting.Calls == 1);

        Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(ErrorTypes.TimedOut, Assert.IsType<TaskOutcome.Failed>(await OutcomeOf(Attempt(2))).Type);
    }

    [Fact]
    public async Task A_silent_handler_fails_with_HeartbeatTimedOut_and_its_last_progress()
    {
        var handler = new Handler(async (input, context, token) =>
        {
            await context.HeartbeatAsync(Payload.From("half"));
            await Task.Delay(Timeout.Infinite, token);
            return input;
        });
        Begin(("echo", handler));
        FakeQueue.Hand(Order(1, heartbeat: TimeSpan.FromSeconds(10)));
        await Until(() => handler.Calls == 1);

        await AdvanceUntil(() => Runs.OutcomeOf(Attempt(1)) is not null, TimeSpan.FromSeconds(1));

        var failure = Assert.IsType<TaskOutcome.Failed>(Runs.OutcomeOf(Attempt(1)));
        Assert.Equal((ErrorTypes.HeartbeatTimedOut, true, Payload.From("half")), (failure.Type, failure.Retryable, failure.Progress));
        Assert.True(Time.GetUtcNow() - Noon >= TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_handler_that_says_it_is_alive_goes_on_for_longer_than_its_heartbeat()
    {
        var beat = new SemaphoreSlim(0);
        var beaten = new SemaphoreSlim(0);
        Begin(("echo", new Handler(async (input, context, token) =>
        {
            for (var beats = 0; beats < 10; beats++)
            {
                await beat.WaitAsync(token);
                await context.HeartbeatAsync();
                beaten.Release();
            }

            return input;
        })));
        FakeQueue.Hand(Order(1, heartbeat: TimeSpan.FromSeconds(10)));

        for (var beats = 0; beats < 10; beats++)
        {
            Time.Advance(TimeSpan.FromSeconds(9));
            beat.Release();
            Assert.True(await beaten.WaitAsync(Patience));
        }

        Assert.IsType<TaskOutcome.Succeeded>(await OutcomeOf(Attempt(1)));
    }

    [Fact]
    public async Task A_withdrawn_attempt_whose_handler_stops_is_cancelled()
    {
        var handler = Handler.Waiting;
        Begin(("echo", handler));
        var lease = FakeQueue.Hand(Order(1));
        await Until(() => handler.Calls == 1);

        FakeQueue.Cancel(Attempt(1), lease);

        Assert.Equal(TaskOutcome.Cancelled.Instance, await OutcomeOf(Attempt(1)));
        Assert.Equal(lease, Runs.Reports.Single().Lease);
    }

    [Fact]
    public async Task Failure_08_a_withdrawn_attempt_whose_handler_succeeds_all_the_same_has_succeeded()
    {
        var stopped = new TaskCompletionSource();
        var handler = new Handler(async (input, _, token) =>
        {
            using var registration = token.Register(stopped.SetResult);
            await stopped.Task;
            return input;
        });
        Begin(("echo", handler));
        var lease = FakeQueue.Hand(Order(1));
        await Until(() => handler.Calls == 1);

        FakeQueue.Cancel(Attempt(1), lease);

        Assert.IsType<TaskOutcome.Succeeded>(await OutcomeOf(Attempt(1)));
    }

    [Fact]
    public async Task A_withdrawn_attempt_whose_handler_does_not_stop_is_abandoned_after_the_grace()
    {
        var release = new TaskCompletionSource();
        var handler = Handler.That(_ => release.Task);
        Begin(("echo", handler));
        var lease = FakeQueue.Hand(Order(1));
        await Until(() => handler.Calls == 1);
        FakeQueue.Cancel(Attempt(1), lease);
        FakeQueue.Inventory();
        Time.Advance(TimeSpan.FromSeconds(9));
        FakeQueue.Inventory();
        Assert.Empty(Runs.Reports);

        await AdvanceUntil(() => Runs.OutcomeOf(Attempt(1)) is not null);

        Assert.Equal(TaskOutcome.Abandoned.Instance, Runs.OutcomeOf(Attempt(1)));
        release.SetResult();
    }

    [Fact]
    public async Task A_revoked_attempt_is_given_back_and_what_its_handler_throws_is_no_failure()
    {
        var handler = Handler.That(async token =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            catch (OperationCanceledException)
            {
                throw new IOException("The pipe broke.");
            }
        });
        Begin(("echo", handler));
        var lease = FakeQueue.Hand(Order(1));
        await Until(() => handler.Calls == 1);

        FakeQueue.Cancel(Attempt(1), lease, revoked: true);

        Assert.Equal(TaskOutcome.Released.Instance, await OutcomeOf(Attempt(1)));
    }

    [Fact]
    public async Task A_cancellation_of_another_lease_changes_nothing()
    {
        var release = new TaskCompletionSource();
        var handler = Handler.That(_ => release.Task);
        Begin(("echo", handler));
        var lease = FakeQueue.Hand(Order(1));
        await Until(() => handler.Calls == 1);

        FakeQueue.Cancel(Attempt(1), new LeaseId(lease.Epoch, lease.Number + 1));
        FakeQueue.Inventory();
        release.SetResult();

        Assert.IsType<TaskOutcome.Succeeded>(await OutcomeOf(Attempt(1)));
    }

    [Fact]
    public async Task Failure_15_an_abandoned_handler_keeps_its_slot_until_it_ends()
    {
        var release = new TaskCompletionSource();
        var handler = Handler.That(_ => release.Task);
        WorkerOptions = SlotsOf(2);
        Begin(("echo", handler));
        FakeQueue.Hand(Order(1, timeout: Minute));
        await Until(() => handler.Calls == 1);
        await AdvanceUntil(() => Runs.OutcomeOf(Attempt(1)) is not null, TimeSpan.FromSeconds(10));
        Assert.Equal(ErrorTypes.TimedOut, Assert.IsType<TaskOutcome.Failed>(Runs.OutcomeOf(Attempt(1))).Type);

        var inventory = FakeQueue.Inventory();
        Assert.Equal(1, inventory.State.Free);
        release.SetResult();

        await Until(() => FakeQueue.Inventory().State.Free == 2);
        Assert.Single(Runs.Reports.Distinct());
    }

    [Fact]
    public async Task Failure_15_a_node_is_unhealthy_while_more_than_half_of_its_slots_are_abandoned()
    {
        var release = new TaskCompletionSource();
        var handler = Handler.That(_ => release.Task);
        WorkerOptions = SlotsOf(3);
        Begin(("echo", handler));
        FakeQueue.Hand(Order(1, timeout: Minute));
        await Until(() => handler.Calls == 1);
        await AdvanceUntil(() => Runs.OutcomeOf(Attempt(1)) is not null, TimeSpan.FromSeconds(10));
        FakeQueue.Inventory();
        Assert.True(Worker.IsHealthy);

        FakeQueue.Hand(Order(2, timeout: Minute));
        await Until(() => handler.Calls == 2);
        await AdvanceUntil(() => Runs.OutcomeOf(Attempt(2)) is not null, TimeSpan.FromSeconds(10));
        await Until(() => !Worker.IsHealthy);
        release.SetResult();

        await Until(() => Worker.IsHealthy);
    }

    [Fact]
    public async Task Handlers_that_block_their_threads_hold_up_nobody_else()
    {
        const int Blocking = 60;
        using var gate = new ManualResetEventSlim();
        var blocking = new Handler((input, _, _) =>
        {
            gate.Wait();
            return Task.FromResult(input);
        });
        WorkerOptions = SlotsOf(100);
        Begin(("block", blocking), ("echo", Handler.Echo));
        for (var n = 0; n < Blocking; n++)
        {
            FakeQueue.Hand(Order(n, "block"));
        }

        // Left to itself the pool takes half a minute to make up for so many threads.
        for (var n = 100; n < 120; n++)
        {
            Assert.IsType<TaskOutcome.Succeeded>(await OutcomeOf(Order(n)));
        }

        gate.Set();
        await Until(() => Runs.Reports.Count == Blocking + 20);
    }
}

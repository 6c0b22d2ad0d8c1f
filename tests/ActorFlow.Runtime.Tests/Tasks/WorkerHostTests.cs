using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Tasks;

/// <summary>What a host tells queues and runs, and what it keeps over its own end.</summary>
public sealed class WorkerHostTests : WorkerTest
{
    [Fact]
    public void A_host_asks_its_queues_for_work_with_its_free_slots_and_handlers()
    {
        WorkerOptions = SlotsOf(3);
        Begin(("b", Handler.Echo), ("a", Handler.Echo));

        var inventory = FakeQueue.Inventory();

        Assert.Equal(("w1", 3), (inventory.State.Node, inventory.State.Free));
        Assert.Equal(["a", "b"], inventory.Handlers.AsEnumerable());
        Assert.Empty(inventory.Held);
    }

    [Fact]
    public void Failure_09_a_host_says_everything_it_holds_every_5_seconds()
    {
        Begin(("echo", Handler.Echo));
        FakeQueue.Inventory();
        for (var pulls = 0; pulls < 3; pulls++)
        {
            Time.Advance(TimeSpan.FromSeconds(5));
            FakeQueue.Expect<WorkerInventory>();
            FakeQueue.Acknowledge();
        }
    }

    [Fact]
    public void Failure_09_a_host_that_has_missed_a_hand_out_says_so_at_once()
    {
        Begin(("echo", Handler.Echo));
        FakeQueue.Inventory();
        FakeQueue.LoseOne();

        FakeQueue.Acknowledge();

        Assert.Equal(1, FakeQueue.Expect<WorkerInventory>().State.Seen);
    }

    [Fact]
    public async Task A_hand_out_that_comes_twice_or_too_late_runs_once_or_not_at_all()
    {
        var echo = Handler.Echo;
        Begin(("echo", echo));
        var lease = FakeQueue.Hand(Order(1));
        await OutcomeOf(Attempt(1));
        FakeQueue.Inventory();

        FakeQueue.Hand(lease, Order(1));
        FakeQueue.LoseOne();
        FakeQueue.Hand(Order(3));
        await OutcomeOf(Attempt(3));
        FakeQueue.Hand(new LeaseId(lease.Epoch, lease.Number + 1), Order(2));

        Assert.Empty(FakeQueue.Inventory().Held);
        Assert.Equal(2, echo.Calls);
    }

    [Fact]
    public async Task The_first_report_goes_straight_to_the_run_and_repeats_go_through_the_region_until_acknowledged()
    {
        var region = CreateTestProbe();
        var node = Node(("echo", Handler.Echo));
        var queue = new FakeQueue(CreateTestProbe(), Runs.Ref);
        Sys.ActorOf(WorkerHost.Props(node, "w1", queue.Probe.Ref, region.Ref));
        queue.Connect();
        Runs.Acknowledges = false;
        queue.Hand(Order(1));
        await Until(() => Runs.Reports.Count == 1);
        region.ExpectNoMsg(TimeSpan.FromMilliseconds(50));

        Time.Advance(TimeSpan.FromSeconds(1));
        var report = region.ExpectMsg<WorkflowCommand.Report>(Patience);
        Time.Advance(TimeSpan.FromSeconds(1));
        queue.Inventory();
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(report, region.ExpectMsg<WorkflowCommand.Report>(Patience));
        region.Reply(new ReportAcknowledged(report.WorkflowId, report.Attempt, report.Lease));

        Assert.Empty(queue.Inventory().Held);
        Time.Advance(TimeSpan.FromMinutes(2));
        queue.Inventory();
        region.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Assert.Single(Runs.Reports.Distinct());
    }

    [Fact]
    public void Failure_09_a_report_goes_to_a_run_that_moved_at_the_latest_30_seconds_after_the_one_before()
    {
        var node = Node(("echo", Handler.Echo));
        var (queue, region) = (new FakeQueue(CreateTestProbe(), ActorRefs.Nobody), CreateTestProbe());
        Sys.ActorOf(WorkerHost.Props(node, "w1", queue.Probe.Ref, region.Ref));
        queue.Connect();
        queue.Hand(Order(1));
        while (queue.Inventory().Held is not [{ Ended: true }])
        {
        }

        var last = Time.GetUtcNow();
        for (var repeats = 0; repeats < 10; repeats++)
        {
            while (!region.HasMessages)
            {
                Time.Advance(TimeSpan.FromSeconds(1));
                queue.Inventory();
            }

            region.ExpectMsg<WorkflowCommand.Report>(Patience);
            Assert.InRange(Time.GetUtcNow() - last, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(31));
            last = Time.GetUtcNow();
        }
    }

    [Fact]
    public async Task Failure_12_the_slot_is_free_when_the_handler_ends_and_the_lease_when_the_run_acknowledges()
    {
        Runs.Acknowledges = false;
        WorkerOptions = SlotsOf(1);
        Begin(("echo", Handler.Echo));
        var lease = FakeQueue.Hand(Order(1));
        await OutcomeOf(Attempt(1));

        var inventory = FakeQueue.Inventory();
        Assert.Equal(1, inventory.State.Free);
        Assert.Equal((lease, true), (inventory.Held.Single().Lease, inventory.Held.Single().Ended));

        Host.Tell(new ReportAcknowledged("wf", Attempt(1), lease), Runs.Ref);
        Assert.Equal(new SettledLease(lease, Attempt(1), true), Assert.Single(FakeQueue.Expect<SlotsChanged>().State.Settled));
        Assert.Empty(FakeQueue.Inventory().Held);
    }

    [Fact]
    public async Task Failure_12_asked_to_report_again_a_host_does_so_at_once()
    {
        Runs.Acknowledges = false;
        Begin(("echo", Handler.Echo));
        FakeQueue.Hand(Order(1));
        await OutcomeOf(Attempt(1));

        FakeQueue.ReportAgain(Attempt(1));

        await Until(() => Runs.Reports.Count == 2);
    }

    [Fact]
    public async Task Failure_12_a_host_whose_results_nobody_acknowledges_asks_for_no_more_work()
    {
        Runs.Acknowledges = false;
        WorkerOptions = SlotsOf(4);
        WorkerOptions.UnacknowledgedLimit = 2;
        Begin(("echo", Handler.Echo));
        FakeQueue.Hand(Order(1));
        await OutcomeOf(Attempt(1));
        Assert.Equal(4, FakeQueue.Inventory().State.Free);
        FakeQueue.Hand(Order(2));
        await OutcomeOf(Attempt(2));
        Assert.Equal(0, FakeQueue.Inventory().State.Free);

        Runs.Acknowledges = true;
        Time.Advance(TimeSpan.FromSeconds(1));

        await Until(() => FakeQueue.Inventory().State.Free == 4);
    }

    [Fact]
    public async Task What_a_host_has_no_slot_for_it_gives_back()
    {
        WorkerOptions = SlotsOf(1);
        var waiting = Handler.Waiting;
        Begin(("wait", waiting));
        FakeQueue.Hand(Order(1, "wait"));

        Assert.Equal(TaskOutcome.Released.Instance, await OutcomeOf(Order(2, "wait")));
        Assert.True(waiting.Calls <= 1);
    }

    [Fact]
    public async Task Slots_keep_their_task_actors_from_attempt_to_attempt()
    {
        WorkerOptions = SlotsOf(2);
        Begin(("echo", Handler.Echo));
        for (var n = 1; n <= 20; n++)
        {
            await OutcomeOf(Order(n));
            await Until(() => FakeQueue.Inventory().State.Free == 2);
        }

        var probe = CreateTestProbe();
        Sys.ActorSelection(Host.Path / "*").Tell(new Identify(1), probe.Ref);
        probe.ExpectMsg<ActorIdentity>(Patience);
        probe.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task Failure_11_a_host_that_has_answered_a_queue_obeys_no_older_one()
    {
        var echo = Handler.Echo;
        Begin(("echo", echo));
        var inventory = FakeQueue.Inventory();
        var old = CreateTestProbe();

        Host.Tell(new AssignAttempts(Queue, 999, inventory.State.HostEpoch, [new(new LeaseId(999, 1), "wf", Order(1), Runs.Ref)]), old.Ref);
        Host.Tell(new InventoryRequest(Queue, 999), old.Ref);

        Assert.Equal(1_000, old.ExpectMsg<WorkerInventory>(Patience).State.QueueEpoch);
        await OutcomeOf(Order(2));
        Assert.Equal(1, echo.Calls);
    }

    [Fact]
    public async Task Failure_11_an_attempt_that_runs_is_not_run_again_for_a_newer_queue()
    {
        var release = new TaskCompletionSource();
        var handler = Handler.That(_ => release.Task);
        Begin(("echo", handler));
        var lease = FakeQueue.Hand(Order(1));
        await Until(() => handler.Calls == 1);
        var next = new FakeQueue(CreateTestProbe(), Runs.Ref, epoch: 2_000);
        Host.Tell(new InventoryRequest(Queue, 2_000), next.Probe.Ref);
        Assert.Equal(lease, Assert.Single(next.Connect(Host).Held).Lease);

        next.Hand(Order(1));
        Assert.Equal(lease, Assert.Single(next.Inventory().Held).Lease);
        release.SetResult();

        await OutcomeOf(Attempt(1));
        Assert.Equal(lease, Runs.Reports.Single().Lease);
        Assert.Equal(1, handler.Calls);
    }

    [Fact]
    public async Task Failure_12_a_new_queue_is_told_of_recent_successes_until_it_answers()
    {
        Begin(("echo", Handler.Echo));
        var lease = FakeQueue.Hand(Order(1));
        await OutcomeOf(Attempt(1));
        Assert.Equal(Attempt(1), Assert.Single(FakeQueue.Expect<SlotsChanged>(said => !said.State.Settled.IsEmpty).State.Settled).Attempt);
        var next = CreateTestProbe();
        for (var asked = 0; asked < 2; asked++)
        {
            Host.Tell(new InventoryRequest(Queue, 2_000), next.Ref);
            Assert.Equal(new SettledLease(lease, Attempt(1), true), Assert.Single(next.ExpectMsg<WorkerInventory>(Patience).State.Settled));
        }

        Host.Tell(new InventoryAcknowledged(Queue, 2_000, FakeQueue.HostEpoch, 0), next.Ref);
        Host.Tell(new InventoryRequest(Queue, 2_000), next.Ref);

        Assert.Empty(next.ExpectMsg<WorkerInventory>(Patience).State.Settled);
    }

    [Fact]
    public void A_host_whose_queue_stops_looks_for_the_next()
    {
        Begin(("echo", Handler.Echo));
        var moved = CreateTestProbe();
        Host.Tell(new InventoryRequest(Queue, 2_000), moved.Ref);
        moved.ExpectMsg<WorkerInventory>(Patience);

        Sys.Stop(moved.Ref);

        Assert.Equal(2_000, FakeQueue.Expect<WorkerInventory>().State.QueueEpoch);
    }

    [Fact]
    public async Task Failure_10_handlers_and_results_outlive_the_host_and_its_successor_goes_on_with_them()
    {
        Runs.Acknowledges = false;
        var release = new TaskCompletionSource();
        var waiting = Handler.That(_ => release.Task);
        Begin(Node(("wait", waiting), ("echo", Handler.Echo)), supervised: true);
        var first = FakeQueue.Inventory().Host;
        var running = FakeQueue.Hand(Order(1, "wait"));
        var ended = FakeQueue.Hand(Order(2));
        await OutcomeOf(Attempt(2));
        Watch(first);

        // Nothing it could make sense of.
        first.Tell(new AssignAttempts(Queue, 1_000, FakeQueue.Inventory().State.HostEpoch, default), FakeQueue.Probe.Ref);
        ExpectTerminated(first);
        FakeQueue.Probe.ReceiveWhile(_ => true, TimeSpan.FromMilliseconds(1), TimeSpan.Zero);
        // The next host begins a moment after the supervisor has heard of the end of the first, whenever that is.
        await AdvanceUntil(() => FakeQueue.Probe.HasMessages);

        var inventory = FakeQueue.Connect();
        Assert.NotEqual(first, inventory.Host);
        Assert.Equal(
            [(running, false), (ended, true)], inventory.Held.OrderBy(held => held.Lease).Select(held => (held.Lease, held.Ended)));
        Assert.Equal(WorkerOptions.Slots[Queue] - 1, inventory.State.Free);
        Runs.Acknowledges = true;
        release.SetResult();
        Assert.IsType<TaskOutcome.Succeeded>(await OutcomeOf(Attempt(1)));
        await AdvanceUntil(() => FakeQueue.Inventory().Held.IsEmpty);
        Assert.Equal(1, waiting.Calls);
    }

    [Fact]
    public async Task Failure_10_a_host_that_was_replaced_is_not_obeyed()
    {
        var echo = Handler.Echo;
        Begin(("echo", echo));
        var inventory = FakeQueue.Inventory();

        Host.Tell(
            new AssignAttempts(Queue, 1_000, inventory.State.HostEpoch - 1, [new(new LeaseId(1_000, 1), "wf", Order(1), Runs.Ref)]), FakeQueue.Probe.Ref);

        await OutcomeOf(Order(2));
        Assert.Equal(1, echo.Calls);
    }

    [Fact]
    public async Task Failure_25_a_drained_worker_takes_nothing_new_gives_back_what_it_stopped_and_reports_what_it_finished()
    {
        var (quick, slow) = (Handler.Waiting, new Handler(async (input, _, token) =>
        {
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, TaskScheduler.Default);
            return input;
        }));
        Begin(Node(("quick", quick), ("slow", slow)), supervised: true);
        FakeQueue.Hand(Order(1, "quick"));
        FakeQueue.Hand(Order(2, "slow"));
        await Until(() => quick.Calls + slow.Calls == 2);

        var drained = WorkerSupervisor.DrainAsync(Host, Patience);

        await drained;
        Assert.Equal(TaskOutcome.Released.Instance, Runs.OutcomeOf(Attempt(1)));
        Assert.IsType<TaskOutcome.Succeeded>(Runs.OutcomeOf(Attempt(2)));
        Assert.Equal(0, FakeQueue.Expect<WorkerInventory>().State.Free);
        Assert.Equal(2, FakeQueue.Probe.ReceiveWhile<object>(TimeSpan.FromSeconds(1), TimeSpan.Zero, m => m)
            .OfType<SlotsChanged>().Sum(said => said.State.Settled.Length));
        Watch(Host);
        ExpectTerminated(Host);
    }

    [Fact]
    public async Task Failure_25_a_handler_that_does_not_stop_holds_up_the_shutdown_no_longer_than_its_grace()
    {
        var release = new TaskCompletionSource();
        var handler = Handler.That(_ => release.Task);
        Begin(Node(("echo", handler)), supervised: true);
        FakeQueue.Hand(Order(1));
        await Until(() => handler.Calls == 1);
        var begun = Time.GetUtcNow();

        var drained = WorkerSupervisor.DrainAsync(Host, Patience);
        await AdvanceUntil(() => drained.IsCompleted);

        await drained;
        Assert.Equal(TaskOutcome.Released.Instance, Runs.OutcomeOf(Attempt(1)));
        Assert.True(Time.GetUtcNow() - begun >= TimeSpan.FromSeconds(10));
        release.SetResult();
    }

    [Fact]
    public async Task Failure_25_a_shutdown_does_not_wait_for_ever_for_runs_that_do_not_answer()
    {
        Runs.Acknowledges = false;
        Begin(Node(("echo", Handler.Echo)), supervised: true);
        FakeQueue.Hand(Order(1));
        await OutcomeOf(Attempt(1));

        var drained = WorkerSupervisor.DrainAsync(Host, Patience);
        await AdvanceUntil(() => drained.IsCompleted, TimeSpan.FromSeconds(1));

        await drained;
    }
}

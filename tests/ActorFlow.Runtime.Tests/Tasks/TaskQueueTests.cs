using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Tasks;

public sealed class TaskQueueTests : DispatchTest
{
    [Fact]
    public void A_repeated_offer_changes_nothing()
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free: 1);
        queue.Tell(OfferOf(Order(1), Order(2)));
        var first = host.ExpectRun(Attempt(1));
        queue.Tell(OfferOf(Order(1), Order(2)));
        host.Seen = first.Lease.Number;

        host.Say(free: 1, FakeHost.Over(first));

        host.ExpectRun(Attempt(2));
        Assert.All(Runs.Of<OfferAcknowledged>(), answer => Assert.Equal(2, answer.Accepted.Length));
    }

    [Fact]
    public void No_more_is_handed_out_than_there_are_slots()
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free: 2);

        queue.Tell(OfferOf(Order(1), Order(2), Order(3)));

        Assert.Equal(2, host.Expect<Run>().Assignments.Length);

        // Said before it has seen what was handed to it: that counts against what is free.
        host.Say(free: 2);
        host.ExpectNo<Run>();
    }

    [Fact]
    public void Work_goes_to_the_worker_with_the_most_room_among_those_that_offer_the_handler()
    {
        var queue = StartQueue();
        var small = Host(queue, "small").Join(free: 1);
        var large = Host(queue, "large").Join(free: 3);
        var other = Host(queue, "other", handler: "rare").Join(free: 9);

        queue.Tell(OfferOf(Order(1), Order(2)));

        Assert.Equal(2, large.Expect<Run>().Assignments.Length);
        small.ExpectNo<Run>();
        other.ExpectNo<Run>();
    }

    [Fact]
    public void An_attempt_that_nobody_can_run_waits_for_a_worker_that_can()
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free: 5);
        queue.Tell(OfferOf(Order(1, "rare", priority: 9), Order(2)));
        host.ExpectRun(Attempt(2));

        var rare = Host(queue, "rare", handler: "rare").Join(free: 1);

        rare.ExpectRun(Attempt(1));
    }

    [Fact]
    public void A_withdrawn_attempt_that_waits_ends_as_cancelled_and_is_not_handed_out()
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free: 0);
        queue.Tell(OfferOf(Order(1), Order(2)));
        queue.Tell(new Withdraw(Queue, "wf", [Attempt(1)], Runs.Ref));
        host.Say(free: 2);

        host.ExpectRun(Attempt(2));
        AwaitCondition(() => Runs.Reports.Count == 1, Patience);
        Assert.Equal(TaskOutcome.Cancelled.Instance, Runs.OutcomeOf(Attempt(1)));
    }

    [Fact]
    public void A_withdrawn_attempt_that_nobody_knows_ends_as_cancelled_under_a_lease_newer_than_any()
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free: 1);
        queue.Tell(OfferOf(Order(1)));
        var run = host.ExpectRun(Attempt(1));
        host.Seen = run.Lease.Number;
        host.Say(free: 1, FakeHost.Over(run, succeeded: false));

        queue.Tell(new Withdraw(Queue, "wf", [Attempt(1)], Runs.Ref));

        AwaitCondition(() => Runs.Reports.Count == 1, Patience);
        var report = Runs.Reports.Single();
        Assert.Equal(TaskOutcome.Cancelled.Instance, report.Outcome);
        Assert.True(report.Lease > run.Lease);
    }

    [Fact]
    public void A_withdrawn_attempt_that_runs_is_cancelled_on_its_worker_each_time()
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free: 1);
        queue.Tell(OfferOf(Order(1)));
        var run = host.ExpectRun(Attempt(1));

        for (var repeat = 0; repeat < 2; repeat++)
        {
            queue.Tell(new Withdraw(Queue, "wf", [Attempt(1)], Runs.Ref));
            var cancel = host.Expect<CancelAttempt>();
            Assert.Equal((run.Lease, false), (cancel.Lease, cancel.Revoked));
        }

        Assert.Empty(Runs.Reports);
    }

    [Fact]
    public async Task What_the_queue_reports_it_repeats_until_it_is_acknowledged()
    {
        Runs.Acknowledges = false;
        var queue = StartQueue();
        Host(queue).Join(free: 1);
        queue.Tell(new Withdraw(Queue, "wf", [Attempt(1)], Runs.Ref));
        await AdvanceUntil(() => Runs.Reports.Count >= 3, TimeSpan.FromSeconds(1));
        Assert.Single(Runs.Reports.Distinct());

        Runs.Acknowledges = true;
        await AdvanceUntil(() => Runs.Reports.Count >= 4, TimeSpan.FromSeconds(1));
        await Runs.CatchUpAsync();
        var host = Host(queue, "sync").Join(free: 0);
        await Runs.CatchUpAsync();
        var known = Runs.Reports.Count;
        Time.Advance(TimeSpan.FromMinutes(2));
        host.ExpectNo<Run>();
        await Runs.CatchUpAsync();
        Assert.Equal(known, Runs.Reports.Count);
    }

    [Fact]
    public void Rule_9_a_lease_that_two_inventories_do_not_have_is_lost()
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free: 1);
        queue.Tell(OfferOf(Order(1)));
        var run = host.ExpectRun(Attempt(1));

        // Not having seen the hand-out, an inventory says nothing about it.
        host.Pull(free: 1);
        host.Pull(free: 1);
        Assert.Equal(run.Lease.Number, host.Expect<PullAcknowledged>().Newest);
        host.Expect<PullAcknowledged>();
        host.Seen = run.Lease.Number;
        host.Pull(free: 1);
        host.Expect<PullAcknowledged>();
        Assert.Empty(Runs.Reports);
        host.Pull(free: 1);

        AwaitCondition(() => Runs.Reports.Count == 1, Patience);
        Assert.Equal(new WorkflowCommand.Report("wf", Attempt(1), run.Lease, TaskOutcome.Lost.Instance), Runs.Reports.Single());
    }

    [Fact]
    public void Rule_9_a_lost_attempt_that_is_offered_again_gets_a_newer_lease()
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free: 1);
        queue.Tell(OfferOf(Order(1)));
        var run = host.ExpectRun(Attempt(1));
        host.Seen = run.Lease.Number;
        host.Pull(free: 1);
        host.Pull(free: 1);
        AwaitCondition(() => Runs.Reports.Count == 1, Patience);
        host.Expect<PullAcknowledged>();
        host.Expect<PullAcknowledged>();

        queue.Tell(OfferOf(Order(1)));

        Assert.True(host.ExpectRun(Attempt(1)).Lease > run.Lease);
    }

    [Fact]
    public void Rule_10_what_a_new_incarnation_of_a_host_does_not_hold_is_lost_and_what_it_holds_goes_on()
    {
        var queue = StartQueue();
        var former = Host(queue).Join(free: 2);
        queue.Tell(OfferOf(Order(1), Order(2)));
        var run = former.Expect<Run>();

        var next = Host(queue, epoch: 2);
        next.QueueEpoch = former.QueueEpoch;
        next.Join(free: 1, FakeHost.Holding(run.Assignments[0]));

        AwaitCondition(() => Runs.Reports.Count == 1, Patience);
        Assert.Equal(TaskOutcome.Lost.Instance, Runs.OutcomeOf(Attempt(2)));
        queue.Tell(OfferOf(Order(1)));
        next.ExpectNo<Run>();
        former.Pull(free: 9);
        queue.Tell(OfferOf(Order(3)));
        former.Probe.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task Rule_10_a_host_that_stopped_on_a_live_node_may_come_back_with_what_it_ran()
    {
        var queue = StartQueue();
        var former = Host(queue).Join(free: 1);
        queue.Tell(OfferOf(Order(1)));
        var run = former.ExpectRun(Attempt(1));
        Sys.Stop(former.Probe.Ref);
        var next = Host(queue, epoch: 2);
        next.QueueEpoch = former.QueueEpoch;
        next.Join(free: 0, FakeHost.Holding(run));
        Time.Advance(TimeSpan.FromSeconds(10));
        next.ExpectNo<Run>();
        Assert.Empty(Runs.Reports);

        Sys.Stop(next.Probe.Ref);

        await AdvanceUntil(() => Runs.OutcomeOf(Attempt(1)) is not null);
        Assert.Equal(TaskOutcome.Lost.Instance, Runs.OutcomeOf(Attempt(1)));
    }

    [Fact]
    public void Rule_10_a_queue_that_throws_stops_instead_of_starting_again_in_place()
    {
        var queue = StartQueue();
        Watch(queue);

        queue.Tell(new Offer(Queue, "wf", "key", default, Runs.Ref));

        ExpectTerminated(queue);
    }

    [Fact]
    public void Rule_11_a_new_queue_hands_nothing_out_before_every_worker_has_said_what_it_runs()
    {
        var (first, second) = (CreateTestProbe(), CreateTestProbe());
        Directory.Add(new("w1", first.Ref));
        Directory.Add(new("w2", second.Ref));
        var queue = StartQueue();
        queue.Tell(OfferOf(Order(1), Order(2)));
        var host = new FakeHost(first, queue) { QueueEpoch = first.ExpectMsg<InventoryRequest>(Patience).QueueEpoch };
        host.Join(free: 2);
        host.ExpectNo<Run>();
        host.Pull(free: 2);
        host.Expect<PullAcknowledged>();

        // The attempt runs there, handed out by a former queue.
        var former = new LeaseId(1, 7);
        var other = new FakeHost(second, queue, "w2") { QueueEpoch = host.QueueEpoch };
        second.ExpectMsg<InventoryRequest>(Patience);
        other.Pull(free: 0, FakeHost.Holding(former, Attempt(1), Runs.Ref));

        host.ExpectRun(Attempt(2));
        host.ExpectNo<Run>();
        queue.Tell(new Withdraw(Queue, "wf", [Attempt(1)], Runs.Ref));
        other.Expect<PullAcknowledged>();
        Assert.Equal(former, other.Expect<CancelAttempt>().Lease);
    }

    [Fact]
    public async Task Rule_11_a_new_queue_does_not_wait_for_a_worker_that_has_left_nor_for_ever()
    {
        Directory.Add(new("w1", ActorRefs.Nobody));
        var queue = StartQueue();
        var host = Host(queue, "w2").Join(free: 2);
        queue.Tell(OfferOf(Order(1)));
        host.ExpectNo<Run>();
        Directory.Remove("w1");
        Time.Advance(TimeSpan.FromMilliseconds(100));
        host.Pull(free: 2);
        host.Expect<PullAcknowledged>();
        host.ExpectRun(Attempt(1));

        Directory.Add(new("gone", ActorRefs.Nobody));
        var next = StartQueue();
        var again = Host(next, "w2").Join(free: 2);
        next.Tell(OfferOf(Order(2)));
        await AdvanceUntil(() => Runs.Of<AttemptsLeased>().Count() == 2, TimeSpan.FromSeconds(1));
        again.ExpectRun(Attempt(2));
    }

    [Fact]
    public void Rule_11_a_withdrawal_waits_until_it_is_known_whether_the_attempt_runs()
    {
        var probe = CreateTestProbe();
        Directory.Add(new("w1", probe.Ref));
        var queue = StartQueue();
        queue.Tell(new Withdraw(Queue, "wf", [Attempt(1), Attempt(2)], Runs.Ref));
        var host = new FakeHost(probe, queue) { QueueEpoch = probe.ExpectMsg<InventoryRequest>(Patience).QueueEpoch };
        Assert.Empty(Runs.Reports);

        host.Pull(free: 0, FakeHost.Holding(new(1, 1), Attempt(1), Runs.Ref));

        host.Expect<PullAcknowledged>();
        Assert.Equal(Attempt(1), host.Expect<CancelAttempt>().Attempt);
        AwaitCondition(() => Runs.Reports.Count == 1, Patience);
        Assert.Equal(TaskOutcome.Cancelled.Instance, Runs.OutcomeOf(Attempt(2)));
    }

    [Fact]
    public void Rule_11_of_a_late_inventory_the_older_lease_wins()
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free: 1);
        queue.Tell(OfferOf(Order(1)));
        var run = host.ExpectRun(Attempt(1));

        Host(queue, "late").Join(free: 0, FakeHost.Holding(new(1, 3), Attempt(1), Runs.Ref));

        var cancel = host.Expect<CancelAttempt>();
        Assert.Equal((run.Lease, true), (cancel.Lease, cancel.Revoked));
    }

    [Fact]
    public void Rule_11_a_queue_whose_clock_is_behind_takes_a_newer_epoch_before_it_hands_anything_out()
    {
        var probe = CreateTestProbe();
        Directory.Add(new("w1", probe.Ref));
        var queue = StartQueue();
        var asked = probe.ExpectMsg<InventoryRequest>(Patience).QueueEpoch;
        var host = new FakeHost(probe, queue) { QueueEpoch = asked + 1_000_000 };
        host.Pull(free: 1);

        Assert.Equal(asked + 1_000_001, host.Expect<InventoryRequest>().QueueEpoch);
        host.QueueEpoch = asked + 1_000_001;
        host.Join(free: 1);
        queue.Tell(OfferOf(Order(1)));
        Assert.Equal(asked + 1_000_001, host.ExpectRun(Attempt(1)).Lease.Epoch);
    }

    [Fact]
    public void Rule_11_a_queue_stops_when_a_worker_knows_a_newer_one()
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free: 1);
        Watch(queue);

        host.QueueEpoch++;
        host.Pull(free: 1);

        ExpectTerminated(queue);
    }

    [Fact]
    public void Rule_12_an_offer_of_an_attempt_that_has_ended_makes_its_worker_report_again()
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free: 1);
        queue.Tell(OfferOf(Order(1)));
        var run = host.ExpectRun(Attempt(1));
        host.Seen = run.Lease.Number;
        host.Pull(free: 1, FakeHost.Holding(run, ended: true));
        host.Expect<PullAcknowledged>();

        queue.Tell(OfferOf(Order(1)));

        Assert.Equal(Attempt(1), host.Expect<ReportAgain>().Attempt);
        host.ExpectNo<Run>();
    }

    [Fact]
    public async Task Rule_12_an_offer_that_arrives_after_its_attempt_has_succeeded_is_not_run_again()
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free: 1);
        queue.Tell(OfferOf(Order(1)));
        var run = host.ExpectRun(Attempt(1));
        host.Seen = run.Lease.Number;
        host.Say(free: 1, FakeHost.Over(run));

        queue.Tell(OfferOf(Order(1)));

        host.ExpectNo<Run>();
        await Until(() => Runs.Of<OfferAcknowledged>().Count() == 2);
        Assert.Equal(Attempt(1), Assert.Single(Runs.Of<OfferAcknowledged>().Last().Accepted));
    }

    [Fact]
    public void Rule_12_a_new_queue_does_not_run_again_what_a_worker_says_has_just_succeeded()
    {
        var probe = CreateTestProbe();
        Directory.Add(new("w1", probe.Ref));
        var queue = StartQueue();
        queue.Tell(OfferOf(Order(1), Order(2)));
        var host = new FakeHost(probe, queue) { QueueEpoch = probe.ExpectMsg<InventoryRequest>(Patience).QueueEpoch };

        host.Pull(free: 2, new SettledLease(new(1, 7), Attempt(1), Succeeded: true));

        host.Expect<PullAcknowledged>();
        host.ExpectRun(Attempt(2));
        queue.Tell(OfferOf(Order(1)));
        host.ExpectNo<Run>();
    }

    [Fact]
    public void An_attempt_that_was_given_back_runs_again()
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free: 1);
        queue.Tell(OfferOf(Order(1)));
        var run = host.ExpectRun(Attempt(1));
        host.Seen = run.Lease.Number;
        host.Say(free: 1, FakeHost.Over(run, succeeded: false));

        queue.Tell(OfferOf(Order(1)));

        Assert.True(host.ExpectRun(Attempt(1)).Lease > run.Lease);
    }

    [Fact]
    public async Task Rule_22_a_lease_held_past_timeout_grace_and_backstop_is_lost_whatever_its_worker_says()
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free: 1);
        queue.Tell(OfferOf(Order(1, timeout: TimeSpan.FromSeconds(30))));
        var run = host.ExpectRun(Attempt(1));
        host.Seen = run.Lease.Number;

        Time.Advance(TimeSpan.FromSeconds(49));
        host.Pull(free: 0, FakeHost.Holding(run));
        host.Expect<PullAcknowledged>();
        Assert.Empty(Runs.Reports);
        await AdvanceUntil(() => Runs.OutcomeOf(Attempt(1)) is not null);

        Assert.Equal(TaskOutcome.Lost.Instance, Runs.OutcomeOf(Attempt(1)));
        Assert.True(Time.GetUtcNow() - Noon >= TimeSpan.FromSeconds(50));
        Assert.True(host.Expect<CancelAttempt>().Revoked);
    }

    private FakeHost Host(IActorRef queue, string node = "w1", long epoch = 1, string handler = "echo") =>
        new(CreateTestProbe(), queue, node, epoch, handler);
}

using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Tasks;

public sealed partial class TaskQueueTests : DispatchTest
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

        Assert.Equal(2, host.Expect<AssignAttempts>().Assignments.Length);

        // Said before it has seen what was handed to it: that counts against what is free.
        host.Say(free: 2);
        host.ExpectNo<AssignAttempts>();
    }

    [Fact]
    public void Work_goes_to_the_worker_with_the_most_room_among_those_that_offer_the_handler()
    {
        var queue = StartQueue();
        var small = Host(queue, "small").Join(free: 1);
        var large = Host(queue, "large").Join(free: 3);
        var other = Host(queue, "other", handler: "rare").Join(free: 9);

        queue.Tell(OfferOf(Order(1), Order(2)));

        Assert.Equal(2, large.Expect<AssignAttempts>().Assignments.Length);
        small.ExpectNo<AssignAttempts>();
        other.ExpectNo<AssignAttempts>();
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
        host.ExpectNo<AssignAttempts>();
        await Runs.CatchUpAsync();
        Assert.Equal(known, Runs.Reports.Count);
    }

    [Fact]
    public void Failure_09_a_lease_that_two_inventories_do_not_have_is_lost()
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free: 1);
        queue.Tell(OfferOf(Order(1)));
        var run = host.ExpectRun(Attempt(1));

        // Not having seen the hand-out, an inventory says nothing about it.
        host.Pull(free: 1);
        host.Pull(free: 1);
        Assert.Equal(run.Lease.Number, host.Expect<InventoryAcknowledged>().Newest);
        host.Expect<InventoryAcknowledged>();
        host.Seen = run.Lease.Number;
        host.Pull(free: 1);
        host.Expect<InventoryAcknowledged>();
        Assert.Empty(Runs.Reports);
        host.Pull(free: 1);

        AwaitCondition(() => Runs.Reports.Count == 1, Patience);
        Assert.Equal(new WorkflowCommand.Report("wf", Attempt(1), run.Lease, TaskOutcome.Lost.Instance), Runs.Reports.Single());
    }

    [Fact]
    public void Failure_09_a_lost_attempt_that_is_offered_again_gets_a_newer_lease()
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free: 1);
        queue.Tell(OfferOf(Order(1)));
        var run = host.ExpectRun(Attempt(1));
        host.Seen = run.Lease.Number;
        host.Pull(free: 1);
        host.Pull(free: 1);
        AwaitCondition(() => Runs.Reports.Count == 1, Patience);
        host.Expect<InventoryAcknowledged>();
        host.Expect<InventoryAcknowledged>();

        queue.Tell(OfferOf(Order(1)));

        Assert.True(host.ExpectRun(Attempt(1)).Lease > run.Lease);
    }

    [Fact]
    public void Failure_10_what_a_new_incarnation_of_a_host_does_not_hold_is_lost_and_what_it_holds_goes_on()
    {
        var queue = StartQueue();
        var former = Host(queue).Join(free: 2);
        queue.Tell(OfferOf(Order(1), Order(2)));
        var run = former.Expect<AssignAttempts>();

        var next = Host(queue, epoch: 2);
        next.QueueEpoch = former.QueueEpoch;
        next.Join(free: 1, FakeHost.Holding(run.Assignments[0]));

        AwaitCondition(() => Runs.Reports.Count == 1, Patience);
        Assert.Equal(TaskOutcome.Lost.Instance, Runs.OutcomeOf(Attempt(2)));
        queue.Tell(OfferOf(Order(1)));
        next.ExpectNo<AssignAttempts>();
        former.Pull(free: 9);
        queue.Tell(OfferOf(Order(3)));
        former.Probe.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task Failure_10_a_host_that_stopped_on_a_live_node_may_come_back_with_what_it_ran()
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
        next.ExpectNo<AssignAttempts>();
        Assert.Empty(Runs.Reports);

        Sys.Stop(next.Probe.Ref);

        await AdvanceUntil(() => Runs.OutcomeOf(Attempt(1)) is not null);
        Assert.Equal(TaskOutcome.Lost.Instance, Runs.OutcomeOf(Attempt(1)));
    }

    [Fact]
    public void Failure_10_a_queue_that_throws_stops_instead_of_starting_again_in_place()
    {
        var queue = StartQueue();
        Watch(queue);

        queue.Tell(new Offer(Queue, "wf", "key", default, Runs.Ref));

        ExpectTerminated(queue);
    }

    private FakeHost Host(IActorRef queue, string node = "w1", long epoch = 1, string handler = "echo") =>
        new(CreateTestProbe(), queue, node, epoch, handler);
}

using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Tasks;

/// <summary>Queues that are new, or that their workers know better than they do.</summary>
public sealed partial class TaskQueueTests
{
    [Fact]
    public void Failure_11_a_new_queue_hands_nothing_out_before_every_worker_has_said_what_it_runs()
    {
        var (first, second) = (CreateTestProbe(), CreateTestProbe());
        Directory.Add(new("w1", first.Ref));
        Directory.Add(new("w2", second.Ref));
        var queue = StartQueue();
        queue.Tell(OfferOf(Order(1), Order(2)));
        var host = new FakeHost(first, queue) { QueueEpoch = first.ExpectMsg<InventoryRequest>(Patience).QueueEpoch };
        host.Join(free: 2);
        host.ExpectNo<AssignAttempts>();
        host.Pull(free: 2);
        host.Expect<InventoryAcknowledged>();

        // The attempt runs there, handed out by a former queue.
        var former = new LeaseId(1, 7);
        var other = new FakeHost(second, queue, "w2") { QueueEpoch = host.QueueEpoch };
        second.ExpectMsg<InventoryRequest>(Patience);
        other.Pull(free: 0, FakeHost.Holding(former, Attempt(1), Runs.Ref));

        host.ExpectRun(Attempt(2));
        host.ExpectNo<AssignAttempts>();
        queue.Tell(new Withdraw(Queue, "wf", [Attempt(1)], Runs.Ref));
        other.Expect<InventoryAcknowledged>();
        Assert.Equal(former, other.Expect<CancelAttempt>().Lease);
    }

    [Fact]
    public async Task Failure_11_a_new_queue_does_not_wait_for_a_worker_that_has_left_nor_for_ever()
    {
        Directory.Add(new("w1", ActorRefs.Nobody));
        var queue = StartQueue();
        var host = Host(queue, "w2").Join(free: 2);
        queue.Tell(OfferOf(Order(1)));
        host.ExpectNo<AssignAttempts>();
        Directory.Remove("w1");
        Time.Advance(TimeSpan.FromMilliseconds(100));
        host.Pull(free: 2);
        host.Expect<InventoryAcknowledged>();
        host.ExpectRun(Attempt(1));

        Directory.Add(new("gone", ActorRefs.Nobody));
        var next = StartQueue();
        var again = Host(next, "w2").Join(free: 2);
        next.Tell(OfferOf(Order(2)));
        await AdvanceUntil(() => Runs.Of<AttemptsLeased>().Count() == 2, TimeSpan.FromSeconds(1));
        again.ExpectRun(Attempt(2));
    }

    [Fact]
    public void Failure_11_a_withdrawal_waits_until_it_is_known_whether_the_attempt_runs()
    {
        var probe = CreateTestProbe();
        Directory.Add(new("w1", probe.Ref));
        var queue = StartQueue();
        queue.Tell(new Withdraw(Queue, "wf", [Attempt(1), Attempt(2)], Runs.Ref));
        var host = new FakeHost(probe, queue) { QueueEpoch = probe.ExpectMsg<InventoryRequest>(Patience).QueueEpoch };
        Assert.Empty(Runs.Reports);

        host.Pull(free: 0, FakeHost.Holding(new(1, 1), Attempt(1), Runs.Ref));

        host.Expect<InventoryAcknowledged>();
        Assert.Equal(Attempt(1), host.Expect<CancelAttempt>().Attempt);
        AwaitCondition(() => Runs.Reports.Count == 1, Patience);
        Assert.Equal(TaskOutcome.Cancelled.Instance, Runs.OutcomeOf(Attempt(2)));
    }

    [Fact]
    public void A_run_that_recovered_while_the_queue_was_gone_is_told_of_its_lease_and_its_worker_of_it()
    {
        var (probe, former) = (CreateTestProbe(), CreateTestProbe());
        Directory.Add(new("w1", probe.Ref));
        var queue = StartQueue();
        var host = new FakeHost(probe, queue) { QueueEpoch = probe.ExpectMsg<InventoryRequest>(Patience).QueueEpoch };
        queue.Tell(OfferOf(Order(1)));

        host.Pull(free: 0, FakeHost.Holding(new(1, 1), Attempt(1), former.Ref));

        var again = host.Expect<ReportAgain>();
        Assert.Equal((Attempt(1), Runs.Ref), (again.Attempt, again.Workflow));
        host.Expect<InventoryAcknowledged>();
        AwaitCondition(() => Runs.Of<AttemptsLeased>().Any(leased => leased.Attempts.Contains(Attempt(1))), Patience);
        former.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Failure_11_of_a_late_inventory_the_older_lease_wins()
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
    public void Failure_11_a_queue_whose_clock_is_behind_takes_a_newer_epoch_before_it_hands_anything_out()
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
    public void Failure_11_a_queue_stops_when_a_worker_knows_a_newer_one()
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free: 1);
        Watch(queue);

        host.QueueEpoch++;
        host.Pull(free: 1);

        ExpectTerminated(queue);
    }

    [Fact]
    public void Failure_12_an_offer_of_an_attempt_that_has_ended_makes_its_worker_report_again()
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free: 1);
        queue.Tell(OfferOf(Order(1)));
        var run = host.ExpectRun(Attempt(1));
        host.Seen = run.Lease.Number;
        host.Pull(free: 1, FakeHost.Holding(run, ended: true));
        host.Expect<InventoryAcknowledged>();

        queue.Tell(OfferOf(Order(1)));

        Assert.Equal(Attempt(1), host.Expect<ReportAgain>().Attempt);
        host.ExpectNo<AssignAttempts>();
    }

    [Fact]
    public void Failure_12_an_attempt_under_way_that_a_recovered_run_offers_is_reported_to_where_the_run_is_now()
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free: 1);
        queue.Tell(OfferOf(Order(1)));
        host.ExpectRun(Attempt(1));
        queue.Tell(OfferOf(Order(1)));
        host.ExpectNo<ReportAgain>();

        var recovered = CreateTestProbe().Ref;
        queue.Tell(OfferOf(Order(1)) with { Workflow = recovered });

        var again = host.Expect<ReportAgain>();
        Assert.Equal((Attempt(1), recovered), (again.Attempt, again.Workflow));
        host.ExpectNo<AssignAttempts>();
    }

    [Fact]
    public async Task Failure_12_an_offer_that_arrives_after_its_attempt_has_succeeded_is_not_run_again()
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free: 1);
        queue.Tell(OfferOf(Order(1)));
        var run = host.ExpectRun(Attempt(1));
        host.Seen = run.Lease.Number;
        host.Say(free: 1, FakeHost.Over(run));

        queue.Tell(OfferOf(Order(1)));

        host.ExpectNo<AssignAttempts>();
        await Until(() => Runs.Of<OfferAcknowledged>().Count() == 2);
        Assert.Equal(Attempt(1), Assert.Single(Runs.Of<OfferAcknowledged>().Last().Accepted));
    }

    [Fact]
    public void Failure_12_a_new_queue_does_not_run_again_what_a_worker_says_has_just_succeeded()
    {
        var probe = CreateTestProbe();
        Directory.Add(new("w1", probe.Ref));
        var queue = StartQueue();
        queue.Tell(OfferOf(Order(1), Order(2)));
        var host = new FakeHost(probe, queue) { QueueEpoch = probe.ExpectMsg<InventoryRequest>(Patience).QueueEpoch };

        host.Pull(free: 2, new SettledLease(new(1, 7), Attempt(1), Succeeded: true));

        host.Expect<InventoryAcknowledged>();
        host.ExpectRun(Attempt(2));
        queue.Tell(OfferOf(Order(1)));
        host.ExpectNo<AssignAttempts>();
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
    public async Task Failure_22_a_lease_held_past_timeout_grace_and_backstop_is_lost_whatever_its_worker_says()
    {
        var queue = StartQueue();
        var host = Host(queue).Join(free: 1);
        queue.Tell(OfferOf(Order(1, timeout: TimeSpan.FromSeconds(30))));
        var run = host.ExpectRun(Attempt(1));
        host.Seen = run.Lease.Number;

        Time.Advance(TimeSpan.FromSeconds(49));
        host.Pull(free: 0, FakeHost.Holding(run));
        host.Expect<InventoryAcknowledged>();
        Assert.Empty(Runs.Reports);
        await AdvanceUntil(() => Runs.OutcomeOf(Attempt(1)) is not null);

        Assert.Equal(TaskOutcome.Lost.Instance, Runs.OutcomeOf(Attempt(1)));
        Assert.True(Time.GetUtcNow() - Noon >= TimeSpan.FromSeconds(50));
        Assert.True(host.Expect<CancelAttempt>().Revoked);
    }
}

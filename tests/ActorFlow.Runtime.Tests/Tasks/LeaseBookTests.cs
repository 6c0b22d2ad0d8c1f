using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Tasks.Queues;
using Akka.TestKit;

namespace ActorFlow.Runtime.Tests.Tasks;

public sealed class LeaseBookTests : DispatchTest
{
    private static readonly TaskQueueOptions Options = new() { Grace = TimeSpan.FromSeconds(10), Backstop = TimeSpan.FromSeconds(10) };
    private static readonly TimeSpan Start = TimeSpan.FromHours(1);

    private readonly TestProbe _host;
    private readonly TestProbe _run;
    private readonly WorkerLink _worker;
    private readonly LeaseNotices _notices = new();
    private readonly WaitingOrders _waiting = new(Options.WaitPerLevel);
    private readonly LeaseBook _leases;
    private readonly InventoryReconciliation _inventories;

    public LeaseBookTests()
    {
        (_host, _run) = (CreateTestProbe(), CreateTestProbe());
        _worker = new("w1", 1, _host);
        var queue = new QueueIncarnation(Queue, 7, TestActor);
        _leases = new(queue, Options, new(queue, CreateTestProbe()));
        _inventories = new(queue, _waiting, _leases, _notices);
    }

    [Fact]
    public void A_lease_is_newer_than_all_before()
    {
        var (first, second) = (Lease(1), _leases.NextId());

        Assert.Equal(new(7, 1), first.Id);
        Assert.True(first.Id < second);
    }

    [Fact]
    public void A_lease_is_over_only_by_its_own_name()
    {
        var lease = Lease(1);

        _leases.Settle(_worker, [new(new(7, 99), lease.Attempt, Succeeded: true)]);
        Assert.Same(lease, _leases.Find(lease.Attempt));

        _leases.Settle(_worker, [new(lease.Id, lease.Attempt, Succeeded: true)]);
        Assert.Null(_leases.Find(lease.Attempt));
        Assert.Empty(_worker.Leases);
    }

    [Fact]
    public void Failure_22_a_lease_is_overdue_after_timeout_grace_and_backstop()
    {
        var lease = Lease(1, timeout: TimeSpan.FromSeconds(60));

        Assert.Empty(_leases.LoseOverdue(Start + TimeSpan.FromSeconds(79)));
        Assert.Equal([lease], _leases.LoseOverdue(Start + TimeSpan.FromSeconds(80)));

        Assert.True(_host.ExpectMsg<CancelAttempt>(Patience).Revoked);
        Assert.Equal(new WorkflowCommand.Report("wf", lease.Attempt, lease.Id, TaskOutcome.Lost.Instance), _run.ExpectMsg<WorkflowCommand.Report>(Patience));
    }

    [Fact]
    public void A_lease_whose_attempt_has_ended_is_never_overdue()
    {
        Lease(1).Ended = true;

        Assert.Empty(_leases.LoseOverdue(TimeSpan.FromDays(1)));
    }

    [Fact]
    public void Failure_09_what_two_inventories_do_not_have_is_lost()
    {
        var lease = Lease(1);
        Hear(seen: 1);

        Reconcile();
        Assert.Same(lease, _leases.Find(lease.Attempt));
        Reconcile();

        Assert.Null(_leases.Find(lease.Attempt));
        Assert.IsType<TaskOutcome.Lost>(_run.ExpectMsg<WorkflowCommand.Report>(Patience).Outcome);
    }

    [Fact]
    public void Failure_09_what_the_worker_has_not_heard_of_yet_is_not_missing()
    {
        var lease = Lease(1);

        Reconcile();
        Reconcile();

        Assert.Same(lease, _leases.Find(lease.Attempt));
    }

    [Fact]
    public void Failure_09_an_inventory_that_has_the_lease_starts_the_count_anew()
    {
        var lease = Lease(1);
        Hear(seen: 1);

        Reconcile();
        Reconcile(FakeHost.Holding(lease.Id, lease.Attempt, _run, ended: true));
        Reconcile();

        Assert.Same(lease, _leases.Find(lease.Attempt));
        Assert.True(lease.Ended);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(7, false)]
    public void Failure_11_a_lease_of_a_former_queue_is_adopted_and_an_unknown_one_of_this_queue_revoked(long epoch, bool adopted)
    {
        _waiting.Enqueue("wf", "key", Order(1), _run);

        Reconcile(FakeHost.Holding(new(epoch, 3), Attempt(1), _run));

        Assert.Equal(adopted, _leases.Find(Attempt(1)) is not null);
        Assert.Equal(adopted, _waiting.Find(Attempt(1)) is null);
        Assert.Equal(adopted, _notices.Covers(_run, [Attempt(1)]));
        if (!adopted)
        {
            Assert.True(_host.ExpectMsg<CancelAttempt>(Patience).Revoked);
        }
    }

    [Fact]
    public void A_worker_that_reports_to_an_actor_that_is_gone_is_told_of_the_new_one()
    {
        var recovered = CreateTestProbe();
        _waiting.Enqueue("wf", "key", Order(1), recovered);

        Reconcile(FakeHost.Holding(new(5, 3), Attempt(1), _run));

        Assert.Equal(recovered.Ref, _host.ExpectMsg<ReportAgain>(Patience).Workflow);
        Assert.Equal(recovered.Ref, _leases.Find(Attempt(1))!.Workflow);
    }

    [Fact]
    public void Failure_10_what_a_new_incarnation_of_a_host_does_not_hold_is_lost_with_its_first_inventory()
    {
        var (kept, lost) = (Lease(1), Lease(2));
        var heir = new WorkerLink("w1", 2, _host);
        _leases.Inherit(_worker, heir);

        _inventories.Reconcile(heir, [FakeHost.Holding(kept.Id, kept.Attempt, _run)], Start);

        Assert.Same(heir, _leases.Find(kept.Attempt)!.Worker);
        Assert.Null(_leases.Find(lost.Attempt));
    }

    private Lease Lease(int n, TimeSpan? timeout = null)
    {
        var order = Order(n, timeout: timeout);
        _leases.Assign(new("wf", order, _run, 0, 0), _worker, Start);
        return _leases.Find(order.Attempt)!;
    }

    private void Hear(long seen) => _worker.Track(new(Queue, "w1", 1, _worker.Sequence + 1, 7, seen, 0, []), 7);

    private void Reconcile(params HeldLease[] held) => _inventories.Reconcile(_worker, [.. held], Start);
}

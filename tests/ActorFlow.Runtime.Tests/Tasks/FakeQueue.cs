using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using Akka.Actor;
using Akka.TestKit;

namespace ActorFlow.Runtime.Tests.Tasks;

/// <summary>A task queue in the hands of a test, with one worker host.</summary>
internal sealed class FakeQueue(TestProbe probe, IActorRef runs, long epoch = 1_000)
{
    private long _lease;
    private IActorRef _host = ActorRefs.Nobody;

    public TestProbe Probe { get; } = probe;

    public long HostEpoch { get; private set; }

    /// <summary>Waits until the host has asked for work, and answers it.</summary>
    public WorkerInventory Connect(IActorRef? host = null)
    {
        var inventory = host is null ? Expect<WorkerInventory>() : Probe.FishForMessage<WorkerInventory>(found => found.Host.Equals(host), TimeSpan.FromMinutes(1));
        _host = inventory.Host;
        HostEpoch = inventory.State.HostEpoch;
        _host.Tell(new InventoryRequest("default", epoch), Probe.Ref);
        inventory = Probe.FishForMessage<WorkerInventory>(found => found.State.QueueEpoch == epoch, TimeSpan.FromMinutes(1));
        Acknowledge(_lease);
        return inventory;
    }

    public LeaseId Hand(TaskOrder order)
    {
        var lease = new LeaseId(epoch, ++_lease);
        Hand(lease, order);
        return lease;
    }

    public void Hand(LeaseId lease, TaskOrder order) =>
        _host.Tell(new AssignAttempts("default", epoch, HostEpoch, [new(lease, "wf", order, runs)]), Probe.Ref);

    /// <summary>A hand-out that gets lost.</summary>
    public void LoseOne() => _lease++;

    public void Cancel(AttemptId attempt, LeaseId lease, bool revoked = false) =>
        _host.Tell(new CancelAttempt("default", epoch, HostEpoch, attempt, lease, revoked), Probe.Ref);

    public void ReportAgain(AttemptId attempt) =>
        _host.Tell(new ReportAgain("default", epoch, HostEpoch, attempt, runs), Probe.Ref);

    public void Acknowledge(long? newest = null) =>
        _host.Tell(new InventoryAcknowledged("default", epoch, HostEpoch, newest ?? _lease), Probe.Ref);

    /// <summary>Everything the host holds now.</summary>
    public WorkerInventory Inventory()
    {
        Probe.ReceiveWhile(_ => true, TimeSpan.FromMilliseconds(1), TimeSpan.Zero);
        _host.Tell(new InventoryRequest("default", epoch), Probe.Ref);
        var inventory = Probe.FishForMessage<WorkerInventory>(_ => true, TimeSpan.FromMinutes(1));
        Acknowledge();
        return inventory;
    }

    public T Expect<T>(Predicate<T>? which = null) => Probe.FishForMessage<T>(found => which?.Invoke(found) ?? true, TimeSpan.FromMinutes(1));
}

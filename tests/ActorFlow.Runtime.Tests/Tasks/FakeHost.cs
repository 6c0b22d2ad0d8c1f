using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using Akka.Actor;
using Akka.TestKit;

namespace ActorFlow.Runtime.Tests.Tasks;

/// <summary>A worker host in the hands of a test: it says what the test says, and keeps what it is told.</summary>
internal sealed class FakeHost(TestProbe probe, IActorRef queue, string node = "w1", long epoch = 1, string handler = "echo")
{
    private long _sequence;

    public TestProbe Probe { get; } = probe;

    public long QueueEpoch { get; set; }

    public long Seen { get; set; }

    /// <summary>Makes itself known: answers the queue's question, with that many free slots.</summary>
    public FakeHost Join(int free, params HeldLease[] held)
    {
        Pull(free, held);
        if (QueueEpoch == 0)
        {
            QueueEpoch = Expect<InventoryRequest>().QueueEpoch;
            Pull(free, held);
        }

        Expect<InventoryAcknowledged>();
        return this;
    }

    public void Pull(int free, params HeldLease[] held) =>
        queue.Tell(new WorkerInventory(State(free), [handler], [.. held], Probe.Ref), Probe.Ref);

    /// <summary>A pull that also says what is over.</summary>
    public void Pull(int free, SettledLease settled) =>
        queue.Tell(new WorkerInventory(State(free, settled), [handler], [], Probe.Ref), Probe.Ref);

    public void Say(int free, params SettledLease[] settled) => queue.Tell(new SlotsChanged(State(free, settled)), Probe.Ref);

    public Assignment ExpectRun(AttemptId attempt)
    {
        var assignment = Assert.Single(Expect<AssignAttempts>().Assignments);
        Assert.Equal(attempt, assignment.Order.Attempt);
        return assignment;
    }

    public T Expect<T>() => Probe.ExpectMsg<T>(TimeSpan.FromMinutes(1));

    /// <summary>Whatever was on its way when the queue was asked and answered has come: nothing of the kind had.</summary>
    public void ExpectNo<T>()
    {
        queue.Tell(new WorkerInventory(State(0), [handler], [], Probe.Ref), Probe.Ref);
        object message;
        do
        {
            message = Probe.ExpectMsg<object>(TimeSpan.FromMinutes(1));
            Assert.IsNotType<T>(message);
        }
        while (message is not InventoryAcknowledged);
    }

    public static HeldLease Holding(Assignment assignment, bool ended = false) =>
        Holding(assignment.Lease, assignment.Order.Attempt, assignment.Workflow, ended);

    public static HeldLease Holding(LeaseId lease, AttemptId attempt, IActorRef workflow, bool ended = false) =>
        new(lease, attempt, "wf", workflow, ended, TimeSpan.FromHours(1));

    public static SettledLease Over(Assignment assignment, bool succeeded = true) =>
        new(assignment.Lease, assignment.Order.Attempt, succeeded);

    private HostState State(int free, params SettledLease[] settled) =>
        new("default", node, epoch, ++_sequence, QueueEpoch, Seen, free, [.. settled]);
}

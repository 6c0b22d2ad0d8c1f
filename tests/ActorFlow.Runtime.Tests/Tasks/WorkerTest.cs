using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Tasks;

/// <summary>One worker host, with the queue and the runs in the hands of the test.</summary>
public abstract class WorkerTest : DispatchTest
{
    private protected FakeQueue FakeQueue { get; private set; } = null!;

    private protected WorkerNode Worker { get; private set; } = null!;

    protected IActorRef Host { get; private set; } = ActorRefs.Nobody;

    /// <summary>Starts the worker, and lets it meet its queue.</summary>
    private protected void Begin(WorkerNode node, bool supervised = false)
    {
        FakeQueue = new(CreateTestProbe(), Runs.Ref);
        Worker = node;
        Host = Sys.ActorOf(
            supervised
                ? WorkerSupervisor.Props(node, "w1", FakeQueue.Probe.Ref, Runs.Ref)
                : WorkerHost.Props(node, "w1", FakeQueue.Probe.Ref, Runs.Ref));
        FakeQueue.Connect();
    }

    private protected void Begin(params (string Name, ITaskHandler Handler)[] handlers) => Begin(Node(handlers));

    /// <summary>Runs one attempt to its report.</summary>
    private protected async Task<TaskOutcome> OutcomeOf(TaskOrder order)
    {
        FakeQueue.Hand(order);
        return await OutcomeOf(order.Attempt);
    }

    private protected async Task<TaskOutcome> OutcomeOf(AttemptId attempt)
    {
        await Until(() => Runs.OutcomeOf(attempt) is not null);
        return Runs.OutcomeOf(attempt)!;
    }

    private protected async Task<TaskOutcome.Failed> FailureOf(ITaskHandler handler)
    {
        Begin(("echo", handler));
        return Assert.IsType<TaskOutcome.Failed>(await OutcomeOf(Order(1)));
    }
}

using ActorFlow.Core.Definitions;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Persistence.Memory;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Runtime.Workflows.Replaying;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace ActorFlow.Runtime.Tests.Workflows;

/// <summary>
/// The actor of one run with everything around it played by the test: its shard, the region of the runs, the task queues, the
/// journal, the clock and the timers.
/// </summary>
public abstract class WorkflowActorTest : Akka.TestKit.Xunit2.TestKit
{
    protected const string Id = "run";
    private const string Config =
        """
        akka {
          loglevel = OFF
          stdout-loglevel = OFF
          scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
          test.single-expect-default = 20s
          persistence.snapshot-store {
            plugin = "akka.persistence.snapshot-store.scripted"
            scripted {
              class = "ActorFlow.Runtime.Tests.Workflows.ScriptedSnapshots, ActorFlow.Runtime.Tests"
              plugin-dispatcher = "akka.actor.default-dispatcher"
            }
          }
          persistence.journal {
            plugin = "akka.persistence.journal.scripted"
            scripted {
              class = "ActorFlow.Runtime.Tests.Workflows.ScriptedJournal, ActorFlow.Runtime.Tests"
              plugin-dispatcher = "akka.actor.default-dispatcher"
            }
          }
        }
        """;

    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(150);
    private long _leases;

    protected WorkflowActorTest()
        : this(new JournalScript(), new SnapshotScript())
    {
    }

    private WorkflowActorTest(JournalScript journal, SnapshotScript snapshots)
        : base(ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(Config), journal, snapshots))
    {
        Journal = journal;
        Snapshots = snapshots;
        FreshIds = new(Clock);
        journal.FreshIds = FreshIds;
        Shard = CreateTestProbe("shard");
        Region = CreateTestProbe("region");
        Queues = CreateTestProbe("queues");
        Queue = CreateTestProbe("queue");
        Client = CreateTestProbe("client");
        Plans = new(Store.Definitions, Clock);
    }

    protected JournalScript Journal { get; }

    private protected SnapshotScript Snapshots { get; }

    /// <summary>Changes what the next incarnations work with.</summary>
    private protected Func<WorkflowServices, WorkflowServices> Equip { get; set; } = services => services;

    protected FakeTimeProvider Clock { get; } = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private protected FreshIds FreshIds { get; }

    private protected PersistenceStore Store { get; } = MemoryPersistence.Open();

    private protected PlanCache Plans { get; set; }

    protected Func<double> Roll { get; set; } = () => 0.5;

    /// <summary>The shard, which hears what the actor tells its parent, and <see cref="Stopped"/>.</summary>
    protected TestProbe Shard { get; }

    /// <summary>The shard region of the runs.</summary>
    protected TestProbe Region { get; }

    /// <summary>The shard region of the task queues.</summary>
    protected TestProbe Queues { get; }

    /// <summary>A task queue.</summary>
    protected TestProbe Queue { get; }

    /// <summary>Whoever starts, asks and reports.</summary>
    protected TestProbe Client { get; }

    protected IActorRef Run { get; private set; } = ActorRefs.Nobody;

    /// <summary>An incarnation of the actor, under a shard of its own that wakes it by these messages, if any.</summary>
    protected IActorRef Incarnate(params object[] messages)
    {
        var services = Services(Region);
        var shard = Sys.ActorOf(Props.Create(() => new ShardActor(Props.Create(() => new WorkflowActor(Id, services)), Shard, Client, messages)));
        Run = shard.Ask<IActorRef>(ShardActor.Who, TimeSpan.FromSeconds(20)).Result;
        return Run;
    }

    private protected WorkflowServices Services(IActorRef runs) =>
        Equip(new(Queues, Plans, FreshIds, new NoRunObserver(), Clock, () => Roll()) { Runs = runs, Checkpoints = Snapshots });

    private protected static WorkflowCommand.Start StartOf(WorkflowDefinition definition, Payload? input = null) =>
        new(Id, Guid.CreateVersion7(), Guid.CreateVersion7(), definition.ToReference(), input ?? Payload.Null);

    /// <summary>Registers, incarnates and starts a run; it has been accepted, and its effects have been seen to.</summary>
    protected async Task StartAsync(WorkflowDefinition definition)
    {
        await Plans.KeepAsync(definition);
        Incarnate(StartOf(definition));
        Client.ExpectMsg<WorkflowReply.Accepted>();
        Settle();
    }

    protected void Tell(object message) => Run.Tell(message, Client);

    private protected WorkflowCommand.Report ReportOf(TaskOrder order, TaskOutcome? outcome = null) =>
        new(Id, order.Attempt, new(1, ++_leases), outcome ?? new TaskOutcome.Succeeded(order.Input));

    /// <summary>What the run was told before has had its effects once this returns.</summary>
    private protected WorkflowReply Settle()
    {
        var asker = CreateTestProbe();
        Run.Tell(new WorkflowQuery.GetStatus(Id), asker);
        return asker.ExpectMsg<WorkflowReply>();
    }

    /// <summary>Virtual time goes on, for clock and timers alike.</summary>
    protected void Advance(TimeSpan by)
    {
        Clock.Advance(by);
        Timers.Advance(by);
    }

    protected TestScheduler Timers => (TestScheduler)Sys.Scheduler;

    protected void Stop()
    {
        Run.Tell(StopWorkflow.Instance);
        Shard.FishForMessage<Stopped>(_ => true);
    }

    /// <summary>The process is gone: nothing more is decided, said or stored.</summary>
    protected void Crash()
    {
        Sys.Stop(Run);
        Shard.FishForMessage<Stopped>(_ => true);
    }

    /// <summary>An offer arrives, and is acknowledged by the region itself: offers go on arriving there.</summary>
    private protected Offer ExpectOffer()
    {
        var offer = Queues.ExpectMsg<Offer>();
        Acknowledge(offer, queue: Queues);
        return offer;
    }

    private protected void Acknowledge(Offer offer, long epoch = 1, TestProbe? queue = null) =>
        Run.Tell(new OfferAcknowledged(offer.Queue, epoch, [.. offer.Orders.Select(order => order.Attempt)], []), queue ?? Queue);

    protected static void ExpectSilence(params TestProbe[] probes) => Assert.All(probes, probe => probe.ExpectNoMsg(Silence));

    protected override void AfterAll()
    {
        base.AfterAll();
        Store.DisposeAsync().AsTask().Wait();
    }

    protected sealed record Stopped
    {
        public static readonly Stopped Instance = new();
    }

    private sealed class ShardActor : UntypedActor
    {
        public const string Who = "who";
        private readonly IActorRef _run;
        private readonly IActorRef _observer;

        public ShardActor(Props run, IActorRef observer, IActorRef client, object[] messages)
        {
            _observer = observer;
            _run = Context.Watch(Context.ActorOf(run, "run"));
            foreach (var message in messages)
            {
                _run.Tell(message, client);
            }
        }

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Who:
                    Sender.Tell(_run);
                    break;
                case Terminated:
                    _observer.Tell(Stopped.Instance);
                    break;
                default:
                    _observer.Forward(message);
                    break;
            }
        }
    }
}

using System.Collections.Concurrent;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Workflows;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace ActorFlow.Runtime.Tests.Workflows;

/// <summary>What passes between the runs of a test, and what becomes of it.</summary>
public sealed class RunTraffic
{
    private readonly ConcurrentQueue<object> _passed = [];
    private readonly ConcurrentQueue<string> _passivated = [];
    private readonly ConcurrentQueue<(string Run, AttemptId Attempt, string Path)> _executed = [];
    private readonly ConcurrentDictionary<AttemptId, byte> _known = [];

    /// <summary>Sees every message before it is delivered, and says whether it is lost.</summary>
    public Func<object, bool> Loses { get; set; } = _ => false;

    /// <summary>Says what an attempt comes to; none: it runs on.</summary>
    internal Func<TaskOrder, TaskOutcome?> Outcome { get; set; } = order => new TaskOutcome.Succeeded(order.Input);

    /// <summary>Every message between runs, in order, lost ones included.</summary>
    public IReadOnlyList<object> Passed => [.. _passed];

    /// <summary>The runs that left memory by themselves, in order.</summary>
    public IReadOnlyList<string> Passivated => [.. _passivated];

    /// <summary>The attempts that ran, once each.</summary>
    internal IReadOnlyList<(string Run, AttemptId Attempt, string Path)> Executed => [.. _executed];

    internal bool Passes(object message)
    {
        _passed.Enqueue(message);
        return !Loses(message);
    }

    internal void Left(string run) => _passivated.Enqueue(run);

    internal void Begin(string run, TaskOrder order)
    {
        if (_known.TryAdd(order.Attempt, 0))
        {
            _executed.Enqueue((run, order.Attempt, order.Path));
        }
    }
}

/// <summary>
/// The shard region of the runs and its shards in one: makes the actors, lets them go when they ask, keeps what comes meanwhile. Also
/// the way back: what is answered passes through it, so that it can be lost.
/// </summary>
internal sealed class RunRegion : UntypedActor
{
    private readonly RunTraffic _traffic;
    private readonly WorkflowServices _services;
    private readonly Dictionary<string, Entity> _entities = [];
    private readonly Dictionary<IActorRef, IActorRef> _relays = [];

    public RunRegion(RunTraffic traffic, Func<IActorRef, WorkflowServices> services) => (_traffic, _services) = (traffic, services(Self));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Crash crash when _entities.TryGetValue(crash.Id, out var entity):
                // Like the cluster does, it brings back what it remembers.
                entity.Waiting.Enqueue((Remembered.Instance, ActorRefs.Nobody));
                Context.Stop(entity.Actor);
                break;
            case Crash:
                break;
            case IsThere asked:
                Sender.Tell(_entities.ContainsKey(asked.Id));
                break;
            case Passivate passivate:
                var leaving = _entities.Values.Single(entity => entity.Actor.Equals(Sender));
                leaving.IsLeaving = true;
                _traffic.Left(leaving.Id);
                Sender.Tell(passivate.StopMessage);
                break;
            case Terminated terminated:
                OnGone(_entities.Values.Single(entity => entity.Actor.Equals(terminated.ActorRef)));
                break;
            case IWorkflowMessage routed when _traffic.Passes(routed):
                Deliver(routed.WorkflowId, routed, Sender);
                break;
            default:
                break;
        }
    }

    private void Deliver(string id, object message, IActorRef sender)
    {
        if (!_entities.TryGetValue(id, out var entity))
        {
            _entities[id] = entity = new(id, Context.Watch(Context.ActorOf(Props.Create(() => new WorkflowActor(id, _services)))));
        }

        if (entity.IsLeaving)
        {
            entity.Waiting.Enqueue((message, sender));
        }
        else if (message is not Remembered)
        {
            entity.Actor.Tell(message, RelayTo(sender));
        }
    }

    private void OnGone(Entity gone)
    {
        _entities.Remove(gone.Id);
        foreach (var (message, sender) in gone.Waiting)
        {
            Deliver(gone.Id, message, sender);
        }
    }

    private IActorRef RelayTo(IActorRef real)
    {
        if (real.IsNobody() || real.Equals(Context.System.DeadLetters))
        {
            return real;
        }

        if (!_relays.TryGetValue(real, out var relay))
        {
            _relays[real] = relay = Context.ActorOf(Props.Create(() => new Relay(real, _traffic)));
        }

        return relay;
    }

    /// <summary>The process of one run's actor is gone.</summary>
    internal sealed record Crash(string Id);

    /// <summary>Asks whether a run is in memory.</summary>
    internal sealed record IsThere(string Id);

    private sealed record Remembered
    {
        public static readonly Remembered Instance = new();
    }

    private sealed class Entity(string id, IActorRef actor)
    {
        public string Id { get; } = id;

        public IActorRef Actor { get; } = actor;

        public Queue<(object Message, IActorRef Sender)> Waiting { get; } = [];

        public bool IsLeaving { get; set; }
    }

    private sealed class Relay(IActorRef real, RunTraffic traffic) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (traffic.Passes(message))
            {
                real.Forward(message);
            }
        }
    }
}

/// <summary>Task queue and workers in one: runs each attempt once, and reports as the test says.</summary>
internal sealed class Workers(RunTraffic traffic, IActorRef runs) : UntypedActor
{
    private long _leases;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Offer offer:
                Sender.Tell(new OfferAcknowledged(offer.Queue, 1, [.. offer.Orders.Select(order => order.Attempt)], []));
                foreach (var order in offer.Orders)
                {
                    // One that ran already is not run again, but reported again.
                    traffic.Begin(offer.WorkflowId, order);
                    Report(offer.WorkflowId, order.Attempt, traffic.Outcome(order));
                }

                break;
            case Withdraw withdraw:
                foreach (var attempt in withdraw.Attempts)
                {
                    Report(withdraw.WorkflowId, attempt, TaskOutcome.Cancelled.Instance);
                }

                break;
            default:
                break;
        }
    }

    private void Report(string run, AttemptId attempt, TaskOutcome? outcome)
    {
        if (outcome is not null)
        {
            runs.Tell(new WorkflowCommand.Report(run, attempt, new(1, ++_leases), outcome));
        }
    }
}

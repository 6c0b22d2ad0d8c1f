using Akka.Actor;

namespace ActorFlow.Runtime.Tasks;

/// <summary>
/// Keeps a worker node's host alive: makes a new one when it stops, and passes messages on to it, so that the node has one address.
/// </summary>
internal sealed class WorkerSupervisor : UntypedActor
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly Props _hostProps;
    private readonly ActorClock _clock;
    private readonly ITimer _timer;
    private readonly List<IActorRef> _drainers = [];
    private IActorRef _host = ActorRefs.Nobody;
    private TimeSpan _begun;
    private TimeSpan _pause;

    /// <summary>Creates the supervisor; use <see cref="Props"/>.</summary>
    public WorkerSupervisor(Props hostProps, TimeProvider time)
    {
        _hostProps = hostProps;
        _clock = new(time, Context);
        _timer = _clock.Create(Begin.Instance);
    }

    /// <summary>The supervisor of a worker node's host; the parameters are those of <see cref="WorkerHost.Props"/>.</summary>
    /// <param name="node">What the node has and holds.</param>
    /// <param name="name">The node's name in the cluster.</param>
    /// <param name="queues">The shard region of the task queues.</param>
    /// <param name="workflows">The shard region of the runs.</param>
    /// <param name="dispatcher">The path of the host's dispatcher; null means the default one.</param>
    public static Props Props(WorkerNode node, string name, IActorRef queues, IActorRef workflows, string? dispatcher = null)
    {
        var host = WorkerHost.Props(node, name, queues, workflows);
        host = dispatcher is null ? host : host.WithDispatcher(dispatcher);
        return Akka.Actor.Props.Create(() => new WorkerSupervisor(host, node.Time));
    }

    /// <summary>
    /// Takes a node out of work in good order: it takes nothing new, its handlers are asked to stop and have their grace, and what
    /// they came to, or that they gave up, is acknowledged by the runs.
    /// </summary>
    /// <param name="supervisor">The node's <see cref="WorkerSupervisor"/>; it has stopped in the end.</param>
    /// <param name="timeout">How long to wait at most; more than the grace and 5 seconds.</param>
    /// <exception cref="AskTimeoutException">It took longer.</exception>
    public static Task DrainAsync(IActorRef supervisor, TimeSpan timeout) => supervisor.Ask<Drained>(Drain.Instance, timeout);

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <inheritdoc/>
    protected override void PreStart() => BeginHost();

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _clock.Dispose();
        foreach (var drainer in _drainers)
        {
            drainer.Tell(Drained.Instance);
        }
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Begin:
                BeginHost();
                break;
            case Drain:
                _drainers.Add(Sender);
                _host.Tell(message);
                StopIfDrained();
                break;
            case Terminated:
                _host = ActorRefs.Nobody;
                BeginLater();
                StopIfDrained();
                break;
            default:
                _host.Forward(message);
                break;
        }
    }

    private void BeginHost()
    {
        _begun = _clock.Now;
        _host = Context.Watch(Context.ActorOf(_hostProps));
    }

    private void BeginLater()
    {
        var lived = _clock.Now - _begun;
        _pause = lived > LongestPause ? ShortestPause : TimeSpan.FromTicks(Math.Clamp(2 * _pause.Ticks, ShortestPause.Ticks, LongestPause.Ticks));
        _timer.Change(_pause, Timeout.InfiniteTimeSpan);
    }

    private void StopIfDrained()
    {
        if (_drainers.Count > 0 && _host.IsNobody())
        {
            Context.Stop(Self);
        }
    }

    private sealed class Begin : INoSerializationVerificationNeeded
    {
        public static readonly Begin Instance = new();
    }

    private sealed class Drained : INoSerializationVerificationNeeded
    {
        public static readonly Drained Instance = new();
    }
}

/// <summary>Tells a host to stop in good order. Local to the node.</summary>
internal sealed class Drain : INoSerializationVerificationNeeded
{
    public static readonly Drain Instance = new();
}

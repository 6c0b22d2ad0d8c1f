using ActorFlow.Runtime.Hosting;
using Akka.Actor;
using Akka.Cluster;

namespace ActorFlow.Runtime.Watching;

/// <summary>
/// Tells the other nodes that hold runs what is watched on this one, and brings their changes here. One per node, by the same name on each.
/// </summary>
internal sealed class WatchRelay : UntypedActor, IWithTimers
{
    /// <summary>Its name below <c>/user</c>.</summary>
    public const string ActorName = "run-changes";

    // Watches that begin together are told together.
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    private readonly RunChanges _changes;
    private readonly TimeProvider _clock;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly IActorRef _self;
    private bool _isAnnouncing;
    private bool _hadInterest;

    public WatchRelay(RunChanges changes, TimeProvider clock)
    {
        (_changes, _clock, _self) = (changes, clock, Self);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _changes.InterestChanged += OnInterestChanged;
        _cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberUp));
        Timers.StartPeriodicTimer("repeat", Refresh.Instance, WatchInterest.Repeat);
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _changes.InterestChanged -= OnInterestChanged;
        _cluster.Unsubscribe(Self);
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WatchInterest interest:
                _changes.Set(Sender, Self, interest, _clock.GetElapsedTime(0));
                if (!interest.IsEmpty)
                {
                    Context.Watch(Sender);
                }

                break;
            case RunChangesSeen seen:
                foreach (var change in seen.Changes)
                {
                    _changes.Deliver(change);
                }

                _changes.DroppedElsewhere(seen.Dropped);
                Sender.Tell(RunChangesTaken.Instance);
                break;
            case RunChangesTaken:
                _changes.Taken(Sender);
                break;
            case Terminated gone:
                _changes.Forget(gone.ActorRef);
                break;
            case ClusterEvent.MemberUp or Changed:
                if (!_isAnnouncing)
                {
                    _isAnnouncing = true;
                    Timers.StartSingleTimer("announce", Refresh.Instance, Soon);
                }

                break;
            case Refresh:
                Announce();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    // Called from any thread.
    private void OnInterestChanged() => _self.Tell(Changed.Instance);

    private void Announce()
    {
        _isAnnouncing = false;
        _changes.Expire(_clock.GetElapsedTime(0));
        var others = _cluster.State.Members
            .Where(member => member.Status == MemberStatus.Up && member.HasRole(ClusterOptions.WorkflowRole) && member.UniqueAddress != _cluster.SelfUniqueAddress)
            .ToList();
        if (others.Count == 0)
        {
            // Whoever comes up is told then.
            return;
        }

        var interest = _changes.TakeInterest();
        if (interest.IsEmpty && !_hadInterest)
        {
            return;
        }

        _hadInterest = !interest.IsEmpty;
        foreach (var member in others)
        {
            Context.ActorSelection(new RootActorPath(member.Address) / "user" / ActorName).Tell(interest);
        }
    }

    private sealed class Refresh : INoSerializationVerificationNeeded
    {
        public static readonly Refresh Instance = new();
    }

    private sealed class Changed : INoSerializationVerificationNeeded
    {
        public static readonly Changed Instance = new();
    }
}

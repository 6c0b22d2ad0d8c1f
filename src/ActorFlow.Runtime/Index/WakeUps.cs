using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tasks;
using Akka.Actor;
using Akka.Event;

namespace ActorFlow.Runtime.Index;

/// <summary>
/// Wakes the runs that fall due: it looks into the index at intervals, claims the runs that it finds and sends each a tick, in
/// small portions, so that thousands that fall due at once are recovered one after another and in time: a run is woken up to two
/// intervals early, and waits for the rest in memory, to the millisecond.
/// </summary>
/// <remarks>
/// There is one per node, not one per cluster: a claimed run is woken only by the claiming node for a while, so several that poll do no harm, and a
/// cluster singleton would cost a single node a second when it leaves. An extra tick changes nothing.
/// </remarks>
internal sealed class WakeUps : UntypedActor
{
    /// <summary>The most runs of one claim.</summary>
    public const int ClaimSize = 500;

    private const int PortionSize = 200;

    private static readonly TimeSpan PortionPause = TimeSpan.FromMilliseconds(50);

    private readonly IWorkflowIndex _index;
    private readonly IActorRef _runs;
    private readonly ActorClock _clock;
    private readonly ITimer _next;
    private readonly WakeUpScope _scope;
    private readonly TimeSpan _early;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly OncePerMinute _saysFailure;
    private readonly Queue<ClaimedRun> _claimed = [];

    private bool _claiming;
    private bool _more;

    /// <summary>Makes the wake-ups of a node.</summary>
    /// <param name="index">The index, which has the times when runs must wake.</param>
    /// <param name="runs">The shard region of the runs.</param>
    /// <param name="time">The clock.</param>
    /// <param name="options">How often to look.</param>
    /// <param name="scope">The runs to wake, and whether the node is leaving.</param>
    public WakeUps(IWorkflowIndex index, IActorRef runs, TimeProvider time, IndexOptions options, WakeUpScope scope)
    {
        _index = index;
        _runs = runs;
        _scope = scope;
        _saysFailure = new(time);
        _early = 2 * options.WakeUpInterval;
        _clock = new(time, Context);
        _next = _clock.Create(SendPortion.Instance);
        _clock.Repeat(Look.Instance, options.WakeUpInterval);
    }

    /// <summary>How long no other node wakes a claimed run: 30 s.</summary>
    public static TimeSpan Claim { get; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Look when !_claiming && !_more && _claimed.Count == 0:
                ClaimDue();
                break;
            case Look:
                break;
            case Claimed claimed:
                _claiming = false;
                _more = claimed.Runs.Length == ClaimSize;
                foreach (var run in claimed.Runs)
                {
                    _claimed.Enqueue(run);
                }

                Send();
                break;
            case Status.Failure failure:
                (_claiming, _more) = (false, false);
                if (_saysFailure.IsDue())
                {
                    _log.Warning(failure.Cause, "The index could not say which runs are due; it is asked again.");
                }

                break;
            case SendPortion when _claimed.Count > 0:
                Send();
                break;
            case SendPortion:
                ClaimDue();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void PostStop() => _clock.Dispose();

    private void ClaimDue()
    {
        _more = false;
        if (!_scope.IsLeaving())
        {
            _claiming = true;
            _index.ClaimDueAsync(_clock.UtcNow + _early, ClaimSize, Claim, _scope.Own?.Ids).PipeTo(Self, success: runs => new Claimed(runs));
        }
    }

    private void Send()
    {
        for (var sent = 0; sent < PortionSize && _claimed.TryDequeue(out var run); sent++)
        {
            _runs.Tell(new WorkflowCommand.Tick(run.WorkflowId));
        }

        if (_claimed.Count > 0 || _more)
        {
            _next.Change(PortionPause, Timeout.InfiniteTimeSpan);
        }
    }

    private sealed record Claimed(ImmutableArray<ClaimedRun> Runs) : INoSerializationVerificationNeeded;

    private sealed record Look : INoSerializationVerificationNeeded
    {
        public static readonly Look Instance = new();
    }

    private sealed record SendPortion : INoSerializationVerificationNeeded
    {
        public static readonly SendPortion Instance = new();
    }
}

/// <summary>Which runs a node wakes, and whether it is leaving.</summary>
/// <param name="IsLeaving">Whether the node hands over its runs, and so wakes no more.</param>
/// <param name="Own">The only runs to wake; null means every run.</param>
internal sealed record WakeUpScope(Func<bool> IsLeaving, OwnRuns? Own);

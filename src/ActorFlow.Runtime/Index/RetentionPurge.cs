using System.Collections.Immutable;
using ActorFlow.Runtime.Tasks;
using Akka.Actor;
using Akka.Event;

namespace ActorFlow.Runtime.Index;

/// <summary>
/// Has closed runs purged once their retention time has passed: a claimed chunk at a time, each run by its own actor. Then removes
/// the tombstones of those purged long ago. One per node, like <see cref="WakeUps"/> and for the same reason.
/// </summary>
public sealed class RetentionPurge : UntypedActor
{
    /// <summary>How many runs are purged at a time.</summary>
    public const int ChunkSize = 100;

    private static readonly TimeSpan ChunkPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(30);

    private readonly IWorkflowIndex _index;
    private readonly IActorRef _runs;
    private readonly TimeSpan _retention;
    private readonly TimeSpan _interval;
    private readonly Func<bool> _isLeaving;
    private readonly ActorClock _clock;
    private readonly ITimer _next;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <summary>Makes the purge of a node.</summary>
    /// <param name="index">Where runs say when they closed.</param>
    /// <param name="runs">The shard region of the runs.</param>
    /// <param name="time">The clock.</param>
    /// <param name="retention">How long closed runs are kept; more than nothing.</param>
    /// <param name="options">How often to look.</param>
    /// <param name="isLeaving">Whether the node hands its runs over, and so purges none any more.</param>
    public RetentionPurge(
        IWorkflowIndex index, IActorRef runs, TimeProvider time, TimeSpan retention, IndexOptions options, Func<bool> isLeaving)
    {
        _index = index;
        _runs = runs;
        _retention = retention;
        _interval = options.PurgeInterval;
        _isLeaving = isLeaving;
        _clock = new(time, Context);
        _next = _clock.Create(Look.Instance);
        // Soon, since a node may be started for minutes only; not at once, since it has better things to do.
        Sleep(_interval < FirstLook ? _interval : FirstLook);
    }

    /// <summary>How long a tombstone stays: until nobody repeats what the run has been asked (rule 24: a day).</summary>
    public static TimeSpan TombstoneTime { get; } = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Look when _isLeaving():
                break;
            case Look:
                ClaimAsync().PipeTo(Self, success: claimed => claimed);
                break;
            case Claimed claimed:
                Purge(claimed);
                break;
            case Status.Failure failure:
                _log.Warning(failure.Cause, "Closed runs could not be purged; next try in {0} min.", _interval.TotalMinutes);
                Sleep(_interval);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void PostStop() => _clock.Dispose();

    private async Task<Claimed> ClaimAsync()
    {
        var now = _clock.UtcNow;
        var removed = await _index.RemoveTombstonesAsync(now - TombstoneTime, ChunkSize).ConfigureAwait(false);
        var runs = await _index.ClaimClosedAsync(now - _retention, now, ChunkSize, _interval).ConfigureAwait(false);
        return new(runs, removed == ChunkSize || runs.Length == ChunkSize);
    }

    private void Purge(Claimed claimed)
    {
        foreach (var run in claimed.Runs)
        {
            _runs.Tell(new PurgeRun(run.WorkflowId, run.RunId));
        }

        Sleep(claimed.More ? ChunkPause : _interval);
    }

    private void Sleep(TimeSpan time) => _next.Change(time, Timeout.InfiniteTimeSpan);

    private sealed record Claimed(ImmutableArray<ClaimedRun> Runs, bool More) : INoSerializationVerificationNeeded;

    private sealed record Look : INoSerializationVerificationNeeded
    {
        public static readonly Look Instance = new();
    }
}

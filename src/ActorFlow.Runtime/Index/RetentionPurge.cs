using System.Collections.Immutable;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Telemetry;
using Akka.Actor;
using Akka.Event;

namespace ActorFlow.Runtime.Index;

/// <summary>
/// Purges closed runs once their retention time has passed, in sets, as fast as they fall due and the store allows without
/// holding up writers (<see cref="PurgePace"/>). Runs that may owe something to others are asked first, and purged once they report that
/// they do not. It also removes old tombstones. One per node, like <see cref="WakeUps"/> and for the same reason.
/// </summary>
internal sealed class RetentionPurge : UntypedActor
{
    /// <summary>How many runs are looked up at a time.</summary>
    public const int LookSize = 1_000;

    /// <summary>How many runs are asked at a time.</summary>
    public const int AskSize = 100;

    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortestIdle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskPause = TimeSpan.FromMilliseconds(100);

    private readonly IWorkflowIndex _index;
    private readonly IRunPurge _purge;
    private readonly IActorRef _runs;
    private readonly TimeSpan _retention;
    private readonly TimeSpan _interval;
    private readonly TimeSpan _longestIdle;
    private readonly Func<bool> _isLeaving;
    private readonly ActorClock _clock;
    private readonly ITimer _next;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly PurgePace _pace = new();
    private readonly NodeMetrics _metrics = NodeMetrics.Of(Context.System);

    private ImmutableArray<DueRun> _due = [];
    private TimeSpan _idle;
    private bool _more;

    /// <summary>Makes the purge of a node.</summary>
    /// <param name="index">The index, which has the times when runs closed.</param>
    /// <param name="purge">Deletes them.</param>
    /// <param name="runs">The shard region of the runs.</param>
    /// <param name="time">The clock.</param>
    /// <param name="retention">How long closed runs are kept; more than zero.</param>
    /// <param name="options">How often to look.</param>
    /// <param name="isLeaving">Whether the node hands over its runs, and so purges no more.</param>
    public RetentionPurge(
        IWorkflowIndex index,
        IRunPurge purge,
        IActorRef runs,
        TimeProvider time,
        TimeSpan retention,
        IndexOptions options,
        Func<bool> isLeaving)
    {
        (_index, _purge, _runs, _retention, _isLeaving) = (index, purge, runs, retention, isLeaving);
        _interval = options.PurgeInterval;
        // If runs are kept for a minute, a look every ten minutes would keep eleven minutes of them.
        _longestIdle = Shorter(_interval, retention / 10 > ShortestIdle ? retention / 10 : ShortestIdle);
        _idle = _longestIdle;
        _clock = new(time, Context);
        _next = _clock.Create(Look.Instance);
        // Soon, since a node may be started for minutes only; not at once, since the start of a node has other work.
        Sleep(Shorter(_longestIdle, FirstLook));
    }

    /// <summary>How long a tombstone stays: until no sender repeats a request to the run (failure rule 24: a day).</summary>
    public static TimeSpan TombstoneTime { get; } = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Look when _isLeaving():
                break;
            case Look when _due.IsEmpty:
                FindAsync().PipeTo(Self, success: found => found);
                break;
            case Look:
                StepAsync().PipeTo(Self, success: stepped => stepped);
                break;
            case Found found:
                On(found);
                break;
            case Stepped stepped:
                On(stepped);
                break;
            case Status.Failure failure:
                _log.Warning(failure.Cause, "Closed runs could not be purged; next try in {0} s.", _longestIdle.TotalSeconds);
                _due = [];
                Sleep(_longestIdle);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void PostStop() => _clock.Dispose();

    private async Task<Found> FindAsync()
    {
        var now = _clock.UtcNow;
        var removed = await _index.RemoveTombstonesAsync(now - TombstoneTime, LookSize / 2).ConfigureAwait(false);
        var due = await _purge.FindAsync(now - _retention, now, LookSize).ConfigureAwait(false);
        var owing = await _index.ClaimOwingAsync(now - _retention, now, AskSize, _interval).ConfigureAwait(false);
        return new(due, owing, removed);
    }

    private void On(Found found)
    {
        foreach (var run in found.Owing)
        {
            _runs.Tell(new PurgeRun(run.WorkflowId, run.RunId));
        }

        _due = found.Due;
        _more = found.Owing.Length == AskSize || found.Removed == LookSize / 2;
        if (_due.IsEmpty && found.Owing.IsEmpty && found.Removed == 0)
        {
            // The pace follows the number of due runs: a node without any looks rarely.
            _idle = Shorter(_idle * 2, _longestIdle);
        }
        else
        {
            _idle = Shorter(ShortestIdle, _longestIdle);
        }

        Sleep(_due.IsEmpty ? _more ? AskPause : _idle : TimeSpan.FromMilliseconds(1));
    }

    /// <summary>Purges in one transaction; of a run that is too large for one, it deletes a part.</summary>
    private async Task<Stepped> StepAsync()
    {
        var count = _pace.Cut(_due);
        if (count == 0)
        {
            var part = await _purge.ShrinkAsync(_due[0], _pace.Units, _clock.UtcNow).ConfigureAwait(false);
            return new(part, Gone: 0, Math.Min(_pace.Units, _due[0].Units));
        }

        var chunk = _due[..count];
        var step = await _purge.PurgeAsync(chunk, _clock.UtcNow).ConfigureAwait(false);
        return new(step, count, chunk.Sum(run => run.Units));
    }

    private void On(Stepped stepped)
    {
        _metrics.Purged.Add(stepped.Step.Purged);
        var pause = _pace.Note(stepped.Units, stepped.Step.Took);
        // A run that was not purged has changed since, or another node purges it; a run that has become smaller is found with its present size.
        var wasFull = _due.Length == LookSize && stepped.Step.Purged > 0;
        _more |= wasFull || stepped.Gone == 0;
        _due = stepped.Gone == 0 ? [] : _due[stepped.Gone..];
        Sleep(!_due.IsEmpty || _more ? pause : _idle);
    }

    private void Sleep(TimeSpan time) => _next.Change(time, Timeout.InfiniteTimeSpan);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private sealed record Found(ImmutableArray<DueRun> Due, ImmutableArray<ClaimedRun> Owing, int Removed) : INoSerializationVerificationNeeded;

    private sealed record Stepped(PurgeStep Step, int Gone, long Units) : INoSerializationVerificationNeeded;

    private sealed record Look : INoSerializationVerificationNeeded
    {
        public static readonly Look Instance = new();
    }
}

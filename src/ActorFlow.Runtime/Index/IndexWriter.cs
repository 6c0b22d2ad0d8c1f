using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tasks;
using Akka.Actor;
using Akka.Event;

namespace ActorFlow.Runtime.Index;

/// <summary>
/// Writes the rows of the node's runs to the index, in batches of all waiting rows, one batch at a time, and acknowledges them. A batch that
/// fails is tried again until it is written. The runs repeat what a restart forgets.
/// </summary>
/// <remarks>
/// A row that only tells that a run is running is held back (for <see cref="Linger"/> to twice that): most runs have ended by then, and
/// cost one row instead of two.
/// </remarks>
internal sealed class IndexWriter : UntypedActor
{
    /// <summary>The most rows of one write.</summary>
    public const int BatchSize = 500;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly IWorkflowIndex _index;
    private readonly OwnRuns? _own;
    private readonly ActorClock _clock;
    private readonly ITimer _retry;
    private readonly ITimer _release;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly OncePerMinute _saysFailure;

    /// <summary>Who waits until all that came before is written: those whose rows are <see cref="_next"/>, and those who came since.</summary>
    private List<IActorRef> _served = [];
    private List<IActorRef> _drains = [];

    /// <summary>The rows that are written first: those that waited when it was last filled. Newer ones cannot keep them waiting.</summary>
    private Dictionary<string, WaitingRow> _next = new(StringComparer.Ordinal);
    private Dictionary<string, WaitingRow> _waiting = new(StringComparer.Ordinal);
    private Dictionary<string, WaitingRow> _held = new(StringComparer.Ordinal);
    private Dictionary<string, WaitingRow> _heldLonger = new(StringComparer.Ordinal);
    private List<WaitingRow> _writing = [];
    private Backoff _backoff = new(FirstPause, LongestPause);

    /// <summary>Makes the writer of a node.</summary>
    /// <param name="index">The index.</param>
    /// <param name="time">The clock.</param>
    /// <param name="own">Collects the runs that send rows; null means that they are not collected.</param>
    public IndexWriter(IWorkflowIndex index, TimeProvider time, OwnRuns? own = null)
    {
        _index = index;
        _own = own;
        _saysFailure = new(time);
        _clock = new(time, Context);
        _retry = _clock.Create(TryAgain.Instance);
        _release = _clock.Create(Release.Instance);
    }

    /// <summary>How long, at least, a row is held back that only tells that a run is running: 100 ms.</summary>
    public static TimeSpan Linger { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until everything sent so far is written; what is sent meanwhile does not lengthen the wait.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="within">The longest wait.</param>
    /// <exception cref="AskTimeoutException">It took longer.</exception>
    public static Task DrainAsync(IActorRef writer, TimeSpan within) => writer.Ask<Drained>(Drain.Instance, within);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case IndexRowChanged changed:
                _own?.Note(changed.Row);
                Take(changed.Row);
                Write();
                break;
            case Written:
                Acknowledge();
                Write();
                break;
            case Status.Failure failure:
                Fail(failure.Cause);
                break;
            case TryAgain:
                WriteBatch();
                break;
            case Release:
                ReleaseHeld();
                Write();
                break;
            case Drain:
                _drains.Add(Sender);
                ReleaseHeld();
                ReleaseHeld();
                Write();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void PostStop() => _clock.Dispose();

    private void Take(WorkflowIndexRow row)
    {
        var id = row.WorkflowId;
        if (_next.TryGetValue(id, out var first))
        {
            first.Merge(row, Sender);
            return;
        }

        var known = _waiting.GetValueOrDefault(id) ?? _held.GetValueOrDefault(id) ?? _heldLonger.GetValueOrDefault(id);
        var waiting = known ?? new(row);
        waiting.Merge(row, Sender);
        if (waiting.Row.Status != WorkflowStatus.Running)
        {
            _held.Remove(id);
            _heldLonger.Remove(id);
            _waiting[id] = waiting;
        }
        else if (known is null)
        {
            _held[id] = waiting;
            if (_held.Count + _heldLonger.Count == 1)
            {
                _release.Change(Linger, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void ReleaseHeld()
    {
        foreach (var (id, waiting) in _heldLonger)
        {
            _waiting[id] = waiting;
        }

        _heldLonger.Clear();
        (_held, _heldLonger) = (_heldLonger, _held);
        if (_heldLonger.Count > 0)
        {
            _release.Change(Linger, Timeout.InfiniteTimeSpan);
        }
    }

    private void Write()
    {
        if (_writing.Count > 0)
        {
            return;
        }

        if (_next.Count == 0)
        {
            TellDrained();
            (_next, _waiting) = (_waiting, _next);
            (_served, _drains) = (_drains, _served);
        }

        if (_next.Count == 0)
        {
            TellDrained();
            return;
        }

        Take(_next);
        Take(_waiting);
        WriteBatch();
    }

    /// <summary>Takes rows into the batch, as many as it has room for.</summary>
    private void Take(Dictionary<string, WaitingRow> rows)
    {
        if (rows.Count <= BatchSize - _writing.Count)
        {
            _writing.AddRange(rows.Values);
            rows.Clear();
            return;
        }

        foreach (var (id, row) in rows.Take(BatchSize - _writing.Count).ToList())
        {
            _writing.Add(row);
            rows.Remove(id);
        }
    }

    private void TellDrained()
    {
        _served.ForEach(drain => drain.Tell(Drained.Instance));
        _served.Clear();
    }

    private void WriteBatch() =>
        _index.UpsertAsync([.. _writing.Select(waiting => waiting.Row)]).PipeTo(Self, success: () => Written.Instance);

    private void Acknowledge()
    {
        foreach (var waiting in _writing)
        {
            foreach (var (sender, sequence) in waiting.Senders)
            {
                sender.Tell(new IndexRowWritten(waiting.Row.WorkflowId, sequence));
            }
        }

        _writing = [];
        _backoff.Reset();
    }

    /// <summary>Keeps the failed batch: newer rows of the same runs wait until it is written.</summary>
    private void Fail(Exception cause)
    {
        if (_saysFailure.IsDue())
        {
            _log.Warning(cause, "{0} rows of the index could not be written; next try in {1} s.", _writing.Count, _backoff.Wait.TotalSeconds);
        }

        _retry.Change(_backoff.Next(), Timeout.InfiniteTimeSpan);
    }

    private sealed class WaitingRow(WorkflowIndexRow row)
    {
        public WorkflowIndexRow Row { get; private set; } = row;

        public Dictionary<IActorRef, long> Senders { get; } = [];

        public void Merge(WorkflowIndexRow row, IActorRef sender)
        {
            Row = row.Supersedes(Row) ? row : Row;
            Senders[sender] = Math.Max(row.Sequence, Senders.GetValueOrDefault(sender));
        }
    }

    private sealed record Written : INoSerializationVerificationNeeded
    {
        public static readonly Written Instance = new();
    }

    private sealed record Release : INoSerializationVerificationNeeded
    {
        public static readonly Release Instance = new();
    }

    private sealed record TryAgain : INoSerializationVerificationNeeded
    {
        public static readonly TryAgain Instance = new();
    }

    private sealed record Drain : INoSerializationVerificationNeeded
    {
        public static readonly Drain Instance = new();
    }

    private sealed record Drained : INoSerializationVerificationNeeded
    {
        public static readonly Drained Instance = new();
    }
}

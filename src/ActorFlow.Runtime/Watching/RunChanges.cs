using System.Collections.Concurrent;
using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Telemetry;
using ActorFlow.Runtime.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Watching;

/// <summary>
/// Tells whoever watches runs, on this node or another, that they changed. Changes are hints, which may be dropped: a run never waits
/// for a watcher, and pays nothing while nobody watches. Thread-safe.
/// </summary>
/// <param name="metrics">Counts what is dropped.</param>
internal sealed class RunChanges(NodeMetrics metrics)
{
    // More of them are watched as all runs are.
    private const int MostNamed = 5_000;

    private readonly ConcurrentDictionary<string, ImmutableArray<RunWatch>> _watches = new(StringComparer.Ordinal);
    private ImmutableArray<RemoteWatcher> _remotes = [];
    private ImmutableArray<ChangeStream> _streams = [];
    private int _watchCount;
    private int _isTold;

    /// <summary>Raised when the interest of this node has changed, once until <see cref="TakeInterest"/> is called.</summary>
    public event Action? InterestChanged;

    /// <summary>What is watched on this node.</summary>
    public WatchInterest TakeInterest()
    {
        Volatile.Write(ref _isTold, 0);
        if (!_streams.IsEmpty || Volatile.Read(ref _watchCount) > MostNamed)
        {
            return new(true, []);
        }

        return Volatile.Read(ref _watchCount) == 0 ? WatchInterest.None : new(false, [.. _watches.Keys]);
    }

    /// <summary>Watches one run.</summary>
    public RunWatch Watch(string workflowId)
    {
        var watch = new RunWatch(ended => Release(workflowId, ended));
        _watches.AddOrUpdate(workflowId, static (_, added) => [added], static (_, present, added) => present.Add(added), watch);
        Interlocked.Increment(ref _watchCount);
        TellInterest();
        return watch;
    }

    /// <summary>Watches all runs that a filter names.</summary>
    public ChangeStream WatchAll(WatchFilter filter)
    {
        var stream = new ChangeStream(filter, ended =>
        {
            ImmutableInterlocked.Update(ref _streams, static (present, gone) => present.Remove(gone), ended);
            TellInterest();
        });
        ImmutableInterlocked.Update(ref _streams, static (present, added) => present.Add(added), stream);
        TellInterest();
        return stream;
    }

    /// <summary>A run of this node has written, or was recovered.</summary>
    /// <param name="workflowId">The id of the run.</param>
    /// <param name="state">Its state.</param>
    /// <param name="isNew">Whether it has written: else there may be news for those who watch it, but not for those who watch all runs.</param>
    public void Publish(string workflowId, WorkflowState state, bool isNew)
    {
        var (streams, remotes) = (_streams, _remotes);
        if (Volatile.Read(ref _watchCount) == 0 && streams.IsEmpty && remotes.IsEmpty)
        {
            return;
        }

        var wantsSummary = isNew && (!streams.IsEmpty || remotes.Any(static remote => remote.WantsSummaries));
        var change = new RunChange(workflowId, state is WorkflowState.Closed, wantsSummary ? SummaryOf(workflowId, state) : null);
        Deliver(change);
        foreach (var remote in remotes)
        {
            Count(remote.Offer(change));
        }
    }

    /// <summary>Tells the watchers of this node.</summary>
    public void Deliver(RunChange change)
    {
        if (_watches.TryGetValue(change.WorkflowId, out var watches))
        {
            foreach (var watch in watches)
            {
                watch.Signal(change.HasEnded);
            }
        }

        if (change.Summary is { } summary)
        {
            foreach (var stream in _streams)
            {
                Count(stream.Offer(summary));
            }
        }
    }

    /// <summary>Another node has dropped changes.</summary>
    public void DroppedElsewhere(long count)
    {
        if (count > 0)
        {
            foreach (var stream in _streams)
            {
                stream.Drop(count);
            }
        }
    }

    /// <summary>Notes what another node watches.</summary>
    /// <param name="relay">The relay of that node.</param>
    /// <param name="own">The relay of this node.</param>
    /// <param name="interest">What it watches.</param>
    /// <param name="now">The monotonic time.</param>
    public void Set(IActorRef relay, IActorRef own, WatchInterest interest, TimeSpan now)
    {
        if (interest.IsEmpty)
        {
            Forget(relay);
            return;
        }

        var remote = Find(relay);
        if (remote is null)
        {
            remote = new(relay, own);
            ImmutableInterlocked.Update(ref _remotes, static (present, added) => present.Add(added), remote);
        }

        remote.Set(interest, now);
    }

    /// <summary>Another node has taken what was sent to it.</summary>
    public void Taken(IActorRef relay) => Find(relay)?.Taken();

    /// <summary>Forgets another node.</summary>
    public void Forget(IActorRef relay) =>
        ImmutableInterlocked.Update(ref _remotes, static (present, gone) => present.RemoveAll(remote => remote.Relay.Equals(gone)), relay);

    /// <summary>Forgets the nodes that have not said for long what they watch.</summary>
    public void Expire(TimeSpan now) =>
        ImmutableInterlocked.Update(ref _remotes, static (present, at) => present.RemoveAll(remote => at - remote.Heard > WatchInterest.Life), now);

    private static WorkflowSummary? SummaryOf(string workflowId, WorkflowState state) => state switch
    {
        // The number of the row matters to the index alone.
        WorkflowState.Open open => IndexedRun.RowOf(workflowId, open, 1, open.IsWaiting).ToSummary(),
        WorkflowState.Closed closed => IndexedRun.RowOf(workflowId, closed, 1).ToSummary(),
        _ => null,
    };

    private RemoteWatcher? Find(IActorRef relay) => _remotes.FirstOrDefault(remote => remote.Relay.Equals(relay));

    private void TellInterest()
    {
        if (Interlocked.Exchange(ref _isTold, 1) == 0)
        {
            InterestChanged?.Invoke();
        }
    }

    private void Count(bool dropped)
    {
        try
        {
            if (dropped)
            {
                metrics.WatchDropped.Add(1);
            }
        }
        catch (Exception)
        {
            // A listener threw: that must not stop the run.
        }
    }

    private void Release(string workflowId, RunWatch ended)
    {
        while (_watches.TryGetValue(workflowId, out var present) && present.Contains(ended))
        {
            var left = present.Remove(ended);
            if (left.IsEmpty
                ? _watches.TryRemove(new KeyValuePair<string, ImmutableArray<RunWatch>>(workflowId, present))
                : _watches.TryUpdate(workflowId, left, present))
            {
                Interlocked.Decrement(ref _watchCount);
                TellInterest();
                return;
            }
        }
    }
}

using Akka.Actor;

namespace ActorFlow.Runtime.Watching;

/// <summary>What another node watches here, and the changes that are on their way to it. Thread-safe.</summary>
/// <param name="relay">The relay of the other node.</param>
/// <param name="own">The relay of this node.</param>
internal sealed class RemoteWatcher(IActorRef relay, IActorRef own)
{
    private const int Capacity = 1_000;
    private const int AtOnce = 200;

    private readonly Lock _gate = new();
    private readonly Queue<RunChange> _waiting = new();
    private HashSet<string> _ids = [];
    private bool _all;
    private bool _isUnderWay;
    private long _dropped;

    /// <summary>The relay of the other node.</summary>
    public IActorRef Relay => relay;

    /// <summary>When it last said what it watches.</summary>
    public TimeSpan Heard { get; private set; }

    /// <summary>Whether it watches all runs.</summary>
    public bool WantsSummaries => _all;

    /// <summary>Notes what it watches.</summary>
    public void Set(WatchInterest interest, TimeSpan now)
    {
        lock (_gate)
        {
            // An acknowledgement may have been lost on the way.
            _isUnderWay = false;
            (_all, _ids, Heard) = (interest.All, new(interest.WorkflowIds, StringComparer.Ordinal), now);
            SendNext();
        }
    }

    /// <summary>Sends a change on its way, if the node watches the run.</summary>
    /// <returns>Whether it was dropped.</returns>
    public bool Offer(RunChange change)
    {
        lock (_gate)
        {
            if (!_all && !_ids.Contains(change.WorkflowId))
            {
                return false;
            }

            if (_waiting.Count >= Capacity)
            {
                _dropped++;
                return true;
            }

            _waiting.Enqueue(_all ? change : change with { Summary = null });
            SendNext();
            return false;
        }
    }

    /// <summary>The node has taken what was sent.</summary>
    public void Taken()
    {
        lock (_gate)
        {
            _isUnderWay = false;
            SendNext();
        }
    }

    private void SendNext()
    {
        if (_isUnderWay || _waiting.Count == 0)
        {
            return;
        }

        var changes = new List<RunChange>(Math.Min(AtOnce, _waiting.Count));
        while (changes.Count < AtOnce && _waiting.TryDequeue(out var change))
        {
            changes.Add(change);
        }

        _isUnderWay = true;
        relay.Tell(new RunChangesSeen([.. changes], _dropped), own);
        _dropped = 0;
    }
}

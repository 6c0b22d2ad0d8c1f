using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>The actors that wait for the end of a run. They are kept in memory only: an earlier one has asked again since, or given up.</summary>
internal sealed class EndWatchers
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    private Dictionary<IActorRef, TimeSpan>? _watchers;

    public void Add(IActorRef watcher, TimeSpan now)
    {
        Expire(now);
        (_watchers ??= [])[watcher] = now;
    }

    public bool IsEmpty(TimeSpan now)
    {
        Expire(now);
        return _watchers is null or { Count: 0 };
    }

    /// <summary>Returns all of them, and forgets them.</summary>
    public IReadOnlyCollection<IActorRef> TakeAll()
    {
        IReadOnlyCollection<IActorRef> all = _watchers is null ? [] : _watchers.Keys;
        _watchers = null;
        return all;
    }

    /// <summary>Forgets those that have given up.</summary>
    public void Expire(TimeSpan now)
    {
        if (_watchers is null)
        {
            return;
        }

        foreach (var (watcher, since) in _watchers)
        {
            if (now - since > Life)
            {
                _watchers.Remove(watcher);
            }
        }
    }
}

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>A run that a full queue has told there is room now.</summary>
internal readonly record struct Grant(string WorkflowId, int Count);

/// <summary>
/// What a full queue had to turn away: it remembers which run wanted how much, and lets the runs in again in turn, key by key and
/// the oldest first. Room that was granted is kept for a while, so that nobody is told twice of the same room.
/// </summary>
internal sealed class DeferredOffers(TaskQueueOptions options)
{
    private const int KeysLookedAt = 8;

    private static readonly TimeSpan GrantLife = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, Run> _runs = [];
    private readonly Dictionary<string, Key> _keys = [];
    private readonly LinkedList<Key> _turns = new();
    private readonly Dictionary<string, (int Count, string Key, TimeSpan Expires)> _granted = [];

    public int Granted { get; private set; }

    public int Count => _runs.Count;

    /// <summary>How many places one grant gives at most; less room than this is not worth a message.</summary>
    public int Portion { get; } = Math.Clamp(Math.Min(options.Capacity, options.CapacityPerKey) / 8, 1, 256);

    public int GrantedTo(string fairnessKey) => _keys.TryGetValue(fairnessKey, out var key) ? key.Granted : 0;

    /// <summary>Remembers that a run was turned away with that many more attempts.</summary>
    public void Defer(string workflowId, string fairnessKey, DateTimeOffset oldest, int count = 1)
    {
        if (_runs.TryGetValue(workflowId, out var before))
        {
            count = Math.Min(count + before.Count, options.Capacity);
            oldest = before.Oldest < oldest ? before.Oldest : oldest;
            Forget(before);
        }

        var key = KeyOf(fairnessKey);
        var run = new Run(workflowId, key, count, oldest);
        _runs.Add(workflowId, run);
        key.Runs.Add(run);
        if (key.Turn.List is null)
        {
            _turns.AddLast(key.Turn);
        }
    }

    /// <summary>The run offers: the room kept for it is for these offers.</summary>
    public void Redeem(string workflowId)
    {
        if (_granted.Remove(workflowId, out var grant))
        {
            Release(grant.Key, grant.Count);
        }
    }

    /// <summary>Forgets grants nobody came for: their runs ask again when they look after their attempts.</summary>
    public void Expire(TimeSpan now)
    {
        foreach (var (workflowId, grant) in _granted)
        {
            if (grant.Expires <= now)
            {
                _granted.Remove(workflowId);
                Release(grant.Key, grant.Count);
            }
        }
    }

    /// <summary>The next run to be let in, if there is room for it.</summary>
    /// <param name="room">How much room there is in all, grants taken off.</param>
    /// <param name="waitingOf">How many attempts of a key wait.</param>
    /// <param name="now">The time on the queue's clock.</param>
    public Grant? Next(int room, Func<string, int> waitingOf, TimeSpan now)
    {
        if (room < Math.Min(Portion, options.Capacity))
        {
            return null;
        }

        for (var turns = Math.Min(_turns.Count, KeysLookedAt); turns > 0; turns--)
        {
            var key = _turns.First!.Value;
            var keyRoom = Math.Min(room, options.CapacityPerKey - waitingOf(key.Name) - key.Granted);
            _turns.RemoveFirst();
            _turns.AddLast(key.Turn);
            if (keyRoom >= Portion)
            {
                return Give(key, keyRoom, now);
            }
        }

        return null;
    }

    private Grant Give(Key key, int room, TimeSpan now)
    {
        var run = key.Runs.Min!;
        var count = Math.Min(Math.Min(run.Count, Portion), room);
        _granted.TryGetValue(run.WorkflowId, out var before);
        _granted[run.WorkflowId] = (before.Count + count, key.Name, now + GrantLife);
        key.Granted += count;
        Granted += count;
        Forget(run);
        if (run.Count > count)
        {
            Defer(run.WorkflowId, key.Name, run.Oldest, run.Count - count);
        }

        return new(run.WorkflowId, count);
    }

    private void Release(string fairnessKey, int count)
    {
        Granted -= count;
        var key = KeyOf(fairnessKey);
        key.Granted -= count;
        ForgetIfIdle(key);
    }

    private void Forget(Run run)
    {
        _runs.Remove(run.WorkflowId);
        run.Key.Runs.Remove(run);
        if (run.Key.Runs.Count == 0)
        {
            _turns.Remove(run.Key.Turn);
        }

        ForgetIfIdle(run.Key);
    }

    private void ForgetIfIdle(Key key)
    {
        if (key.Runs.Count == 0 && key.Granted == 0)
        {
            _keys.Remove(key.Name);
        }
    }

    private Key KeyOf(string name)
    {
        if (!_keys.TryGetValue(name, out var key))
        {
            key = new(name);
            _keys.Add(name, key);
        }

        return key;
    }

    private sealed record Run(string WorkflowId, Key Key, int Count, DateTimeOffset Oldest);

    private sealed class Key
    {
        public Key(string name)
        {
            Name = name;
            Turn = new(this);
        }

        public string Name { get; }

        public LinkedListNode<Key> Turn { get; }

        public int Granted { get; set; }

        public SortedSet<Run> Runs { get; } = new(Comparer<Run>.Create((x, y) =>
            x.Oldest != y.Oldest ? x.Oldest.CompareTo(y.Oldest) : string.CompareOrdinal(x.WorkflowId, y.WorkflowId)));
    }
}

namespace ActorFlow.Runtime.Persistence;

/// <summary>
/// Persistence ids that this node has just made up, so that their recovery needs no query: whoever sends the first
/// command marks the id, the journal takes the mark. A mark lives 5 s and is taken once. Bounded: beyond
/// <see cref="Capacity"/> the oldest are forgotten, which costs a query and nothing else. Safe for all threads.
/// </summary>
/// <remarks>
/// A wrong mark makes an existing run look empty. The actor therefore asks <see cref="TakeRecovery"/> after its recovery,
/// and if its first command is not the very one the mark was made for, stops and recovers again, without a mark.
/// </remarks>
internal sealed class FreshIds
{
    /// <summary>How many ids are remembered, taken ones included.</summary>
    public const int Capacity = 16_384;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Queue<(string Id, Entry Entry)> _oldest = new();
    private readonly TimeProvider _time;

    /// <summary>Makes an empty set.</summary>
    /// <param name="time">The clock that marks expire by.</param>
    public FreshIds(TimeProvider time) => _time = time;

    /// <summary>How long a mark lives.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Marks an id as never used before. An id marked before, taken or not, is not marked again.</summary>
    /// <param name="persistenceId">The id, made up by this node for this very command.</param>
    /// <param name="commandId">The command that creates it.</param>
    /// <returns>Whether it is marked now.</returns>
    public bool Mark(string persistenceId, string commandId)
    {
        lock (_lock)
        {
            var entry = new Entry(commandId, _time.GetTimestamp());
            if (!_entries.TryAdd(persistenceId, entry))
            {
                return false;
            }
            _oldest.Enqueue((persistenceId, entry));
            while (_oldest.Count > Capacity)
            {
                _entries.Remove(_oldest.Dequeue().Id);
            }
            return true;
        }
    }

    /// <summary>Whether the id is marked now: an actor may then skip its snapshot. The mark stays.</summary>
    /// <param name="persistenceId">The id.</param>
    public bool IsMarked(string persistenceId)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(persistenceId, out var entry) && IsAlive(entry);
        }
    }

    /// <summary>Takes the mark of an id: true once at most.</summary>
    /// <param name="persistenceId">The id that is about to recover.</param>
    internal bool TryTake(string persistenceId)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(persistenceId, out var entry) || !IsAlive(entry))
            {
                return false;
            }
            entry.Taken = true;
            return true;
        }
    }

    /// <summary>
    /// After a recovery: the command id of the mark that answered it instead of the journal, told once; null means that it was a
    /// full recovery. Now and then it names the mark of an earlier recovery that nobody asked about, which is harmless.
    /// </summary>
    /// <param name="persistenceId">The id that has recovered.</param>
    public string? TakeRecovery(string persistenceId)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(persistenceId, out var entry) || !entry.Taken)
            {
                return null;
            }
            // It has served: nobody makes the same id up again.
            _entries.Remove(persistenceId);
            while (_oldest.TryPeek(out var oldest) && !_entries.ContainsKey(oldest.Id))
            {
                _oldest.Dequeue();
            }

            return entry.CommandId;
        }
    }

    private bool IsAlive(Entry entry) => !entry.Taken && _time.GetElapsedTime(entry.MarkedAt) <= Lifetime;

    private sealed class Entry(string commandId, long markedAt)
    {
        public string CommandId { get; } = commandId;

        public long MarkedAt { get; } = markedAt;

        public bool Taken { get; set; }
    }
}

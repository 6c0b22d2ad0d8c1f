using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Persistence;

namespace ActorFlow.Runtime.Persistence.Memory;

/// <summary>The events of all ids, as objects. Safe for all threads: several ActorSystems may share it.</summary>
/// <param name="tombstones">Knows the numbers of purged runs.</param>
internal sealed class MemoryJournalRows(MemoryTombstones tombstones)
{
    private readonly ConcurrentDictionary<string, Rows> _ids = new(StringComparer.Ordinal);

    /// <summary>Adds events of one id, all or none.</summary>
    /// <returns>False: another incarnation has taken one of the numbers.</returns>
    public bool TryAdd(string persistenceId, IReadOnlyList<IPersistentRepresentation> events)
    {
        var rows = _ids.GetOrAdd(persistenceId, static _ => new());
        lock (rows)
        {
            if (events[0].SequenceNr <= rows.Highest)
            {
                return false;
            }

            for (var i = 0; i < events.Count; i++)
            {
                // Without whoever sent the command: nobody is kept alive by an event.
                var one = events[i];
                rows.Events.Add(new Persistent(one.Payload, one.SequenceNr, persistenceId, one.Manifest, isDeleted: false, ActorRefs.NoSender, one.WriterGuid));
            }

            rows.Highest = events[^1].SequenceNr;
            return true;
        }
    }

    /// <summary>The highest number that was ever written; 0: none.</summary>
    public long HighestOf(string persistenceId)
    {
        if (!_ids.TryGetValue(persistenceId, out var rows))
        {
            return tombstones.HighestOf(persistenceId);
        }

        lock (rows)
        {
            return rows.Highest;
        }
    }

    /// <summary>The events from one number to another, both included, that are not deleted, in order.</summary>
    public IReadOnlyList<IPersistentRepresentation> Read(string persistenceId, long from, long to, long max)
    {
        if (!_ids.TryGetValue(persistenceId, out var rows))
        {
            return [];
        }

        lock (rows)
        {
            return [.. rows.Events.Where(one => one.SequenceNr >= from && one.SequenceNr <= to).Take((int)Math.Min(max, int.MaxValue))];
        }
    }

    /// <summary>Forgets the events up to a number; the highest number stays taken.</summary>
    public void DeleteTo(string persistenceId, long to)
    {
        if (_ids.TryGetValue(persistenceId, out var rows))
        {
            lock (rows)
            {
                rows.Events.RemoveAll(one => one.SequenceNr <= to);
            }
        }
    }

    /// <summary>How many events of an id there are.</summary>
    public int CountOf(string persistenceId)
    {
        if (!_ids.TryGetValue(persistenceId, out var rows))
        {
            return 0;
        }

        lock (rows)
        {
            return rows.Events.Count;
        }
    }

    /// <summary>Forgets an id, its numbers too.</summary>
    public void Remove(string persistenceId) => _ids.TryRemove(persistenceId, out _);

    private sealed class Rows
    {
        public List<IPersistentRepresentation> Events { get; } = [];

        public long Highest { get; set; }
    }
}

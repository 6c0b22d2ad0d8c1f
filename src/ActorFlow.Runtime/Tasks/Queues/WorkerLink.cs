using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>A queue's side of its link with one incarnation of a worker host.</summary>
internal sealed class WorkerLink(string node, long epoch, IActorRef host)
{
    private readonly Queue<long> _unseen = new();
    private int _free;

    public string Node { get; } = node;

    public long Epoch { get; } = epoch;

    public IActorRef Host { get; } = host;

    public long Sequence { get; private set; }

    /// <summary>The number of the newest lease handed to it.</summary>
    public long Newest { get; private set; }

    /// <summary>The newest lease number that it has heard of.</summary>
    public long Seen { get; private set; }

    public ImmutableArray<string> Handlers { get; set; } = [];

    public Dictionary<AttemptId, Lease> Leases { get; } = [];

    /// <summary>Leased, and not sent yet.</summary>
    public List<Assignment> Outgoing { get; } = [];

    /// <summary>Since when it is known to have stopped; null means that it lives.</summary>
    public TimeSpan? GoneSince { get; set; }

    /// <summary>How many more attempts it takes: what it said, less what it had not seen when it said so.</summary>
    public int Available => GoneSince is null ? _free - _unseen.Count : 0;

    /// <summary>Takes note of what the host says of itself.</summary>
    /// <returns>Whether it has said nothing newer before.</returns>
    public bool Track(HostState state, long queueEpoch)
    {
        if (state.Sequence <= Sequence)
        {
            return false;
        }

        Sequence = state.Sequence;
        if (state.QueueEpoch == queueEpoch)
        {
            Seen = state.Seen;
            _free = state.Free;
        }

        while (_unseen.TryPeek(out var number) && number <= Seen)
        {
            _unseen.Dequeue();
        }

        return true;
    }

    public void Enqueue(Lease lease, Assignment assignment)
    {
        Newest = lease.Id.Number;
        _unseen.Enqueue(Newest);
        Leases.Add(lease.Attempt, lease);
        Outgoing.Add(assignment);
    }
}

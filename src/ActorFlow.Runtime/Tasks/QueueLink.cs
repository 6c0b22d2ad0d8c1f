using System.Collections.Immutable;
using ActorFlow.Runtime.Tasks.Attempts;
using ActorFlow.Runtime.Telemetry;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks;

/// <summary>A worker host's side of its link with one queue.</summary>
internal sealed class QueueLink(string name, int slots, long epoch)
{
    private const int SuccessesKept = 4_096;

    private static readonly TimeSpan SuccessLife = TimeSpan.FromSeconds(30);

    private readonly List<SettledLease> _settled = [];
    private readonly Queue<(SettledLease Lease, TimeSpan Expires)> _successes = new();

    public string Name { get; } = name;

    public int Slots { get; } = slots;

    /// <summary>The slots as metrics show them.</summary>
    public SlotGauge Gauge { get; } = new(name, slots);

    /// <summary>The newest incarnation of the queue that was heard of.</summary>
    public long Epoch { get; private set; } = epoch;

    /// <summary>That incarnation; null means that it was not heard of, or has stopped.</summary>
    public IActorRef? Queue { get; private set; }

    /// <summary>The newest lease number of that incarnation that was heard of.</summary>
    public long Seen { get; private set; }

    public long Sequence { get; private set; }

    /// <summary>How many handlers run, the abandoned ones included.</summary>
    public int Busy
    {
        get;
        set
        {
            field = value;
            Gauge.Used = value;
        }
    }

    /// <summary>How many of them were abandoned.</summary>
    public int Abandoned { get; set; }

    /// <summary>The idle task actors.</summary>
    public Stack<IActorRef> Idle { get; } = new();

    /// <summary>When to say everything again.</summary>
    public TimeSpan InventoryDue { get; set; }

    /// <summary>
    /// Whether the queue has answered. Until it has, it is told of recent successes: offers of them may be on their way to it.
    /// </summary>
    public bool IsKnown { get; set; }

    /// <summary>How many pulls in a row went unanswered.</summary>
    public int Unanswered { get; set; }

    /// <summary>Something has changed that the queue does not know.</summary>
    public bool Changed { get; set; }

    /// <summary>Whether the message is from the queue of now; a new one is taken up.</summary>
    public bool Connect(long epoch, IActorRef queue, IUntypedActorContext context)
    {
        if (epoch < Epoch)
        {
            return false;
        }

        if (epoch > Epoch || !queue.Equals(Queue))
        {
            Disconnect(context);
            if (epoch > Epoch)
            {
                (Epoch, Seen, IsKnown) = (epoch, 0, false);
            }

            Queue = queue;
            context.Watch(queue);
        }

        return true;
    }

    /// <summary>The queue is not there any more, or does not answer: the shard region finds the next.</summary>
    public void Disconnect(IUntypedActorContext context)
    {
        if (Queue is not null)
        {
            context.Unwatch(Queue);
            Queue = null;
        }
    }

    /// <summary>Takes note of a lease number.</summary>
    /// <returns>Whether it is new.</returns>
    public bool Track(long number)
    {
        var isNew = number > Seen;
        Seen = Math.Max(Seen, number);
        return isNew;
    }

    public void Settle(RunningAttempt attempt, bool succeeded, TimeSpan now)
    {
        var settled = new SettledLease(attempt.Assignment.Lease, attempt.Assignment.Order.Attempt, succeeded);
        _settled.Add(settled);
        Changed = true;
        while (_successes.TryPeek(out var oldest) && (oldest.Expires <= now || _successes.Count >= SuccessesKept))
        {
            _successes.Dequeue();
        }

        if (succeeded)
        {
            _successes.Enqueue((settled, now + SuccessLife));
        }
    }

    /// <summary>Has a queue that has not answered yet be told of recent successes too.</summary>
    public void Introduce()
    {
        if (!IsKnown)
        {
            _settled.AddRange(_successes.Select(success => success.Lease));
        }
    }

    /// <summary>Where the host stands; what has settled is said once.</summary>
    public HostState State(string node, long hostEpoch, bool takesWork)
    {
        var settled = _settled.ToImmutableArray();
        _settled.Clear();
        Changed = false;
        return new(Name, node, hostEpoch, ++Sequence, Epoch, Seen, takesWork ? Math.Max(0, Slots - Busy) : 0, settled);
    }

    /// <summary>What a queue that is not to be obeyed is told: that there is a newer one.</summary>
    public HostState Refusal(string node, long hostEpoch) => new(Name, node, hostEpoch, ++Sequence, Epoch, Seen, 0, []);
}

using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows.Offers;

/// <summary>The phase of an offer.</summary>
internal enum OfferPhase
{
    Unsent,
    Sent,
    Held,
    Deferred,
    Leased,
    Withdrawn,
    Gone,
}

/// <summary>One attempt that was offered, or will be.</summary>
internal sealed class OfferedAttempt(string queue, AttemptId attempt, TaskOrder? order)
{
    public string Queue { get; } = queue;

    public AttemptId Attempt { get; } = attempt;

    public TaskOrder? Order { get; } = order;

    public OfferPhase Phase { get; set; }

    /// <summary>The order of offers: higher priority first, then age.</summary>
    public (int, long) Rank => (-(Order?.Priority ?? 0), Order?.ReadyAt.UtcTicks ?? 0);

    /// <summary>Whether a queue's message applies: a lease comes before an acknowledgement when messages cross.</summary>
    public bool CanBecome(OfferPhase phase) => Phase switch
    {
        OfferPhase.Sent or OfferPhase.Unsent => true,
        OfferPhase.Held or OfferPhase.Deferred => phase == OfferPhase.Leased,
        _ => false,
    };

    /// <summary>Whether it is offered again: if it was not answered, or if everything is to be confirmed.</summary>
    public bool IsRepeated(bool all) =>
        Phase == OfferPhase.Sent || (all && Phase is OfferPhase.Held or OfferPhase.Deferred or OfferPhase.Leased);
}

/// <summary>The link to one task queue: through the region until it has answered, then directly.</summary>
internal sealed class QueueOffers(string name, IActorRef region, IActorRef workflow)
{
    /// <summary>How many attempts of one run a queue holds that no worker has taken; the rest waits with the run.</summary>
    public const int UnleasedLimit = 256;

    /// <summary>The most bytes of inputs in one message of several offers: far below the largest frame.</summary>
    public const int BytesPerMessage = 256 * 1024;

    private static readonly TimeSpan FirstRepeat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRepeat = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Confirmation = TimeSpan.FromSeconds(60);

    private Backoff _backoff = new(FirstRepeat, LongestRepeat);

    public string Name { get; } = name;

    public IActorRef? Queue { get; private set; }

    public long Epoch { get; private set; }

    /// <summary>The epoch of the queue that is watched; 0 means that none is.</summary>
    public long KnownEpoch => Queue is null ? 0 : Epoch;

    public int Unleased { get; set; }

    /// <summary>The handlers that attempts wait for there and no worker has, as the queue last reported.</summary>
    public ImmutableArray<string> Missing { get; set; } = [];

    public PriorityQueue<OfferedAttempt, (int, long)> Unsent { get; } = new();

    public TimeSpan RepeatAt { get; private set; } = TimeSpan.MaxValue;

    public TimeSpan ConfirmAt { get; private set; } = TimeSpan.MaxValue;

    public void Send(object message) => (Queue ?? region).Tell(message, workflow);

    /// <summary>Notes the queue that answered; true means that it is another incarnation, which does not know earlier offers.</summary>
    public bool Connect(IActorRef queue, long epoch, Action<IActorRef> watch)
    {
        _backoff.Reset();
        if (epoch == Epoch && queue.Equals(Queue))
        {
            return false;
        }

        var changed = Epoch != 0 && epoch != Epoch;
        Missing = changed ? [] : Missing;
        (Queue, Epoch) = (queue, epoch);
        watch(queue);
        return changed;
    }

    public void Lose() => Queue = null;

    /// <summary>Notes that a message needs an answer: it is checked again soon.</summary>
    public void Sent(TimeSpan now)
    {
        if (RepeatAt > now + FirstRepeat)
        {
            _backoff.Reset();
            RepeatAt = now + _backoff.Next();
        }

        if (ConfirmAt == TimeSpan.MaxValue)
        {
            ConfirmAt = now + Confirmation;
        }
    }

    /// <summary>Prepares to offer everything again, to the present incarnation of the queue.</summary>
    public void Confirm(TimeSpan now)
    {
        ConfirmAt = now + Confirmation;
        Queue = null;
    }

    /// <summary>Notes a repeat: the next one is later.</summary>
    public void Repeated(TimeSpan now) => RepeatAt = now + _backoff.Next();
}

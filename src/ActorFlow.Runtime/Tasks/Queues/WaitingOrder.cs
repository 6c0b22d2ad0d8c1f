using ActorFlow.Core.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>An attempt that waits in the queue.</summary>
internal sealed class WaitingOrder(string workflowId, TaskOrder order, IActorRef workflow, long urgency, long arrival)
{
    public string WorkflowId { get; } = workflowId;

    public IActorRef Workflow { get; set; } = workflow;

    /// <summary>What to run; null means that it was taken back: it then only waits to be dropped from its lane.</summary>
    public TaskOrder? Order { get; set; } = order;

    /// <summary>
    /// The moment, in ticks, at which it would have become ready had its priority been 0: each level is worth a fixed wait, so
    /// that this one number orders a lane for good, and its distance from now tells the level.
    /// </summary>
    public long Urgency { get; } = urgency;

    /// <summary>Breaks ties by arrival.</summary>
    public long Arrival { get; } = arrival;
}

/// <summary>The attempts that wait for one handler, and the hosts that offer it.</summary>
internal sealed class HandlerOrders(string name, IComparer<Lane> order)
{
    public string Name { get; } = name;

    public List<WorkerLink> Hosts { get; } = [];

    /// <summary>The lanes that are not empty, the next one first.</summary>
    public SortedSet<Lane> Lanes { get; } = new(order);

    public int Waiting { get; set; }

    /// <summary>Its place in the list of handlers that attempts wait for; -1 outside.</summary>
    public int Index { get; set; } = -1;
}

/// <summary>What the runs of one fairness key have had of the queue, and have in it.</summary>
internal sealed class FairShare(string key)
{
    public string Key { get; } = key;

    /// <summary>How many of its attempts were handed out; never far behind the others, so that absence earns no credit.</summary>
    public long Served { get; set; }

    /// <summary>How many of its attempts wait.</summary>
    public int Waiting { get; set; }

    /// <summary>One lane for each handler that its attempts wait for.</summary>
    public List<Lane> Lanes { get; } = [];
}

/// <summary>The attempts of one fairness key that wait for one handler, the most urgent first.</summary>
internal sealed class Lane(FairShare share, HandlerOrders handler)
{
    private readonly PriorityQueue<WaitingOrder, (long Urgency, long Arrival)> _orders = new();

    public FairShare Share { get; } = share;

    public HandlerOrders Handler { get; } = handler;

    /// <summary>The level of the head as of the last look at the clock.</summary>
    public long Level { get; set; }

    public bool IsEmpty => _orders.Count == 0;

    public WaitingOrder Head => _orders.Peek();

    /// <summary>What waits in it, in no order.</summary>
    public IEnumerable<WaitingOrder> Orders => _orders.UnorderedItems.Select(item => item.Element).Where(order => order.Order is not null);

    public void Add(WaitingOrder order) => _orders.Enqueue(order, (order.Urgency, order.Arrival));

    public WaitingOrder Take()
    {
        var order = _orders.Dequeue();
        DropWithdrawn();
        return order;
    }

    /// <summary>Drops what was taken back, as far as it stands in front.</summary>
    public void DropWithdrawn()
    {
        while (_orders.TryPeek(out var head, out _) && head.Order is null)
        {
            _orders.Dequeue();
        }
    }
}

/// <summary>Which lane goes first: the higher level, then the key served least, then the older head.</summary>
internal sealed class LaneOrder : IComparer<Lane>
{
    public static readonly LaneOrder Instance = new();

    public int Compare(Lane? x, Lane? y)
    {
        if (ReferenceEquals(x, y))
        {
            return 0;
        }

        var order = y!.Level.CompareTo(x!.Level);
        order = order != 0 ? order : x.Share.Served.CompareTo(y.Share.Served);
        order = order != 0 ? order : x.Head.Urgency.CompareTo(y.Head.Urgency);
        return order != 0 ? order : x.Head.Arrival.CompareTo(y.Head.Arrival);
    }
}

using System.Runtime.InteropServices;
using ActorFlow.Core.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>
/// The waiting list: by level (priority, and one level for each wait of a fixed length), then by least served fairness key, then
/// by age, among the attempts whose handler is offered. Adding, taking and withdrawing cost O(log n).
/// </summary>
internal sealed class WaitingOrders(TimeSpan waitPerLevel, IComparer<Lane>? order = null)
{
    private const int IdleSharesKept = 1_000;

    private readonly Dictionary<AttemptId, (WaitingOrder Order, Lane Lane)> _orders = [];
    private readonly Dictionary<string, HandlerOrders> _handlers = [];
    private readonly List<HandlerOrders> _wanted = [];
    private readonly Dictionary<string, FairShare> _shares = [];
    private readonly List<Lane> _moved = [];
    private long _now;
    private long _served;
    private long _arrivals;
    private int _sharesToSweep = IdleSharesKept;

    public int Count => _orders.Count;

    /// <summary>How many of them wait for a handler that no host offers.</summary>
    public int Unroutable { get; private set; }

    /// <summary>The handlers that attempts wait for, in no order.</summary>
    public ReadOnlySpan<HandlerOrders> Wanted => CollectionsMarshal.AsSpan(_wanted);

    public WaitingOrder? Find(AttemptId attempt) => _orders.TryGetValue(attempt, out var found) ? found.Order : null;

    /// <summary>Since when the oldest attempt has waited; null means that nothing waits. It looks at all that waits.</summary>
    public DateTimeOffset? OldestReadyAt()
    {
        DateTimeOffset? oldest = null;
        foreach (var (waiting, _) in _orders.Values)
        {
            if (waiting.Order is { ReadyAt: var readyAt } && (oldest is null || readyAt < oldest))
            {
                oldest = readyAt;
            }
        }

        return oldest;
    }

    public int WaitingOf(string fairnessKey) => _shares.TryGetValue(fairnessKey, out var share) ? share.Waiting : 0;

    public bool IsOffered(string handler) => _handlers.TryGetValue(handler, out var orders) && orders.Hosts.Count > 0;

    public void Enqueue(string workflowId, string fairnessKey, TaskOrder task, IActorRef workflow)
    {
        var urgency = task.ReadyAt.UtcTicks - (Math.Clamp(task.Priority, 0, 9) * waitPerLevel.Ticks);
        var waiting = new WaitingOrder(workflowId, task, workflow, urgency, _arrivals++);
        var share = ShareOf(fairnessKey);
        var handler = HandlerOf(task.Handler);
        var lane = LaneOf(share, handler);
        if (!lane.IsEmpty)
        {
            handler.Lanes.Remove(lane);
        }

        lane.Add(waiting);
        Place(lane);
        _orders.Add(task.Attempt, (waiting, lane));
        Tally(lane, +1);
    }

    /// <summary>Takes the next attempt for that handler, and charges its fairness key.</summary>
    public WaitingOrder Take(HandlerOrders handler)
    {
        var lane = handler.Lanes.Min!;
        var share = lane.Share;
        foreach (var other in share.Lanes)
        {
            other.Handler.Lanes.Remove(other);
        }

        var waiting = lane.Take();
        _orders.Remove(waiting.Order!.Attempt);
        _served = share.Served++;
        foreach (var other in share.Lanes)
        {
            if (!other.IsEmpty)
            {
                Place(other);
            }
        }

        Tally(lane, -1);
        Close(lane);
        return waiting;
    }

    /// <summary>Takes an attempt back, if it waits.</summary>
    public void Remove(AttemptId attempt)
    {
        if (!_orders.Remove(attempt, out var found))
        {
            return;
        }

        var (waiting, lane) = found;
        lane.Handler.Lanes.Remove(lane);
        waiting.Order = null;
        lane.DropWithdrawn();
        if (!lane.IsEmpty)
        {
            Place(lane);
        }

        Tally(lane, -1);
        Close(lane);
    }

    /// <summary>Looks at the clock: attempts that have waited long enough gain a level.</summary>
    public void Age(DateTimeOffset now)
    {
        _now = now.UtcTicks;
        foreach (var handler in _wanted)
        {
            foreach (var lane in handler.Lanes)
            {
                if (lane.Level != LevelOf(lane.Head))
                {
                    _moved.Add(lane);
                }
            }

            foreach (var lane in _moved)
            {
                handler.Lanes.Remove(lane);
                Place(lane);
            }

            _moved.Clear();
        }
    }

    public void Offer(string handler, WorkerLink host)
    {
        var orders = HandlerOf(handler);
        if (orders.Hosts.Count == 0)
        {
            Unroutable -= orders.Waiting;
        }

        orders.Hosts.Add(host);
    }

    public void StopOffering(string handler, WorkerLink host)
    {
        var orders = HandlerOf(handler);
        if (orders.Hosts.Remove(host) && orders.Hosts.Count == 0)
        {
            Unroutable += orders.Waiting;
            Forget(orders);
        }
    }

    /// <summary>Those that wait for a handler that no host offers, in no order.</summary>
    public IEnumerable<WaitingOrder> Unrouted() =>
        _wanted.Where(handler => handler.Hosts.Count == 0).SelectMany(handler => handler.Lanes).SelectMany(lane => lane.Orders);

    private void Place(Lane lane)
    {
        lane.Level = LevelOf(lane.Head);
        lane.Handler.Lanes.Add(lane);
    }

    private long LevelOf(WaitingOrder waiting) => (long)Math.Floor((_now - waiting.Urgency) / (double)waitPerLevel.Ticks);

    private void Tally(Lane lane, int change)
    {
        var handler = lane.Handler;
        lane.Share.Waiting += change;
        handler.Waiting += change;
        Unroutable += handler.Hosts.Count == 0 ? change : 0;
        if (handler.Waiting > 0 && handler.Index < 0)
        {
            handler.Index = _wanted.Count;
            _wanted.Add(handler);
        }
        else if (handler.Waiting == 0)
        {
            var last = _wanted[^1];
            _wanted[handler.Index] = last;
            last.Index = handler.Index;
            _wanted.RemoveAt(_wanted.Count - 1);
            handler.Index = -1;
        }
    }

    private HandlerOrders HandlerOf(string name)
    {
        ref var handler = ref CollectionsMarshal.GetValueRefOrAddDefault(_handlers, name, out _);
        return handler ??= new(name, order ?? LaneOrder.Instance);
    }

    private FairShare ShareOf(string key)
    {
        ref var share = ref CollectionsMarshal.GetValueRefOrAddDefault(_shares, key, out _);
        share ??= new(key);
        if (share.Waiting == 0)
        {
            share.Served = Math.Max(share.Served, _served);
        }

        return share;
    }

    private static Lane LaneOf(FairShare share, HandlerOrders handler)
    {
        foreach (var lane in share.Lanes)
        {
            if (ReferenceEquals(lane.Handler, handler))
            {
                return lane;
            }
        }

        var created = new Lane(share, handler);
        share.Lanes.Add(created);
        return created;
    }

    private void Close(Lane lane)
    {
        if (lane.IsEmpty)
        {
            lane.Share.Lanes.Remove(lane);
            Forget(lane.Handler);
            ForgetIdleShares();
        }
    }

    private void Forget(HandlerOrders handler)
    {
        if (handler.Waiting == 0 && handler.Hosts.Count == 0)
        {
            _handlers.Remove(handler.Name);
        }
    }

    /// <summary>An idle key is worth keeping only while it is ahead of the others; the sweep's cost is spread over many removals.</summary>
    private void ForgetIdleShares()
    {
        if (_shares.Count <= _sharesToSweep)
        {
            return;
        }

        foreach (var (key, share) in _shares)
        {
            if (share.Waiting == 0 && share.Served <= _served)
            {
                _shares.Remove(key);
            }
        }

        _sharesToSweep = Math.Max(IdleSharesKept, 2 * _shares.Count);
    }
}

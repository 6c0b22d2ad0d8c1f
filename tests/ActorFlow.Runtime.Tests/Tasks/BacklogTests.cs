using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Tasks.Queues;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Tasks;

public sealed class BacklogTests : DispatchTest
{
    private static readonly TaskQueueOptions Options = new() { Capacity = 3, CapacityPerKey = 2, UnroutableCapacity = 1 };

    private readonly InitialInventory _stock;
    private readonly Backlog _room;
    private readonly WorkerLink _worker = new("w1", 1, ActorRefs.Nobody);

    public BacklogTests()
    {
        _stock = new(new(Queue, 7, ActorRefs.Nobody), Options, Directory);
        _room = new(Options, _stock, TimeProvider.System);
    }

    [Fact]
    public void The_bounds_of_the_queue_and_of_a_key_hold()
    {
        Open("echo");

        Assert.Equal([true, true, false], [Offer(1), Offer(2), Offer(3)]);
        Assert.Equal([true, false], [Offer(4, key: "other"), Offer(5, key: "other")]);
    }

    [Fact]
    public void Attempts_that_nobody_can_run_take_no_room_from_the_others()
    {
        Open("echo");

        Assert.Equal([true, false], [Offer(1, "ship"), Offer(2, "ship")]);
        Assert.Equal([true, true], [Offer(3), Offer(4, key: "other")]);
        Assert.True(Offer(5, key: "third"));
    }

    [Fact]
    public void While_nobody_knows_who_offers_what_all_attempts_count()
    {
        Assert.Equal([true, true, true, false], [Offer(1, "a"), Offer(2, "b"), Offer(3, "c", "other"), Offer(4, "d", "other")]);
    }

    [Fact]
    public void Who_was_turned_away_is_let_in_when_there_is_room()
    {
        Open("echo");
        Assert.Equal([true, true, false], [Offer(1), Offer(2), Offer(3)]);
        Assert.Null(_room.NextGrant(TimeSpan.Zero));

        _room.Orders.Remove(Attempt(1));

        Assert.Equal(new Grant("wf", 1), _room.NextGrant(TimeSpan.Zero));
        Assert.False(_room.HasDeferred);
    }

    [Fact]
    public void Attempts_beyond_the_bound_of_a_handler_are_let_in_when_it_is_offered()
    {
        Open("echo");
        Assert.Equal([true, false], [Offer(1, "ship"), Offer(2, "ship")]);
        Assert.False(_room.HasDeferred);

        _room.SetHandlers(_worker, ["echo", "ship"]);

        Assert.Equal(new Grant("wf", 1), _room.NextGrant(TimeSpan.Zero));
    }

    private void Open(string handler)
    {
        _room.SetHandlers(_worker, [handler]);
        Assert.True(_stock.Ask(TimeSpan.Zero));
    }

    private bool Offer(int n, string handler = "echo", string key = "key")
    {
        var order = Order(n, handler);
        return _room.TryEnqueue(order, OfferOf("wf", key, order));
    }
}

using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Tasks.Queues;

namespace ActorFlow.Runtime.Tests.Tasks;

public sealed class DeferredOffersTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly DeferredOffers _deferred = new(new TaskQueueOptions { Capacity = 80, CapacityPerKey = 40 });

    [Fact]
    public void The_run_that_waits_longest_is_let_in_first()
    {
        _deferred.Defer("young", "key", Noon);
        _deferred.Defer("old", "key", Noon.AddSeconds(-1));

        Assert.Equal("old", Next()?.WorkflowId);
        Assert.Equal("young", Next()?.WorkflowId);
        Assert.Null(Next());
    }

    [Fact]
    public void Keys_are_let_in_in_turn()
    {
        _deferred.Defer("a1", "a", Noon);
        _deferred.Defer("a2", "a", Noon);
        _deferred.Defer("b1", "b", Noon);

        Assert.Equal(["a1", "b1", "a2"], [Next()!.Value.WorkflowId, Next()!.Value.WorkflowId, Next()!.Value.WorkflowId]);
    }

    [Fact]
    public void A_key_that_is_full_does_not_hold_up_the_others()
    {
        _deferred.Defer("a1", "a", Noon.AddSeconds(-1));
        _deferred.Defer("b1", "b", Noon);

        Assert.Equal("b1", _deferred.Next(80, key => key == "a" ? 40 : 0, TimeSpan.Zero)?.WorkflowId);
        Assert.Null(_deferred.Next(80, key => key == "a" ? 40 : 0, TimeSpan.Zero));
    }

    [Fact]
    public void Room_that_was_granted_is_kept_until_the_run_comes_or_its_time_is_over()
    {
        _deferred.Defer("wf", "key", Noon, count: 3);
        Assert.Equal(3, Next()?.Count);
        Assert.Equal((3, 3), (_deferred.Granted, _deferred.GrantedTo("key")));
        _deferred.Redeem("wf");
        Assert.Equal((0, 0), (_deferred.Granted, _deferred.GrantedTo("key")));

        _deferred.Defer("wf", "key", Noon, count: 3);
        Assert.NotNull(Next());
        _deferred.Expire(TimeSpan.FromSeconds(9));
        Assert.Equal(3, _deferred.Granted);
        _deferred.Expire(TimeSpan.FromSeconds(10));
        Assert.Equal(0, _deferred.Granted);
    }

    [Fact]
    public void A_run_with_much_to_offer_is_let_in_bit_by_bit()
    {
        _deferred.Defer("wf", "key", Noon, count: 12);

        Assert.Equal([5, 5, 2], [Next()!.Value.Count, Next()!.Value.Count, Next()!.Value.Count]);
        Assert.Equal(12, _deferred.Granted);
        _deferred.Redeem("wf");
        Assert.Equal((0, 0), (_deferred.Granted, _deferred.Count));
    }

    [Fact]
    public void Nobody_is_let_in_where_there_is_no_room_worth_a_message()
    {
        _deferred.Defer("wf", "key", Noon, count: 3);

        Assert.Null(_deferred.Next(_deferred.Portion - 1, _ => 0, TimeSpan.Zero));
        Assert.NotNull(_deferred.Next(_deferred.Portion, _ => 0, TimeSpan.Zero));
    }

    private Grant? Next() => _deferred.Next(80, _ => 0, TimeSpan.Zero);
}

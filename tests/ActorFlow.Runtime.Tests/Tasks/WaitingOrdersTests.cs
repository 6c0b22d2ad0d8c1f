using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks.Queues;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Tasks;

public sealed class WaitingOrdersTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly WaitingOrders _waiting;
    private readonly WorkerLink _worker = new("w1", 1, ActorRefs.Nobody);

    public WaitingOrdersTests()
        : this(new(TimeSpan.FromSeconds(30)))
    {
    }

    private WaitingOrdersTests(WaitingOrders waiting)
    {
        _waiting = waiting;
        _waiting.Age(Noon);
        _waiting.Offer("echo", _worker);
    }

    [Fact]
    public void Higher_priority_goes_first()
    {
        Add(1, priority: 0);
        Add(2, priority: 9);
        Add(3, priority: 5);

        Assert.Equal([2, 3, 1], TakeAll());
    }

    [Fact]
    public void Of_one_priority_and_key_the_older_goes_first_however_late_it_is_offered()
    {
        Add(1, readyAt: Noon);
        Add(2, readyAt: Noon.AddSeconds(-2));
        Add(3, readyAt: Noon.AddSeconds(-1));

        Assert.Equal([2, 3, 1], TakeAll());
    }

    [Fact]
    public void Keys_take_turns_however_much_each_has_waiting()
    {
        for (var n = 1; n <= 6; n++)
        {
            Add(n, key: "greedy");
        }

        Add(11, key: "modest");
        Add(12, key: "modest");

        Assert.Equal([1, 11, 2, 12, 3, 4, 5, 6], TakeAll());
    }

    [Fact]
    public void A_key_that_was_away_has_no_credit_and_no_debt()
    {
        for (var n = 1; n <= 100; n++)
        {
            Add(n, key: "steady");
        }

        Assert.Equal(Enumerable.Range(1, 50), Take(50));
        for (var n = 201; n <= 210; n++)
        {
            Add(n, key: "late");
        }

        // Had it credit, its ten would all come first.
        var next = Take(10);
        Assert.InRange(next.Count(n => n > 200), 4, 6);
    }

    [Fact]
    public void A_key_that_offers_one_at_a_time_does_not_starve_the_others()
    {
        for (var n = 1; n <= 10; n++)
        {
            Add(n, key: "backlog");
        }

        var taken = new List<int>();
        for (var n = 101; n <= 110; n++)
        {
            Add(n, key: "drip");
            taken.AddRange(Take(1));
        }

        Assert.InRange(taken.Count(n => n < 100), 4, 6);
    }

    [Fact]
    public void Failure_20_an_attempt_gains_one_priority_level_for_every_30_seconds_it_waits()
    {
        Add(1, priority: 4, readyAt: Noon);
        var later = Noon.AddSeconds(29);
        _waiting.Age(later);
        Add(2, priority: 5, readyAt: later, key: "other");
        Assert.Equal([2], Take(1));

        later = Noon.AddSeconds(61);
        _waiting.Age(later);
        Add(3, priority: 5, readyAt: later, key: "other");

        Assert.Equal([1, 3], TakeAll());
    }

    [Fact]
    public void Nothing_starves_behind_a_stream_of_higher_priority()
    {
        Add(0, priority: 0, readyAt: Noon);
        for (var second = 1; second <= 300; second++)
        {
            var now = Noon.AddSeconds(second);
            _waiting.Age(now);
            Add(second, priority: 9, readyAt: now, key: $"k{second}");
            if (Take(1)[0] == 0)
            {
                Assert.InRange(second, 270, 300);
                return;
            }
        }

        Assert.Fail("The attempt of priority 0 never had its turn.");
    }

    [Fact]
    public void An_attempt_taken_back_is_not_handed_out()
    {
        Add(1);
        Add(2);
        Add(3);
        _waiting.Remove(Attempt(2));
        _waiting.Remove(Attempt(1));

        Assert.Equal(1, _waiting.Count);
        Assert.Equal([3], TakeAll());
    }

    [Fact]
    public void Attempts_whose_handler_nobody_offers_wait_without_being_in_the_way()
    {
        Add(1, handler: "rare", priority: 9);
        Add(2);

        Assert.Equal(1, _waiting.Unroutable);
        Assert.Equal([2], TakeAll());
        _waiting.Offer("rare", _worker);
        Assert.Equal(0, _waiting.Unroutable);
        Assert.Equal([1], TakeAll());
        _waiting.Age(Noon.AddSeconds(1));
        _waiting.StopOffering("rare", _worker);
        Add(3, handler: "rare");
        Assert.Equal(1, _waiting.Unroutable);
    }

    [Fact]
    public void Fairness_holds_over_several_handlers()
    {
        _waiting.Offer("other", _worker);
        for (var n = 1; n <= 4; n++)
        {
            Add(n, key: "a");
            Add(10 + n, key: "a", handler: "other");
            Add(20 + n, key: "b");
        }

        var first = Take(8);
        Assert.Equal(4, first.Count(n => n > 20));
    }

    [Fact]
    public void Random_work_agrees_with_a_slow_and_obvious_list()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            AgreesWithList(new Random(seed));
        }
    }

    [Fact]
    public void Each_of_twenty_thousand_attempts_of_a_thousand_keys_takes_few_comparisons()
    {
        const int Attempts = 20_000;
        var order = new CountingOrder();
        var test = new WaitingOrdersTests(new(TimeSpan.FromSeconds(30), order));
        for (var n = 0; n < Attempts; n++)
        {
            test.Add(n, key: $"k{n % 1_000}", priority: n % 10);
        }

        Assert.Equal(Attempts, test.TakeAll().Distinct().Count());

        // A thousand lanes are ten levels of a tree: some ten comparisons to find a place in it, two or three times per attempt.
        Assert.InRange(order.Comparisons, Attempts, 100L * Attempts);
    }

    /// <summary>Priority and age alone: with one key there is nothing to share.</summary>
    private static void AgreesWithList(Random random)
    {
        var test = new WaitingOrdersTests();
        var list = new List<(int N, long Urgency)>();
        for (var n = 0; n < 200; n++)
        {
            var choice = random.Next(10);
            if (choice < 6)
            {
                var (priority, age) = (random.Next(10), random.Next(100_000));
                test.Add(n, priority: priority, readyAt: Noon.AddMilliseconds(-age));
                list.Add((n, -age - (priority * 30_000L)));
            }
            else if (choice < 8 && list.Count > 0)
            {
                var gone = list[random.Next(list.Count)];
                list.Remove(gone);
                test._waiting.Remove(Attempt(gone.N));
            }
            else if (list.Count > 0)
            {
                var expected = list.MinBy(entry => entry.Urgency);
                list.Remove(expected);
                Assert.Equal([expected.N], test.Take(1));
            }
        }

        Assert.Equal(list.OrderBy(entry => entry.Urgency).Select(entry => entry.N), test.TakeAll());
        Assert.Equal(0, test._waiting.Count);
    }

    private static AttemptId Attempt(int n) => new(Guid.Empty, 0, new TaskExecutionId(0, n, 0, 0), 1);

    private void Add(int n, string key = "key", int priority = 5, string handler = "echo", DateTimeOffset? readyAt = null) =>
        _waiting.Enqueue(
            "wf",
            key,
            new TaskOrder(
                Attempt(n), $"t{n}", handler, "default", priority, Payload.Null, [], TimeSpan.FromHours(1), null, readyAt ?? Noon, null),
            ActorRefs.Nobody);

    private List<int> Take(int count)
    {
        var taken = new List<int>();
        while (taken.Count < count)
        {
            HandlerOrders? next = null;
            foreach (var handler in _waiting.Wanted)
            {
                if (handler.Hosts.Count > 0 && (next is null || LaneOrder.Instance.Compare(handler.Lanes.Min, next.Lanes.Min) < 0))
                {
                    next = handler;
                }
            }

            if (next is null)
            {
                break;
            }

            taken.Add(_waiting.Take(next).Order!.Attempt.Execution.Task);
        }

        return taken;
    }

    private List<int> TakeAll() => Take(int.MaxValue);

    private sealed class CountingOrder : IComparer<Lane>
    {
        public long Comparisons { get; private set; }

        public int Compare(Lane? x, Lane? y)
        {
            Comparisons++;
            return LaneOrder.Instance.Compare(x, y);
        }
    }
}

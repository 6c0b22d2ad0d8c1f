using ActorFlow.Runtime.Persistence.Writing;
using ActorFlow.TestSupport;

namespace ActorFlow.Runtime.Tests.Persistence;

public sealed class WorkQueueTests
{
    private readonly WorkQueue<string> _queue = new();

    [Fact]
    public void What_is_added_is_taken_in_order_until_nothing_is_left()
    {
        Assert.True(_queue.TryAdd("a"));
        Assert.True(_queue.TryAdd("b"));

        Assert.True(_queue.TryTake(out var first));
        Assert.True(_queue.TryTake(out var second, Timeout.InfiniteTimeSpan));
        Assert.Equal(("a", "b"), (first, second));
        Assert.False(_queue.TryTake(out _));
        Assert.False(_queue.TryTake(out _, TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public void Once_it_is_closed_it_takes_nothing_more_and_gives_what_is_left()
    {
        _queue.TryAdd("a");
        _queue.Close();

        Assert.True(_queue.IsClosed);
        Assert.False(_queue.TryAdd("b"));
        Assert.True(_queue.TryTake(out _, Timeout.InfiniteTimeSpan));
        Assert.False(_queue.TryTake(out _, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public async Task Of_a_hundred_thousand_items_of_four_threads_three_takers_get_each_once()
    {
        var taken = Enumerable.Range(0, 3).Select(_ => OnThread(() =>
        {
            var mine = new List<string>();
            while (_queue.TryTake(out var item, Timeout.InfiniteTimeSpan))
            {
                mine.Add(item);
            }

            return mine;
        })).ToList();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(giver => OnThread(() => Enumerable.Range(0, 25_000).Count(i => _queue.TryAdd($"{giver}-{i:00000}")))));
        _queue.Close();
        var all = await Task.WhenAll(taken).WaitAsync(Eventually.Patience);

        Assert.Equal(100_000, all.SelectMany(mine => mine).Distinct().Count());
        Assert.Equal(100_000, all.Sum(mine => mine.Count));
        // Whoever takes sees the items of one giver in order.
        Assert.All(all, mine => Assert.All(mine.GroupBy(item => item[0]), of => Assert.Equal(of.Order(StringComparer.Ordinal), of)));
    }

    private static Task<T> OnThread<T>(Func<T> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}

using System.Collections.Concurrent;
using System.Diagnostics;

namespace ActorFlow.Tasks.Tests;

public sealed class PreciseTimeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly PreciseTime _time = PreciseTime.Instance;

    [Fact]
    public async Task Every_timer_fires_and_none_early()
    {
        var fired = new ConcurrentQueue<(int Due, TimeSpan At)>();
        var begun = Stopwatch.GetTimestamp();

        await Task.WhenAll(new[] { 60, 20, 40, 0 }.Select(async due =>
        {
            await FiresAfter(due);
            fired.Enqueue((due, Stopwatch.GetElapsedTime(begun)));
        })).WaitAsync(Patience);

        Assert.Equal(4, fired.Count);
        Assert.All(fired, entry => Assert.True(entry.At.TotalMilliseconds >= entry.Due, $"{entry.Due} ms after {entry.At.TotalMilliseconds} ms"));
    }

    [Fact]
    public async Task One_that_is_due_before_all_others_wakes_the_thread_in_time()
    {
        using var late = _time.CreateTimer(_ => { }, null, TimeSpan.FromDays(40), Timeout.InfiniteTimeSpan);

        await FiresAfter(1).WaitAsync(Patience);
    }

    [Fact]
    public async Task A_timer_that_is_set_again_fires_once_at_its_new_time()
    {
        var fires = 0;
        using var timer = _time.CreateTimer(_ => Interlocked.Increment(ref fires), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        Assert.True(timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
        await FiresAfter(1_100).WaitAsync(Patience);

        Assert.Equal(1, Volatile.Read(ref fires));
    }

    [Fact]
    public async Task A_timer_that_is_stopped_or_disposed_does_not_fire()
    {
        var fires = 0;
        var due = TimeSpan.FromMilliseconds(200);
        using var stopped = _time.CreateTimer(_ => Interlocked.Increment(ref fires), null, due, Timeout.InfiniteTimeSpan);
        var disposed = _time.CreateTimer(_ => Interlocked.Increment(ref fires), null, due, Timeout.InfiniteTimeSpan);

        stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await disposed.DisposeAsync();
        await FiresAfter(300).WaitAsync(Patience);

        Assert.Equal(0, Volatile.Read(ref fires));
        Assert.False(disposed.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public async Task A_timer_that_repeats_is_one_of_the_system()
    {
        var fires = 0;
        var often = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var timer = _time.CreateTimer(
            _ =>
            {
                if (Interlocked.Increment(ref fires) == 3)
                {
                    often.SetResult();
                }
            },
            null,
            TimeSpan.Zero,
            TimeSpan.FromMilliseconds(1));

        await often.Task.WaitAsync(Patience);
    }

    private Task FiresAfter(int milliseconds)
    {
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var timer = _time.CreateTimer(_ => fired.TrySetResult(), null, TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
        return fired.Task.ContinueWith(_ => timer.Dispose(), TaskScheduler.Default);
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using ActorFlow.Runtime.Hosting;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace ActorFlow.Runtime.Tests.Hosting;

public sealed class DueTimeSchedulerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DueTimeScheduler _scheduler = new(ConfigurationFactory.Empty, NoLogger.Instance);

    private IActionScheduler Timers => _scheduler;

    public void Dispose() => _scheduler.Dispose();

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);

    [Fact]
    public async Task Timers_fire_once_in_the_order_in_which_they_fall_due_and_never_early()
    {
        var fired = new BlockingCollection<(int Delay, TimeSpan After)>();
        var begun = Stopwatch.GetTimestamp();
        foreach (var delay in new[] { 120, 20, 80, 0, 40, 20 })
        {
            Timers.ScheduleOnce(Milliseconds(delay), () => fired.Add((delay, Stopwatch.GetElapsedTime(begun))));
        }

        var last = new TaskCompletionSource();
        Timers.ScheduleOnce(Milliseconds(200), last.SetResult);
        await last.Task.WaitAsync(Patience);

        Assert.Equal([0, 20, 20, 40, 80, 120], fired.Select(one => one.Delay));
        Assert.All(fired, one => Assert.True(one.After >= Milliseconds(one.Delay), $"{one.Delay} ms fired after {one.After}"));
        Assert.Equal(0, _scheduler.Count);
    }

    [Fact]
    public async Task A_timer_set_while_a_later_one_waits_fires_first()
    {
        var fired = new TaskCompletionSource();
        Timers.ScheduleOnce(TimeSpan.FromHours(1), () => Assert.Fail("It is not due."));
        Timers.ScheduleOnce(Milliseconds(10), fired.SetResult);

        await fired.Task.WaitAsync(Patience);
        Assert.Equal(1, _scheduler.Count);
    }

    [Fact]
    public async Task A_repeated_timer_goes_on_until_it_is_cancelled_whatever_it_throws()
    {
        var count = 0;
        var third = new TaskCompletionSource();
        using var cancel = new Cancelable(Timers);
        Timers.ScheduleRepeatedly(TimeSpan.Zero, Milliseconds(5), () =>
        {
            if (Interlocked.Increment(ref count) == 3)
            {
                cancel.Cancel();
                third.SetResult();
            }

            throw new InvalidOperationException("It is only a timer.");
        }, cancel);

        await third.Task.WaitAsync(Patience);
        var later = new TaskCompletionSource();
        Timers.ScheduleOnce(Milliseconds(50), later.SetResult);
        await later.Task.WaitAsync(Patience);
        Assert.Equal(3, count);
    }

    [Fact]
    public async Task Timers_that_repeat_begin_on_time_and_then_wake_the_node_together()
    {
        const int Each = 10;
        var begun = Stopwatch.GetTimestamp();
        var counts = new int[5];
        var firsts = new TimeSpan[counts.Length];
        var all = new CountdownEvent(counts.Length);
        var done = new TaskCompletionSource();
        for (var i = 0; i < counts.Length; i++)
        {
            var timer = i;
            Timers.ScheduleRepeatedly(Milliseconds(1 + (17 * i)), Milliseconds(100), () =>
            {
                firsts[timer] = counts[timer] == 0 ? Stopwatch.GetElapsedTime(begun) : firsts[timer];
                if (++counts[timer] == Each && all.Signal())
                {
                    done.SetResult();
                }
            });
        }

        await done.Task.WaitAsync(Patience);

        // Each begins by itself: five wakes, or fewer when the machine is late. Then one wake serves all.
        Assert.InRange(_scheduler.Wakes, Each, counts.Length + Each + 1);
        Assert.All(firsts, (first, i) => Assert.True(first >= Milliseconds(1 + (17 * i)), $"timer {i} began after {first}"));
    }

    [Fact]
    public void Cancelled_timers_do_not_pile_up()
    {
        for (var i = 0; i < 100_000; i++)
        {
            using var cancel = new Cancelable(Timers);
            Timers.ScheduleOnce(TimeSpan.FromHours(1), () => { }, cancel);
            cancel.Cancel();
        }

        Assert.InRange(_scheduler.Count, 0, 5_000);
    }

    [Fact]
    public async Task Of_many_timers_set_and_cancelled_at_once_those_that_were_not_cancelled_fire_once_each()
    {
        const int Each = 5_000;
        var counts = new int[4 * Each];
        await Task.WhenAll(Enumerable.Range(0, 4).Select(part => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                var at = (part * Each) + i;
                using var cancel = new Cancelable(Timers);
                Timers.ScheduleOnce(Milliseconds(300 + (i % 50)), () => Interlocked.Increment(ref counts[at]), cancel);
                if (i % 3 == 0)
                {
                    cancel.Cancel();
                }
            }
        })));
        var last = new TaskCompletionSource();
        Timers.ScheduleOnce(Milliseconds(500), last.SetResult);
        await last.Task.WaitAsync(Patience);

        Assert.All(Enumerable.Range(0, counts.Length), at => Assert.Equal(at % Each % 3 == 0 ? 0 : 1, counts[at]));
    }

    [Fact]
    public async Task Once_it_is_disposed_nothing_fires()
    {
        var fired = 0;
        Timers.ScheduleRepeatedly(Milliseconds(20), Milliseconds(1), () => Interlocked.Increment(ref fired));
        _scheduler.Dispose();
        Timers.ScheduleOnce(TimeSpan.Zero, () => Interlocked.Increment(ref fired));

        using var other = new DueTimeScheduler(ConfigurationFactory.Empty, NoLogger.Instance);
        var later = new TaskCompletionSource();
        ((IActionScheduler)other).ScheduleOnce(Milliseconds(60), later.SetResult);
        await later.Task.WaitAsync(Patience);
        Assert.Equal(0, fired);
    }
}

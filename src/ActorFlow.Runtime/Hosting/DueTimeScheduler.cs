using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace ActorFlow.Runtime.Hosting;

/// <summary>
/// Runs Akka's timers by due time: its own thread wakes when a timer falls due, on Linux at most a millisecond late. Akka's own scheduler
/// checks its timers a hundred times a second, which costs an idle node several per cent of a core, and is late by up to
/// 10 ms; a timer of .NET wakes a second thread each time, and is late by up to 4 ms on Linux.
/// </summary>
/// <remarks>
/// The settings of the node name it (<c>akka.scheduler.implementation</c>), and Akka makes it. As in Akka's own scheduler, actions, unlike
/// messages, run on the scheduler's thread, and delay the other timers.
/// </remarks>
internal sealed class DueTimeScheduler : SchedulerBase, IDateTimeOffsetNowTimeProvider, IDisposable
{
    private const int LeastToTidy = 512;

    /// <summary>Timers that repeat at multiples of one of these fall due on its multiples, so that the timers of a node wake it together.</summary>
    private static readonly ImmutableArray<TimeSpan> Beats =
        [TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(100)];

    private readonly object _lock = new();
    private readonly PriorityQueue<Entry, (long Due, long Order)> _entries = new();
    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly List<Entry> _due = [];

    private long _order;
    private long _wakeAt = long.MinValue;
    private int _tidyAt = LeastToTidy;
    private volatile bool _disposed;

    /// <summary>Made by Akka.</summary>
    /// <param name="config">The settings of the system.</param>
    /// <param name="log">The log for exceptions of timers.</param>
    public DueTimeScheduler(Config config, ILoggingAdapter log) : base(config, log) =>
        new Thread(RunAll) { IsBackground = true, Name = "actorflow-timers" }.Start();

    /// <inheritdoc/>
    public override TimeSpan MonotonicClock => Stopwatch.GetElapsedTime(_begun);

    /// <inheritdoc/>
    public override TimeSpan HighResMonotonicClock => Stopwatch.GetElapsedTime(_begun);

    /// <inheritdoc/>
    protected override DateTimeOffset TimeNow => DateTimeOffset.Now;

    /// <summary>How often it woke.</summary>
    internal int Wakes { get; private set; }

    /// <summary>How many timers are set, including cancelled ones that have not been removed.</summary>
    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Stops all timers, except for the one that is being run.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _entries.Clear();
            Monitor.Pulse(_lock);
        }
    }

    /// <inheritdoc/>
    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Add(delay, new Entry(receiver, message, sender, Timeout.InfiniteTimeSpan, cancelable));

    /// <inheritdoc/>
    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Add(initialDelay, new Entry(receiver, message, sender, interval, cancelable));

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) =>
        Add(delay, new Entry(action, null, null, Timeout.InfiniteTimeSpan, cancelable));

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) =>
        Add(delay, new Entry(action, null, null, Timeout.InfiniteTimeSpan, cancelable));

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        Add(initialDelay, new Entry(action, null, null, interval, cancelable));

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) =>
        Add(initialDelay, new Entry(action, null, null, interval, cancelable));

    private void Add(TimeSpan delay, Entry entry)
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                var due = Now + Ticks(delay);
                Enqueue(entry, due);
                Tidy();
                if (due < _wakeAt)
                {
                    Monitor.Pulse(_lock);
                }
            }
        }
    }

    private static long Now => Stopwatch.GetTimestamp();

    private static long Ticks(TimeSpan time) =>
        time <= TimeSpan.Zero ? 0 : (long)Math.Min(time.TotalSeconds * Stopwatch.Frequency, long.MaxValue / 4.0);

    /// <summary>Moves a due time to its beat, less than a beat later; an interval of whole beats stays on it.</summary>
    private long OnBeat(long due, TimeSpan interval)
    {
        foreach (var beat in Beats)
        {
            if (interval >= beat && interval.Ticks % beat.Ticks == 0)
            {
                var length = Ticks(beat);
                return _begun + ((due - _begun + length - 1) / length * length);
            }
        }

        return due;
    }

    private void Enqueue(Entry entry, long due)
    {
        entry.Due = due;
        _entries.Enqueue(entry, (due, _order++));
    }

    private void RunAll()
    {
        while (WaitForDue())
        {
            // No other thread changes the list meanwhile.
            foreach (var entry in _due)
            {
                if (!_disposed)
                {
                    Run(entry);
                }
            }

            Repeat();
        }
    }

    /// <summary>Waits until timers fall due, and takes them; false means that the scheduler has stopped.</summary>
    private bool WaitForDue()
    {
        lock (_lock)
        {
            while (!_disposed)
            {
                _wakeAt = NextDue();
                var now = Now;
                if (_wakeAt <= now)
                {
                    Take(now);
                    return true;
                }

                // Rounded up: nothing fires early.
                var left = Math.Ceiling((_wakeAt - now) * 1_000.0 / Stopwatch.Frequency);
                Monitor.Wait(_lock, (int)Math.Min(left, int.MaxValue));
            }

            return false;
        }
    }

    private long NextDue()
    {
        while (_entries.TryPeek(out var first, out var at))
        {
            if (!first.IsCancelled)
            {
                return at.Due;
            }

            _entries.Dequeue();
        }

        return long.MaxValue;
    }

    private void Take(long now)
    {
        // Until then, setting a timer need not wake the thread.
        _wakeAt = long.MinValue;
        Wakes++;
        while (_entries.TryPeek(out _, out var at) && at.Due <= now)
        {
            _due.Add(_entries.Dequeue());
        }
    }

    private void Repeat()
    {
        lock (_lock)
        {
            foreach (var entry in _due.Where(entry => entry.Repeats && !entry.IsCancelled && !_disposed))
            {
                // From its due time, not from the time it ran, so that it keeps its pace; missed times are skipped.
                Enqueue(entry, Math.Max(OnBeat(entry.Due + Ticks(entry.Interval), entry.Interval), Now));
            }

            _due.Clear();
        }
    }

    private void Run(Entry entry)
    {
        if (entry.IsCancelled)
        {
            return;
        }

        try
        {
            entry.Run();
        }
        catch (Exception error)
        {
            Log.Error(error, "A timer threw.");
        }
    }

    /// <summary>Removes cancelled timers once they may be half of all: most timers are cancelled long before they fall due.</summary>
    private void Tidy()
    {
        if (_entries.Count < _tidyAt)
        {
            return;
        }

        var live = _entries.UnorderedItems.Where(item => !item.Element.IsCancelled).ToList();
        _entries.Clear();
        _entries.EnqueueRange(live);
        _entries.TrimExcess();
        _tidyAt = Math.Max(LeastToTidy, live.Count * 2);
    }

    /// <summary>One timer: a receiver and its message or, without a message, an action to run.</summary>
    private sealed class Entry(object target, object? message, IActorRef? sender, TimeSpan interval, ICancelable? cancelable)
    {
        public void Run()
        {
            switch (target)
            {
                case Action action:
                    action();
                    break;
                case IRunnable runnable when message is null:
                    runnable.Run();
                    break;
                default:
                    ((ICanTell)target).Tell(message!, sender);
                    break;
            }
        }

        public TimeSpan Interval { get; } = interval;

        public long Due { get; set; }

        public bool Repeats => Interval >= TimeSpan.Zero;

        public bool IsCancelled => cancelable?.IsCancellationRequested == true;
    }
}

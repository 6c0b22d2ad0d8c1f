using System.Diagnostics;

namespace ActorFlow.Tasks;

/// <summary>
/// The system's time, with timers of their own thread that on Linux are late by at most a millisecond. Those of .NET use a clock
/// that moves every 4 ms there, which matters to a wait of 10 ms.
/// </summary>
internal sealed class PreciseTime : TimeProvider
{
    private readonly object _gate = new();
    private readonly PriorityQueue<(Alarm Alarm, int Setting), long> _alarms = new();
    private bool _isStarted;

    public static PreciseTime Instance { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (period != Timeout.InfiniteTimeSpan)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        var alarm = new Alarm(this, callback, state);
        alarm.Change(dueTime, period);
        return alarm;
    }

    private void Set(Alarm alarm, int setting, TimeSpan dueTime)
    {
        lock (_gate)
        {
            var due = Stopwatch.GetTimestamp() + (long)(dueTime.TotalSeconds * Stopwatch.Frequency);
            _alarms.Enqueue((alarm, setting), due);
            if (!_isStarted)
            {
                new Thread(Run) { IsBackground = true, Name = "actorflow-alarms" }.Start();
                _isStarted = true;
            }
            else if (_alarms.Peek().Alarm == alarm)
            {
                Monitor.Pulse(_gate);
            }
        }
    }

    private void Run()
    {
        while (true)
        {
            Next().Ring();
        }
    }

    private Alarm Next()
    {
        lock (_gate)
        {
            while (true)
            {
                if (!_alarms.TryPeek(out var first, out var due))
                {
                    Monitor.Wait(_gate);
                }
                else if (!first.Alarm.IsSet(first.Setting))
                {
                    _alarms.Dequeue();
                }
                else if (due - Stopwatch.GetTimestamp() is > 0 and var left)
                {
                    Monitor.Wait(_gate, (int)Math.Min(Math.Ceiling(left * 1_000.0 / Stopwatch.Frequency), int.MaxValue));
                }
                else
                {
                    return _alarms.Dequeue().Alarm;
                }
            }
        }
    }

    /// <summary>A timer that fires once each time it is set.</summary>
    private sealed class Alarm(PreciseTime time, TimerCallback callback, object? state) : ITimer
    {
        private int _setting;
        private volatile bool _isDisposed;

        public bool IsSet(int setting) => !_isDisposed && Volatile.Read(ref _setting) == setting;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_isDisposed)
            {
                return false;
            }

            var setting = Interlocked.Increment(ref _setting);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                time.Set(this, setting, dueTime);
            }

            return true;
        }

        /// <summary>Runs the callback on the thread pool: the next alarm may be due already.</summary>
        public void Ring() => ThreadPool.UnsafeQueueUserWorkItem(
            static alarm => alarm.Call(), this, preferLocal: false);

        public void Dispose() => _isDisposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Call()
        {
            if (!_isDisposed)
            {
                callback(state);
            }
        }
    }
}

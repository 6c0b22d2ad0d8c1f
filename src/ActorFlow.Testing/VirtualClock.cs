namespace ActorFlow.Testing;

/// <summary>
/// A clock that stands still until it is moved. Timers fire one by one, in the order in which they fall due, on the thread that
/// moves the time. Handlers may set timers from any thread.
/// </summary>
internal sealed class VirtualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly SortedSet<VirtualTimer> _timers = new(Comparer<VirtualTimer>.Create(Compare));
    private DateTimeOffset _now = start.ToUniversalTime();
    private long _armed;

    /// <summary>The owner of the timers that the calling flow sets; null means that they have none.</summary>
    public static AsyncLocal<ITimerOwner?> Owner { get; } = new();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>When the next timer fires; null means that none is set.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_gate)
            {
                return _timers.Min?.DueAt;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, Owner.Value, ExecutionContext.Capture(), callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the time forward, never back.</summary>
    public void MoveTo(DateTimeOffset at)
    {
        lock (_gate)
        {
            _now = at > _now ? at : _now;
        }
    }

    /// <summary>Fires the timer that has been due longest; false means that none is due.</summary>
    public bool FireNext()
    {
        VirtualTimer timer;
        lock (_gate)
        {
            if (_timers.Min is not { } first || first.DueAt > _now)
            {
                return false;
            }

            timer = first;
            Set(timer, timer.Period is { } period ? _now + period : null);
        }

        timer.Fire();
        return true;
    }

    /// <summary>Drops the timers of an owner: they never fire.</summary>
    public void Drop(ITimerOwner owner)
    {
        lock (_gate)
        {
            foreach (var timer in _timers.Where(timer => timer.Owner == owner).ToList())
            {
                Set(timer, null);
            }
        }
    }

    private void Set(VirtualTimer timer, DateTimeOffset? dueAt)
    {
        var waited = _timers.Remove(timer);
        (timer.DueAt, timer.Order) = (dueAt ?? default, _armed++);
        if (dueAt is not null)
        {
            _timers.Add(timer);
        }

        var change = (dueAt is null ? 0 : 1) - (waited ? 1 : 0);
        if (change != 0)
        {
            timer.Owner?.TimersChanged(change);
        }
    }

    private static int Compare(VirtualTimer one, VirtualTimer other) =>
        one.DueAt != other.DueAt ? one.DueAt.CompareTo(other.DueAt) : one.Order.CompareTo(other.Order);

    private sealed class VirtualTimer(VirtualClock clock, ITimerOwner? owner, ExecutionContext? context, TimerCallback callback, object? state) : ITimer
    {
        public ITimerOwner? Owner { get; } = owner;

        public DateTimeOffset DueAt { get; set; }

        public long Order { get; set; }

        public TimeSpan? Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                Period = period > TimeSpan.Zero ? period : null;
                clock.Set(this, dueTime >= TimeSpan.Zero ? clock._now + dueTime : null);
            }

            return true;
        }

        public void Fire()
        {
            if (context is null)
            {
                callback(state);
            }
            else
            {
                ExecutionContext.Run(context, timer => ((VirtualTimer)timer!).Call(), this);
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Call() => callback(state);
    }
}

/// <summary>The owner of timers.</summary>
internal interface ITimerOwner
{
    /// <summary>The number of its timers has changed by this much. It is called under the lock of the clock, and must be quick.</summary>
    void TimersChanged(int change);
}

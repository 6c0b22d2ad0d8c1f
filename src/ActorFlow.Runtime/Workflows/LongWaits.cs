using ActorFlow.Core.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>
/// The waits of runs in memory that end later than <see cref="Horizon"/> by the wall clock. That clock may be set forward or back at
/// any time, which a timer would not notice: all waits of a node are checked together, repeatedly by a
/// monotonic clock. Thread-safe.
/// </summary>
internal sealed class LongWaits(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IActorRef, (string Run, DateTimeOffset Due)> _waits = [];
    private readonly List<IActorRef> _near = [];
    private Cancelable? _looking;

    /// <summary>A run with a shorter wait sets its own timer, and checks the clock again when it fires.</summary>
    public static TimeSpan Horizon { get; } = TimeSpan.FromSeconds(30);

    /// <summary>How often all waits are checked: well within the horizon, so that no tick is late.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Adds a wait of a run; once its end is near, the run gets a tick.</summary>
    public void Set(IActorRef run, string id, DateTimeOffset due, IScheduler scheduler)
    {
        lock (_lock)
        {
            _waits[run] = (id, due);
            if (_looking is null)
            {
                _looking = new(scheduler);
                scheduler.Advanced.ScheduleRepeatedly(Interval, Interval, Look, _looking);
            }
        }
    }

    /// <summary>Removes the wait of a run.</summary>
    public void Cancel(IActorRef run)
    {
        lock (_lock)
        {
            if (_waits.Remove(run))
            {
                Rest();
            }
        }
    }

    private void Look()
    {
        lock (_lock)
        {
            var near = clock.GetUtcNow() + Horizon;
            foreach (var (run, wait) in _waits)
            {
                if (wait.Due <= near)
                {
                    _near.Add(run);
                }
            }

            foreach (var run in _near)
            {
                _waits.Remove(run, out var wait);
                run.Tell(new WorkflowCommand.Tick(wait.Run), ActorRefs.NoSender);
            }

            _near.Clear();
            Rest();
        }
    }

    private void Rest()
    {
        if (_waits.Count == 0 && _looking is { } looking)
        {
            _looking = null;
            looking.Cancel();
        }
    }
}

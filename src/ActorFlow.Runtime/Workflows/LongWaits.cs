using ActorFlow.Core.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>
/// What runs in memory wait for by the wall clock and is further off than <see cref="Horizon"/>. The clock may be put forward or back at
/// any time, and a timer that was set by it would not notice: all the waits of a node are looked at together, again and again by the
/// clock that never jumps. Safe for all threads.
/// </summary>
internal sealed class LongWaits(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IActorRef, (string Run, DateTimeOffset Due)> _waits = [];
    private readonly List<IActorRef> _near = [];
    private Cancelable? _looking;

    /// <summary>Whoever waits for less sets a timer of its own, which is looked at again when it fires.</summary>
    public static TimeSpan Horizon { get; } = TimeSpan.FromSeconds(30);

    /// <summary>How often all are looked at: well within the horizon, so that nobody is told late.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(10);

    /// <summary>The run waits until then; once that is near, it is told by a tick.</summary>
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

    /// <summary>The run waits no more, or not for long.</summary>
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

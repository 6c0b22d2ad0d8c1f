using Akka.Actor;

namespace ActorFlow.Runtime.Tasks;

/// <summary>
/// An actor's time: a monotonic clock, and timers that send it a message. Both come from one <see cref="TimeProvider"/>, so that
/// a test moves them together.
/// </summary>
internal sealed class ActorClock(TimeProvider time, IActorContext context) : IDisposable
{
    private readonly IActorRef _self = context.Self;
    private readonly IScheduler _scheduler = context.System.Scheduler;
    private readonly List<IDisposable> _timers = [];

    /// <summary>How much time has passed since a fixed moment.</summary>
    public TimeSpan Now => time.GetElapsedTime(0);

    public DateTimeOffset UtcNow => time.GetUtcNow();

    /// <summary>Sends the message again and again; in the system's time together with the other repeated timers of the node.</summary>
    public void Repeat(object message, TimeSpan interval)
    {
        if (time != TimeProvider.System)
        {
            Create(message, interval, interval);
            return;
        }

        var cancel = new Cancelable(_scheduler);
        _scheduler.ScheduleTellRepeatedly(interval, interval, _self, message, ActorRefs.NoSender, cancel);
        _timers.Add(new Cancellation(cancel));
    }

    /// <summary>A timer that waits to be set.</summary>
    public ITimer Create(object message) => Create(message, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        foreach (var timer in _timers)
        {
            timer.Dispose();
        }
    }

    private ITimer Create(object message, TimeSpan due, TimeSpan interval)
    {
        var timer = time.CreateTimer(_ => _self.Tell(message, ActorRefs.NoSender), null, due, interval);
        _timers.Add(timer);
        return timer;
    }

    private sealed class Cancellation(Cancelable timer) : IDisposable
    {
        public void Dispose()
        {
            timer.Cancel();
            timer.Dispose();
        }
    }
}

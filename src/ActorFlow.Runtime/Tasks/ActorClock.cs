using Akka.Actor;

namespace ActorFlow.Runtime.Tasks;

/// <summary>
/// An actor's time: a monotonic clock, and timers that send it a message. Both come from one <see cref="TimeProvider"/>, so that
/// a test moves them together.
/// </summary>
internal sealed class ActorClock(TimeProvider time, IActorRef self) : IDisposable
{
    private readonly List<ITimer> _timers = [];

    /// <summary>How much time has passed since a fixed moment.</summary>
    public TimeSpan Now => time.GetElapsedTime(0);

    public DateTimeOffset UtcNow => time.GetUtcNow();

    public void Repeat(object message, TimeSpan interval) => Create(message, interval, interval);

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
        var timer = time.CreateTimer(_ => self.Tell(message, ActorRefs.NoSender), null, due, interval);
        _timers.Add(timer);
        return timer;
    }
}

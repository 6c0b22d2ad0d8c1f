using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>The purposes of a run's timers.</summary>
internal enum RunTimer
{
    /// <summary>A wait or timeout of the run falls due.</summary>
    Due,

    /// <summary>Offers to the task queues are repeated.</summary>
    Offers,

    /// <summary>Messages to children, parent and index are repeated.</summary>
    Others,

    /// <summary>A checkpoint falls due.</summary>
    Checkpoint,

    /// <summary>A run that only waits leaves memory.</summary>
    Park,
}

/// <summary>
/// The timers of one run: one object for each that is set, and none for the others. Akka's own timers take half a kilobyte for the first one,
/// and most runs of a node wait with only one.
/// </summary>
/// <remarks>The message of a timer may still arrive after it was cancelled: the receiver checks whether there is anything to do.</remarks>
internal sealed class RunTimers(IScheduler scheduler, IActorRef run)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private Entry? _first;

    /// <summary>Whether the timer has been set and has not fired.</summary>
    public bool IsSet(RunTimer timer)
    {
        for (var entry = _first; entry is not null; entry = entry.Next)
        {
            if (entry.Timer == timer)
            {
                return entry.IsWaiting;
            }
        }

        return false;
    }

    /// <summary>Sends the run the message after a while, at least 1 ms. It replaces an earlier setting of the timer.</summary>
    public void Set(RunTimer timer, object message, TimeSpan wait)
    {
        Cancel(timer);
        _first = new Entry(timer, run) { Next = _first };
        scheduler.ScheduleTellOnce(wait < Shortest ? Shortest : wait, _first, message, run, _first);
    }

    /// <summary>Cancels the timer.</summary>
    public void Cancel(RunTimer timer)
    {
        Entry? before = null;
        for (var entry = _first; entry is not null; before = entry, entry = entry.Next)
        {
            if (entry.Timer == timer)
            {
                entry.Cancel();
                if (before is null)
                {
                    _first = entry.Next;
                }
                else
                {
                    before.Next = entry.Next;
                }

                return;
            }
        }
    }

    /// <summary>Cancels all timers.</summary>
    public void CancelAll()
    {
        for (var entry = _first; entry is not null; entry = entry.Next)
        {
            entry.Cancel();
        }

        _first = null;
    }

    /// <summary>A timer that is set. The scheduler's thread fires it, the run's thread cancels it.</summary>
    private sealed class Entry(RunTimer timer, IActorRef run) : ICanTell, ICancelable
    {
        private volatile bool _cancelled;
        private volatile bool _fired;

        public Entry? Next { get; set; }

        public RunTimer Timer => timer;

        public bool IsWaiting => !_cancelled && !_fired;

        public bool IsCancellationRequested => _cancelled;

        public CancellationToken Token => new(_cancelled);

        public void Tell(object message, IActorRef sender)
        {
            _fired = true;
            run.Tell(message, sender);
        }

        public void Cancel() => _cancelled = true;

        public void Cancel(bool throwOnFirstException) => Cancel();

        public void CancelAfter(TimeSpan delay) => throw new NotSupportedException("The timer of a run is cancelled at once or not at all.");

        public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));
    }
}

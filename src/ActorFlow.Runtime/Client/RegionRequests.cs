using Akka.Actor;

namespace ActorFlow.Runtime.Client;

/// <summary>
/// Asks through shard regions, and repeats each question until it is answered: a region whose shard is handed over or restarts may
/// lose a message without a trace (rule 34; akka.net#8501, akka.net#8572). Whatever is asked must be safe to repeat. Thread-safe.
/// </summary>
internal sealed class RegionRequests : IDisposable
{
    /// <summary>The wait before the first repeat; each later one is twice as long.</summary>
    public static readonly TimeSpan FirstRepeat = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest wait before a repeat.</summary>
    public static readonly TimeSpan LongestRepeat = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan Tick = FirstRepeat / 5;

    private readonly Lock _sweep = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    // Requests are linked to each other: most are answered before the timer sees them, and must cost next to nothing until then.
    private Request? _asked;
    private Request? _open;
    private int _isRunning;

    /// <summary>Asks nothing yet.</summary>
    /// <param name="time">The clock of the repeats; those of one instance share a timer, which runs only while something is asked.</param>
    public RegionRequests(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static self => ((RegionRequests)self!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Asks, and waits for the first answer.</summary>
    /// <param name="region">The region.</param>
    /// <param name="message">The question, which carries the id of its entity.</param>
    /// <param name="timeout">How long to wait at most; null means for ever.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="AskTimeoutException">Nothing answered in time.</exception>
    public Task<TReply> AskAsync<TReply>(IActorRef region, object message, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var request = new Request(region, message, _time.GetTimestamp());
        var answer = region.Ask<TReply>(request.SentBy, timeout, cancellationToken);
        if (!answer.IsCompleted)
        {
            request.Answer = answer;
            Add(request);
        }

        return answer;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Add(Request request)
    {
        // Once it is in the list it is the sweep's: its link must not be read again.
        Request? next;
        do
        {
            next = Volatile.Read(ref _asked);
            request.Next = next;
        }
        while (Interlocked.CompareExchange(ref _asked, request, next) != next);

        StartTimer();
    }

    private void StartTimer()
    {
        if (Volatile.Read(ref _isRunning) == 0 && Interlocked.Exchange(ref _isRunning, 1) == 0)
        {
            _timer.Change(Tick, Tick);
        }
    }

    /// <summary>Forgets what was answered, and repeats what is due.</summary>
    private void Sweep()
    {
        // The timer does not wait for a sweep that takes longer than a tick: each would hold a thread of the pool meanwhile.
        if (!_sweep.TryEnter())
        {
            return;
        }

        try
        {
            _open = OpenOf(Interlocked.Exchange(ref _asked, null), OpenOf(_open, null));
            if (_open is null)
            {
                StopTimer();
            }
        }
        finally
        {
            _sweep.Exit();
        }
    }

    /// <summary>Repeats what is due of a list, and puts what is open before another list.</summary>
    private Request? OpenOf(Request? list, Request? rest)
    {
        while (list is { } request)
        {
            list = request.Next;
            if (!request.Answer!.IsCompleted)
            {
                request.RepeatIfDue(_time);
                request.Next = rest;
                rest = request;
            }
        }

        return rest;
    }

    private void StopTimer()
    {
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Interlocked.Exchange(ref _isRunning, 0);
        // Who asked meanwhile saw the timer run.
        if (Volatile.Read(ref _asked) is not null)
        {
            StartTimer();
        }
    }

    private sealed class Request(IActorRef region, object message, long asked)
    {
        private IActorRef? _asker;
        private TimeSpan _wait = FirstRepeat;
        private TimeSpan _next = FirstRepeat;

        /// <summary>The request that was asked before; null means that there is none, or that it was answered.</summary>
        public Request? Next { get; set; }

        /// <summary>Completes once there is an answer, or nobody waits for one. Null means that the question is being sent.</summary>
        public Task? Answer { get; set; }

        /// <summary>Notes who is to be answered.</summary>
        public object SentBy(IActorRef asker)
        {
            _asker = asker;
            return message;
        }

        public void RepeatIfDue(TimeProvider time)
        {
            if (time.GetElapsedTime(asked) < _next)
            {
                return;
            }

            _wait = _wait * 2 < LongestRepeat ? _wait * 2 : LongestRepeat;
            // Many that were lost at once do not come again at once.
            _next += _wait * (0.8 + (Random.Shared.NextDouble() * 0.4));
            region.Tell(message, _asker!);
        }
    }
}

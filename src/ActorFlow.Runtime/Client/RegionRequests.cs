using Akka.Actor;

namespace ActorFlow.Runtime.Client;

/// <summary>
/// Asks through shard regions, and repeats each question until it is answered: a region whose shard is handed over or restarts may
/// lose a message without a trace (rule 34; akka.net#8501, akka.net#8572). Whatever is asked must be safe to repeat. Thread-safe.
/// </summary>
/// <param name="time">The clock of the repeats; those of one instance share a timer, which runs only while something is asked.</param>
internal sealed class RegionRequests(TimeProvider time) : IDisposable
{
    /// <summary>The wait before the first repeat; each later one is twice as long.</summary>
    public static readonly TimeSpan FirstRepeat = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest wait before a repeat.</summary>
    public static readonly TimeSpan LongestRepeat = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan Tick = FirstRepeat / 5;

    private readonly Lock _gate = new();
    private readonly LinkedList<Request> _open = [];
    private ITimer? _timer;
    private bool _isRunning;

    /// <summary>Asks, and waits for the first answer.</summary>
    /// <param name="region">The region.</param>
    /// <param name="message">The question, which carries the id of its entity.</param>
    /// <param name="timeout">How long to wait at most; null means for ever.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="AskTimeoutException">Nothing answered in time.</exception>
    public async Task<TReply> AskAsync<TReply>(IActorRef region, object message, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var request = new Request(region, message, time.GetTimestamp());
        var answer = region.Ask<TReply>(request.SentBy, timeout, cancellationToken);
        if (answer.IsCompleted)
        {
            return await answer.ConfigureAwait(false);
        }

        var node = Add(request);
        try
        {
            return await answer.ConfigureAwait(false);
        }
        finally
        {
            Remove(node);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer?.Dispose();

    private LinkedListNode<Request> Add(Request request)
    {
        lock (_gate)
        {
            if (!_isRunning)
            {
                _isRunning = true;
                _timer ??= time.CreateTimer(static self => ((RegionRequests)self!).Repeat(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(Tick, Tick);
            }

            return _open.AddLast(request);
        }
    }

    private void Remove(LinkedListNode<Request> node)
    {
        lock (_gate)
        {
            _open.Remove(node);
        }
    }

    private void Repeat()
    {
        lock (_gate)
        {
            if (_open.Count == 0)
            {
                _isRunning = false;
                _timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
            }

            foreach (var request in _open)
            {
                request.RepeatIfDue(time);
            }
        }
    }

    private sealed class Request(IActorRef region, object message, long asked)
    {
        private IActorRef? _asker;
        private TimeSpan _wait = FirstRepeat;
        private TimeSpan _next = FirstRepeat;

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

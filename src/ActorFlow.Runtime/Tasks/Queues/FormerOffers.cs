namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>
/// Which worker offered a handler last, for handlers that a worker has stopped to offer: it tells people which one is missing. The last
/// <see cref="Kept"/> are kept.
/// </summary>
internal sealed class FormerOffers
{
    /// <summary>The most handlers that are remembered: 1,000.</summary>
    public const int Kept = 1_000;

    private readonly Dictionary<string, (string Worker, DateTimeOffset At)> _last = new(StringComparer.Ordinal);

    /// <summary>A worker does not offer a handler any more.</summary>
    public void Track(string handler, string worker, DateTimeOffset at)
    {
        if (_last.Count >= Kept && !_last.ContainsKey(handler))
        {
            _last.Remove(_last.MinBy(pair => pair.Value.At).Key);
        }

        _last[handler] = (worker, at);
    }

    /// <summary>The worker that stopped to offer the handler last, and when; null means that none is known.</summary>
    public (string Worker, DateTimeOffset At)? Find(string handler) => _last.TryGetValue(handler, out var last) ? last : null;
}

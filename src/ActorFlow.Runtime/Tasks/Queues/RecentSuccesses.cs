using ActorFlow.Core.Workflows;

namespace ActorFlow.Runtime.Tasks.Queues;

/// <summary>
/// The attempts that succeeded a moment ago and whose runs know it: a repeat of the offer that was under way meanwhile must not
/// run them again.
/// </summary>
internal sealed class RecentSuccesses
{
    private const int Most = 10_000;

    private static readonly TimeSpan Life = TimeSpan.FromSeconds(30);

    private readonly HashSet<AttemptId> _attempts = [];
    private readonly Queue<(AttemptId Attempt, TimeSpan Expires)> _inOrder = new();

    public bool Contains(AttemptId attempt) => _attempts.Contains(attempt);

    public void Track(AttemptId attempt, TimeSpan now)
    {
        if (_attempts.Add(attempt))
        {
            _inOrder.Enqueue((attempt, now + Life));
            if (_inOrder.Count > Most)
            {
                _attempts.Remove(_inOrder.Dequeue().Attempt);
            }
        }
    }

    public void Expire(TimeSpan now)
    {
        while (_inOrder.TryPeek(out var oldest) && oldest.Expires <= now)
        {
            _attempts.Remove(_inOrder.Dequeue().Attempt);
        }
    }
}

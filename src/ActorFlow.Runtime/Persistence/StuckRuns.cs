using System.Collections.Concurrent;

namespace ActorFlow.Runtime.Persistence;

/// <summary>Runs that a node could not read back from its store, and why, until it can. Safe for all threads.</summary>
internal sealed class StuckRuns
{
    private readonly ConcurrentDictionary<string, string> _reasons = new(StringComparer.Ordinal);

    /// <summary>The run could not be read back.</summary>
    public void Note(string workflowId, string reason) => _reasons[workflowId] = reason;

    /// <summary>The run was read back after all.</summary>
    public void Forget(string workflowId)
    {
        if (!_reasons.IsEmpty)
        {
            _reasons.TryRemove(workflowId, out _);
        }
    }

    /// <summary>Why the run could not be read back; null means that no failure is known.</summary>
    public string? ReasonOf(string workflowId) => _reasons.GetValueOrDefault(workflowId);
}

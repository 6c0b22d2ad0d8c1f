using System.Collections.Concurrent;

namespace ActorFlow.Runtime.Index;

/// <summary>
/// The open runs that have sent their row on this node since it started: a node that only handles its own runs wakes no others.
/// Thread-safe.
/// </summary>
internal sealed class OwnRuns
{
    private readonly ConcurrentDictionary<string, byte> _ids = new(StringComparer.Ordinal);

    /// <summary>Their ids.</summary>
    public IReadOnlyCollection<string> Ids => [.. _ids.Keys];

    /// <summary>Notes a row that a run has sent.</summary>
    public void Note(WorkflowIndexRow row)
    {
        if (row.Closed is null)
        {
            _ids.TryAdd(row.WorkflowId, 0);
        }
        else
        {
            _ids.TryRemove(row.WorkflowId, out _);
        }
    }
}

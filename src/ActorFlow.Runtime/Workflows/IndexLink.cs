using ActorFlow.Runtime.Index;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>Keeps one run's row of the index up to date: the row is sent when it changes, and repeated until it is acknowledged (failure rule 14).</summary>
internal sealed class IndexLink(IActorRef writer)
{
    /// <summary>How long an acknowledgement may take before the row is sent again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private WorkflowIndexRow? _waiting;
    private (Guid RunId, WorkflowStatus Status, DateTimeOffset? WakeAt)? _said;
    private TimeSpan _sentAt;

    /// <summary>Whether the index has the row that was sent last.</summary>
    public bool IsAcknowledged => writer.IsNobody() || (_said is not null && _waiting is null);

    /// <summary>When to check again.</summary>
    public TimeSpan RepeatAt => _waiting is null ? TimeSpan.MaxValue : _sentAt + Patience;

    /// <summary>Whether the row that was sent last has these values.</summary>
    public bool Says(Guid runId, WorkflowStatus status, DateTimeOffset? wakeAt) => writer.IsNobody() || _said == (runId, status, wakeAt);

    /// <summary>Sends the row if it has changed.</summary>
    public void Send(WorkflowIndexRow row, IActorRef self, TimeSpan now)
    {
        if (!Says(row.RunId, row.Status, row.WakeAt))
        {
            _said = (row.RunId, row.Status, row.WakeAt);
            _waiting = row;
            Tell(row, self, now);
        }
    }

    /// <summary>Sends the row again if it was not acknowledged in time.</summary>
    public void Repeat(IActorRef self, TimeSpan now)
    {
        if (RepeatAt <= now && _waiting is { } row)
        {
            Tell(row, self, now);
        }
    }

    /// <summary>Notes that the index has the row, or a newer one.</summary>
    public void On(IndexRowWritten written)
    {
        if (_waiting is { } row && row.Sequence <= written.Sequence)
        {
            _waiting = null;
        }
    }

    private void Tell(WorkflowIndexRow row, IActorRef self, TimeSpan now)
    {
        _sentAt = now;
        writer.Tell(new IndexRowChanged(row), self);
    }
}

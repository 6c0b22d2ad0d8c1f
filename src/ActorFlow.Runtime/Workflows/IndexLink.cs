using ActorFlow.Runtime.Index;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>Keeps one run's row of the index up to date: sent when it changes, and again until it is acknowledged (failure rule 14).</summary>
internal sealed class IndexLink(IActorRef writer)
{
    /// <summary>How long an acknowledgement may take.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private WorkflowIndexRow? _sent;
    private TimeSpan _sentAt;
    private long _acknowledged;

    /// <summary>Whether the index has what was sent last.</summary>
    public bool IsAcknowledged => writer.IsNobody() || (_sent is not null && _acknowledged >= _sent.Sequence);

    /// <summary>When to look again.</summary>
    public TimeSpan RepeatAt => IsAcknowledged || _sent is null ? TimeSpan.MaxValue : _sentAt + Patience;

    /// <summary>Whether the row that was sent last says this already.</summary>
    public bool Says(Guid runId, WorkflowStatus status, DateTimeOffset? wakeAt) =>
        writer.IsNobody() || (_sent is { } sent && sent.RunId == runId && sent.Status == status && sent.WakeAt == wakeAt);

    /// <summary>Sends the row if it says anything new.</summary>
    public void Send(WorkflowIndexRow row, IActorRef self, TimeSpan now)
    {
        if (writer.IsNobody() || (_sent is { } sent && row with { Sequence = sent.Sequence, Updated = sent.Updated } == sent))
        {
            return;
        }

        _sent = row;
        Tell(row, self, now);
    }

    /// <summary>Sends the row again if nobody has acknowledged it for a while.</summary>
    public void Repeat(IActorRef self, TimeSpan now)
    {
        if (RepeatAt <= now && _sent is { } row)
        {
            Tell(row, self, now);
        }
    }

    /// <summary>The index has it, or a newer one.</summary>
    public void On(IndexRowWritten written) => _acknowledged = Math.Max(_acknowledged, written.Sequence);

    private void Tell(WorkflowIndexRow row, IActorRef self, TimeSpan now)
    {
        _sentAt = now;
        writer.Tell(new IndexRowChanged(row), self);
    }
}

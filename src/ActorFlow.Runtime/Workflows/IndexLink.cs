using ActorFlow.Runtime.Index;
using Akka.Actor;

namespace ActorFlow.Runtime.Workflows;

/// <summary>Keeps one run's row of the index up to date: sent when it changes, and again until it is acknowledged (failure rule 14).</summary>
internal sealed class IndexLink(IActorRef writer)
{
    /// <summary>How long an acknowledgement may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private WorkflowIndexRow? _sent;
    private long _acknowledged;

    /// <summary>Whether the index has what was sent last.</summary>
    public bool IsAcknowledged => writer.IsNobody() || (_sent is not null && _acknowledged >= _sent.Sequence);

    /// <summary>Whether the row that was sent last says this already.</summary>
    public bool Says(Guid runId, WorkflowStatus status, DateTimeOffset? wakeAt) =>
        writer.IsNobody() || (_sent is { } sent && sent.RunId == runId && sent.Status == status && sent.WakeAt == wakeAt);

    /// <summary>Sends the row if it says anything new.</summary>
    public void Send(WorkflowIndexRow row, IActorRef self)
    {
        if (writer.IsNobody() || (_sent is { } sent && row with { Sequence = sent.Sequence, Updated = sent.Updated } == sent))
        {
            return;
        }

        _sent = row;
        writer.Tell(new IndexRowChanged(row), self);
    }

    /// <summary>Sends the row again if nobody has acknowledged it.</summary>
    public void Repeat(IActorRef self)
    {
        if (!IsAcknowledged && _sent is { } row)
        {
            writer.Tell(new IndexRowChanged(row), self);
        }
    }

    /// <summary>The index has it, or a newer one.</summary>
    public void On(IndexRowWritten written) => _acknowledged = Math.Max(_acknowledged, written.Sequence);
}

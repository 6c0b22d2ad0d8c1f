using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Index;
using Akka.Actor;
using Akka.Event;

namespace ActorFlow.Runtime.Workflows;

/// <summary>What the purge asks of a run: to say when it owes nothing any more. And how a run that was purged notices.</summary>
public sealed partial class WorkflowActor
{
    private PurgeRun? _toPurge;
    private bool _purging;

    /// <summary>It may be purged when it would leave memory: once nothing is owed to anybody.</summary>
    private void Purge(PurgeRun purge)
    {
        _toPurge = _state is WorkflowState.Open ? null : purge;
        LeaveIfDone();
    }

    private void Settle(PurgeRun purge)
    {
        _toPurge = null;
        if (_passivating || _services.Index is not { } index || (_state is WorkflowState.Closed closed && closed.RunId != purge.RunId))
        {
            Passivate();
            return;
        }

        _purging = true;
        index.SettleAsync(_id, purge.RunId).PipeTo(Self, success: () => Settled.Instance, failure: error =>
        {
            Log.Warning(error, "The run {0} could not say that it may be purged; it is asked again later.", _id);
            return Settled.Instance;
        });
    }

    /// <summary>Whether the run may write: one that has ended is held first, so that it is not purged meanwhile.</summary>
    private bool IsHeld()
    {
        if (_state is not WorkflowState.Closed || _services.Index is not { } index || (_heldUntil > Now && _heldUntil < Now + HoldTime))
        {
            return true;
        }

        _busy = true;
        var until = Now + HoldTime;
        index.HoldAsync(_id, until).PipeTo(
            Self, success: held => new HoldEnded(held, until, null), failure: error => new HoldEnded(IsHeld: false, until, error));
        return false;
    }

    private void On(HoldEnded hold)
    {
        _busy = false;
        if (hold.IsHeld)
        {
            // Decided and written long before it ends.
            _heldUntil = hold.Until - (HoldTime / 2);
            Work();
            return;
        }

        if (hold.Error is { } error)
        {
            var (_, sender) = _arrived.Dequeue();
            sender.Tell(new WorkflowReply.Refused(_id, "unavailable", $"The index cannot be written: {error.Message}"));
            AfterWork();
            return;
        }

        // What came is not lost: the actor that recovers in place of this one finds it in the mailbox, and nothing in the journal.
        foreach (var (message, sender) in _arrived)
        {
            Self.Tell(message, sender);
        }

        throw new PurgedMeanwhileException(_id);
    }

    private static readonly TimeSpan HoldTime = TimeSpan.FromMinutes(10);
    private DateTimeOffset _heldUntil;

    private sealed record Settled : INoSerializationVerificationNeeded
    {
        public static readonly Settled Instance = new();
    }

    private sealed record HoldEnded(bool IsHeld, DateTimeOffset Until, Exception? Error) : INoSerializationVerificationNeeded;

    private sealed class PurgedMeanwhileException(string id)
        : Exception($"The run '{id}' was purged while it was in memory. It recovers as one that never was.");
}

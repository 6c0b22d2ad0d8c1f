using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Index;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace ActorFlow.Runtime.Workflows;

/// <summary>Removing a run that has ended: its journal, its checkpoints, its payloads, and last its row, which becomes a tombstone.</summary>
public sealed partial class WorkflowActor
{
    private PurgeRun? _toPurge;
    private bool _purging;
    private Guid _purged;
    private int _toDelete;
    private bool _deleteFailed;

    /// <summary>It is purged when it would leave memory: once nothing is owed to anybody.</summary>
    private void Purge(PurgeRun purge)
    {
        _toPurge = _state is WorkflowState.Open ? null : purge;
        LeaveIfDone();
    }

    private void BeginPurge(PurgeRun purge)
    {
        _toPurge = null;
        if (_passivating || _state is WorkflowState.Closed closed && closed.RunId != purge.RunId)
        {
            Passivate();
            return;
        }

        (_purging, _purged, _toDelete, _deleteFailed) = (true, purge.RunId, 2, false);
        DeleteMessages(LastSequenceNr);
        DeleteSnapshots(SnapshotSelectionCriteria.Latest);
    }

    private void OnPurge(object message)
    {
        switch (message)
        {
            case Purged:
                Passivate();
                return;
            case DeleteMessagesFailure or DeleteSnapshotsFailure:
                _deleteFailed = true;
                break;
        }

        if (--_toDelete == 0)
        {
            EntombAsync(_services, Now).PipeTo(Self, success: () => Purged.Instance, failure: error =>
            {
                Log.Warning(error, "The run {0} could not be purged to its end; it is tried again later.", _id);
                return Purged.Instance;
            });
        }
    }

    private async Task EntombAsync(WorkflowServices services, DateTimeOffset now)
    {
        if (_deleteFailed)
        {
            throw new IOException("Its journal or its checkpoints could not be deleted.");
        }

        await services.DeletePayloads(PersistenceId).ConfigureAwait(false);
        if (services.Index is { } index)
        {
            await index.TombstoneAsync(_id, _purged, now).ConfigureAwait(false);
        }
    }

    private sealed record Purged : INoSerializationVerificationNeeded
    {
        public static readonly Purged Instance = new();
    }
}

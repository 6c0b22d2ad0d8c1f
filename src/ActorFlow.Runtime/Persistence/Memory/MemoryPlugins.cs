using System.Diagnostics;
using ActorFlow.Runtime.Persistence.Writing;
using ActorFlow.Runtime.Telemetry;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using Akka.Persistence.Snapshot;

namespace ActorFlow.Runtime.Persistence.Memory;

/// <summary>
/// The journal of a node in memory, its events in the <see cref="MemoryStore"/>, so that they outlive the ActorSystem. It speaks the
/// journal's protocol itself: what Akka's base classes add (a queue for what is still being written, a circuit breaker) is for stores
/// that take their time.
/// </summary>
internal sealed class MemoryStoreJournal : UntypedActor
{
    private readonly MemoryJournalRows _rows = PersistenceStoreSetup.Of<MemoryStore>(Context.System).Journal;
    private readonly NodeMetrics _metrics = NodeMetrics.Of(Context.System);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WriteMessages write:
                Write(write);
                break;
            case ReplayMessages replay:
                Replay(replay);
                break;
            case DeleteMessagesTo delete:
                _rows.DeleteTo(delete.PersistenceId, delete.ToSequenceNr);
                delete.PersistentActor.Tell(new DeleteMessagesSuccess(delete.ToSequenceNr), Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Write(WriteMessages write)
    {
        var begun = _metrics.JournalWriteDuration.Enabled ? Stopwatch.GetTimestamp() : 0;
        var events = EventsOf(JournalAnswers.EnvelopesOf(write));
        var failure = events.Count == 0 || _rows.TryAdd(events[0].PersistenceId, events)
            ? null
            : new FencedWriteException(
                $"{events[0].PersistenceId}: another incarnation has written sequence number {events[0].SequenceNr}.");
        if (begun > 0)
        {
            MeasuredWrite.Record(_metrics, begun, failure);
        }

        JournalAnswers.Send(write, failure, Self);
    }

    /// <summary>Nearly always one envelope, whose events are taken as they are.</summary>
    private static IReadOnlyList<IPersistentRepresentation> EventsOf(IReadOnlyList<IPersistentEnvelope> envelopes) =>
        envelopes is [AtomicWrite single]
            ? JournalAnswers.EventsOf(single)
            : [.. envelopes.OfType<AtomicWrite>().SelectMany(JournalAnswers.EventsOf)];

    private void Replay(ReplayMessages replay)
    {
        var highest = _rows.HighestOf(replay.PersistenceId);
        foreach (var one in _rows.Read(replay.PersistenceId, replay.FromSequenceNr, Math.Min(replay.ToSequenceNr, highest), replay.Max))
        {
            replay.PersistentActor.Tell(new ReplayedMessage(one), ActorRefs.NoSender);
        }

        replay.PersistentActor.Tell(new RecoverySuccess(highest), Self);
    }
}

/// <summary>
/// Snapshots in the <see cref="MemoryStore"/>, in the bytes that a database would hold: what a node in memory reads back has been
/// through its stored form.
/// </summary>
internal sealed class MemoryStoreSnapshots : SnapshotStore
{
    private readonly MemorySnapshotRows _rows = PersistenceStoreSetup.Of<MemoryStore>(Context.System).Snapshots;
    private readonly Akka.Serialization.Serialization _serialization = Context.System.Serialization;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    protected override Task<SelectedSnapshot?> LoadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) =>
        Task.FromResult(StoredCheckpoint.Newest<MemorySnapshot>(
            _log,
            persistenceId,
            criteria.MaxSequenceNr,
            upTo => _rows.Newest(persistenceId, criteria, upTo) is { } row ? (row.Sequence, row) : null,
            row => new SelectedSnapshot(
                new SnapshotMetadata(persistenceId, row.Sequence, row.Created),
                _serialization.Deserialize(row.Bytes, row.Serializer, row.Manifest))));

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken)
    {
        var serializer = _serialization.FindSerializerFor(snapshot);
        _rows.Put(metadata.PersistenceId, new(
            metadata.SequenceNr,
            metadata.Timestamp,
            serializer.ToBinary(snapshot),
            serializer.Identifier,
            Akka.Serialization.Serialization.ManifestFor(serializer, snapshot)));
        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken)
    {
        // A metadata without a time means this sequence number, of whatever time.
        var latest = metadata.Timestamp > DateTime.MinValue ? metadata.Timestamp : DateTime.MaxValue;
        return DeleteAsync(
            metadata.PersistenceId,
            new SnapshotSelectionCriteria(metadata.SequenceNr, latest, metadata.SequenceNr, minTimestamp: null),
            cancellationToken);
    }

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        _rows.Delete(persistenceId, criteria);
        return Task.CompletedTask;
    }
}

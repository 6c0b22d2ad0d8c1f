using System.Collections.Immutable;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Wire;
using Akka.Actor;
using Akka.Persistence;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>A persistent actor that writes rows and checkpoints as a run does, and tells what its recovery gave it.</summary>
public sealed class CommitLog : UntypedPersistentActor
{
    private ImmutableList<CommitBatch> _rows = [];
    private WorkflowCheckpoint? _checkpoint;

    public CommitLog(string id) => PersistenceId = id;

    public override string PersistenceId { get; }

    public sealed record Tell;

    internal sealed record Told(ImmutableList<CommitBatch> Replayed, WorkflowCheckpoint? Checkpoint, long SequenceNr);

    internal static Task<Told> Ask(IActorRef log, object message) => log.Ask<Told>(message, TimeSpan.FromSeconds(60));

    protected override void OnCommand(object message)
    {
        var sender = Sender;
        switch (message)
        {
            case CommitBatch batch:
                Persist(batch, row => Add(row, sender));
                break;
            case WorkflowCheckpoint checkpoint:
                SaveSnapshot(checkpoint);
                Become(answer =>
                {
                    if (answer is SaveSnapshotSuccess)
                    {
                        sender.Tell(State);
                        UnbecomeStacked();
                    }
                });
                break;
            case Tell:
                sender.Tell(State);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: WorkflowCheckpoint checkpoint }:
                _checkpoint = checkpoint;
                break;
            case CommitBatch batch:
                _rows = _rows.Add(batch);
                break;
            default:
                break;
        }
    }

    private Told State => new(_rows, _checkpoint, LastSequenceNr);

    private void Add(CommitBatch row, IActorRef sender)
    {
        _rows = _rows.Add(row);
        sender.Tell(State);
    }
}

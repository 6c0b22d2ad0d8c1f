using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace ActorFlow.Runtime.Tests.Persistence;

/// <summary>A persistent actor that remembers what it was told, and tells what became of its writes.</summary>
public sealed class Ledger : UntypedPersistentActor
{
    private readonly IActorRef _failures;
    private ImmutableArray<string> _entries = [];
    private long _snapshotAt;

    public Ledger(string id, IActorRef failures)
    {
        PersistenceId = id;
        _failures = failures;
    }

    public override string PersistenceId { get; }

    public sealed record Enter(params object[] Entries);

    public sealed record Entered(long SequenceNr);

    public sealed record Tell;

    public sealed record Told(string[] Entries, long SequenceNr, long SnapshotAt);

    public sealed record TakeSnapshot;

    public sealed record Forget(long To);

    public sealed record Failed(Exception Cause);

    public sealed record Rejected(Exception Cause);

    public static Task<T> Ask<T>(IActorRef ledger, object message) => ledger.Ask<T>(message, TimeSpan.FromSeconds(60));

    protected override void OnCommand(object message)
    {
        var sender = Sender;
        switch (message)
        {
            case Enter enter:
                var left = enter.Entries.Length;
                PersistAll(enter.Entries, entry =>
                {
                    Add(entry);
                    if (--left == 0)
                    {
                        sender.Tell(new Entered(LastSequenceNr));
                    }
                });
                break;
            case Tell:
                sender.Tell(new Told([.. _entries], LastSequenceNr, _snapshotAt));
                break;
            case TakeSnapshot:
                SaveSnapshot(string.Join('|', _entries));
                Become(answer => Settle(answer, sender));
                break;
            case Forget forget:
                DeleteMessages(forget.To);
                Become(answer => Settle(answer, sender));
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
            case SnapshotOffer offer:
                _entries = [.. ((string)offer.Snapshot).Split('|')];
                _snapshotAt = offer.Metadata.SequenceNr;
                break;
            case RecoveryCompleted:
                break;
            default:
                Add(message);
                break;
        }
    }

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        _failures.Tell(new Failed(cause));
        base.OnPersistFailure(cause, @event, sequenceNr);
    }

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        _failures.Tell(new Rejected(cause));
        base.OnPersistRejected(cause, @event, sequenceNr);
    }

    private void Add(object entry) => _entries = _entries.Add((string)(entry is Tagged tagged ? tagged.Payload : entry));

    private void Settle(object answer, IActorRef asker)
    {
        if (answer is SaveSnapshotSuccess or SaveSnapshotFailure or DeleteMessagesSuccess or DeleteMessagesFailure)
        {
            asker.Tell(answer);
            Become(OnCommand);
        }
    }
}

using System.Collections.Immutable;
using ActorFlow.Runtime.Wire;
using Akka.Actor;
using Akka.Persistence;

namespace ActorFlow.Runtime.Workflows.Replaying;

/// <summary>Reads rows of a run's journal outside the run's own actor, through any journal plugin.</summary>
internal sealed class JournalReader : UntypedActor
{
    private readonly string _persistenceId;
    private readonly long _from;
    private readonly long _to;
    private readonly long _max;
    private readonly TaskCompletionSource<ImmutableArray<JournalEntry>> _result;
    private readonly ImmutableArray<JournalEntry>.Builder _rows = ImmutableArray.CreateBuilder<JournalEntry>();

    /// <summary>Made by Akka, which needs it public.</summary>
    public JournalReader(string persistenceId, long from, long to, long max, TaskCompletionSource<ImmutableArray<JournalEntry>> result)
    {
        (_persistenceId, _from, _to, _max, _result) = (persistenceId, from, to, max, result);
    }

    /// <summary>Reads the rows from one number to another, both included, in order.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="persistenceId">The persistence id of the run.</param>
    /// <param name="from">The first number, from 1.</param>
    /// <param name="to">The last number.</param>
    /// <param name="max">The most rows.</param>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    public static Task<ImmutableArray<JournalEntry>> ReadAsync(
        ActorSystem system, string persistenceId, long from, long to = long.MaxValue, long max = long.MaxValue)
    {
        var result = new TaskCompletionSource<ImmutableArray<JournalEntry>>(TaskCreationOptions.RunContinuationsAsynchronously);
#pragma warning disable AK1008 // It is not called from within this actor, has no parent, and ends by itself.
        system.ActorOf(Props.Create(() => new JournalReader(persistenceId, from, to, max, result)));
#pragma warning restore AK1008
        return result.Task;
    }

    protected override void PreStart() =>
        Akka.Persistence.Persistence.Instance.Apply(Context.System).JournalFor(string.Empty)
            .Tell(new ReplayMessages(_from, _to, _max, _persistenceId, Self));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ReplayedMessage { Persistent: { Payload: CommitBatch batch } persistent }:
                _rows.Add(new(persistent.SequenceNr, batch.Commits));
                break;
            case ReplayedMessage:
                break;
            case RecoverySuccess:
                _result.TrySetResult(_rows.DrainToImmutable());
                Context.Stop(Self);
                break;
            case ReplayMessagesFailure failure:
                _result.TrySetException(new IOException($"The journal of {_persistenceId} cannot be read: {failure.Cause.Message}", failure.Cause));
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostStop() =>
        _result.TrySetException(new IOException($"The journal of {_persistenceId} was not read to its end: the node is stopping."));
}

/// <summary>One row of a run's journal.</summary>
/// <param name="Sequence">Its number, from 1.</param>
/// <param name="Commits">Its commits.</param>
internal sealed record JournalEntry(long Sequence, ImmutableArray<Core.Workflows.WorkflowCommit> Commits);

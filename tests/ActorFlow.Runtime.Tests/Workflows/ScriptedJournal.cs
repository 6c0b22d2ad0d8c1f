using System.Collections.Concurrent;
using System.Collections.Immutable;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Wire;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace ActorFlow.Runtime.Tests.Workflows;

/// <summary>What the journal of a test's ActorSystem does with the writes that it is asked for, and what it has.</summary>
public sealed class JournalScript : Setup
{
    private readonly ConcurrentQueue<(string Id, CommitBatch Row)> _rows = [];
    private TaskCompletionSource? _gate;
    private volatile Exception? _failure;
    private volatile Exception? _rejection;
    private int _waiting;
    private int _replayed;

    /// <summary>How many rows have been read back.</summary>
    public int Replayed => Volatile.Read(ref _replayed);

    internal void CountReplayed() => Interlocked.Increment(ref _replayed);

    /// <summary>Rows with a higher number are gone by the time they are read.</summary>
    public long ReadsUpTo { get; set; } = long.MaxValue;

    internal FreshIds? FreshIds { get; set; }

    /// <summary>How many writes are held.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    internal IReadOnlyList<CommitBatch> RowsOf(string workflowId) =>
        [.. _rows.Where(row => row.Id == "wf-" + workflowId).Select(row => row.Row)];

    public bool IsEmpty => _rows.IsEmpty;

    /// <summary>Holds all writes from now on.</summary>
    public void Hold() => _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => Interlocked.Exchange(ref _gate, null)!.SetResult();

    public void FailNext() => _failure = new IOException("The disk says no.");

    public void RejectNext() => _rejection = new InvalidOperationException("No row of this kind.");

    internal async Task<IImmutableList<Exception?>> WriteAsync(
        IReadOnlyList<AtomicWrite> writes, Func<Task<IImmutableList<Exception?>>> write)
    {
        if (_gate is { } gate)
        {
            Interlocked.Increment(ref _waiting);
            await gate.Task;
            Interlocked.Decrement(ref _waiting);
        }

        if (Interlocked.Exchange(ref _failure, null) is { } failure)
        {
            throw failure;
        }

        if (Interlocked.Exchange(ref _rejection, null) is { } rejection)
        {
            return [.. writes.Select(_ => rejection)];
        }

        foreach (var row in writes.SelectMany(atomic => (IEnumerable<IPersistentRepresentation>)atomic.Payload))
        {
            _rows.Enqueue((row.PersistenceId, (CommitBatch)row.Payload));
        }

        return await write();
    }
}

/// <summary>Akka's journal in memory, which does as the <see cref="JournalScript"/> of its ActorSystem says.</summary>
public sealed class ScriptedJournal : MemoryJournal
{
    private readonly JournalScript _script = Context.System.Settings.Setup.Get<JournalScript>().Value;

    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr, CancellationToken cancellationToken) =>
        _script.FreshIds?.TryTake(persistenceId) == true
            ? Task.FromResult(0L)
            : base.ReadHighestSequenceNrAsync(persistenceId, fromSequenceNr, cancellationToken);

    public override Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback) =>
        base.ReplayMessagesAsync(context, persistenceId, fromSequenceNr, toSequenceNr, max, row =>
        {
            if (row.SequenceNr <= _script.ReadsUpTo)
            {
                _script.CountReplayed();
                recoveryCallback(row);
            }
        });

    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var writes = messages.ToList();
        return (await _script.WriteAsync(writes, async () => (await base.WriteMessagesAsync(writes, cancellationToken))!))!;
    }
}

using System.Collections.Concurrent;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Wire;
using Akka.Actor.Setup;
using Akka.Event;
using Akka.Persistence;
using Akka.Persistence.Snapshot;

namespace ActorFlow.Runtime.Tests.Workflows;

/// <summary>What the snapshot store of a test's ActorSystem does with what it is asked to keep, and what it keeps, in stored bytes.</summary>
internal sealed class SnapshotScript : Setup, ICheckpointCatalog
{
    private readonly ConcurrentDictionary<(string Id, long Sequence), byte[]> _kept = [];
    private readonly ConcurrentQueue<long> _asked = [];
    private TaskCompletionSource? _gate;

    /// <summary>Whether it can store nothing.</summary>
    public bool Fails { get; set; }

    /// <summary>The numbers that it was asked to keep, in order.</summary>
    public IReadOnlyList<long> Asked => [.. _asked];

    public IReadOnlyList<long> KeptOf(string workflowId) =>
        [.. _kept.Keys.Where(key => key.Id == "wf-" + workflowId).Select(key => key.Sequence).Order()];

    public WorkflowCheckpoint Read(string workflowId, long sequence) => CheckpointFormat.Read(_kept[("wf-" + workflowId, sequence)]);

    public void Damage(string workflowId, long sequence) => _kept[("wf-" + workflowId, sequence)] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

    public void Put(string workflowId, WorkflowCheckpoint checkpoint) =>
        _kept[("wf-" + workflowId, checkpoint.Sequence)] = CheckpointFormat.Write(checkpoint);

    /// <summary>Holds all that is to be stored from now on.</summary>
    public void Hold() => _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => Interlocked.Exchange(ref _gate, null)!.SetResult();

    public Task<IReadOnlyList<KeptCheckpoint>> ListAsync(
        string persistenceId, long before = long.MaxValue, int limit = ICheckpointCatalog.MostListed, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<KeptCheckpoint>>([.. _kept
            .Where(pair => pair.Key.Id == persistenceId && pair.Key.Sequence < before)
            .OrderByDescending(pair => pair.Key.Sequence)
            .Take(limit)
            .Select(pair => new KeptCheckpoint(pair.Key.Sequence, DateTimeOffset.UnixEpoch, pair.Value.Length))]);

    public Task<WorkflowCheckpoint?> LoadAsync(string persistenceId, long sequence, CancellationToken cancellationToken = default) =>
        Task.FromResult(_kept.TryGetValue((persistenceId, sequence), out var bytes) ? StoredCheckpoint.Read(persistenceId, sequence, bytes) : null);

    internal async Task SaveAsync(string persistenceId, long sequence, object snapshot)
    {
        _asked.Enqueue(sequence);
        var bytes = CheckpointFormat.Write((WorkflowCheckpoint)snapshot);
        if (_gate is { } gate)
        {
            await gate.Task;
        }

        if (Fails)
        {
            throw new IOException("The disk is full.");
        }

        _kept[(persistenceId, sequence)] = bytes;
    }

    internal void Delete(string persistenceId, long from, long to)
    {
        foreach (var key in _kept.Keys.Where(key => key.Id == persistenceId && key.Sequence >= from && key.Sequence <= to))
        {
            _kept.TryRemove(key, out _);
        }
    }

    internal SelectedSnapshot? Newest(ILoggingAdapter log, string persistenceId, long upTo) => StoredCheckpoint.Newest<byte[]>(
        log,
        persistenceId,
        upTo,
        most => _kept.Where(pair => pair.Key.Id == persistenceId && pair.Key.Sequence <= most).OrderBy(pair => pair.Key.Sequence).LastOrDefault() is { Value: { } bytes, Key: var key }
            ? (key.Sequence, bytes)
            : null,
        bytes => CheckpointFormat.Read(bytes) is var checkpoint
            ? new(new SnapshotMetadata(persistenceId, checkpoint.Sequence, DateTime.UnixEpoch), checkpoint)
            : null!);
}

/// <summary>Snapshots in memory, kept or not as the <see cref="SnapshotScript"/> of the ActorSystem says.</summary>
public sealed class ScriptedSnapshots : SnapshotStore
{
    private readonly SnapshotScript _script = Context.System.Settings.Setup.Get<SnapshotScript>().Value;
    private readonly ILoggingAdapter _log = Context.GetLogger();

    protected override Task<SelectedSnapshot?> LoadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) =>
        Task.FromResult(criteria.MaxSequenceNr > 0 ? _script.Newest(_log, persistenceId, criteria.MaxSequenceNr) : null);

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken) =>
        _script.SaveAsync(metadata.PersistenceId, metadata.SequenceNr, snapshot);

    protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken)
    {
        _script.Delete(metadata.PersistenceId, metadata.SequenceNr, metadata.SequenceNr);
        return Task.CompletedTask;
    }

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        _script.Delete(persistenceId, criteria.MinSequenceNr, criteria.MaxSequenceNr);
        return Task.CompletedTask;
    }
}

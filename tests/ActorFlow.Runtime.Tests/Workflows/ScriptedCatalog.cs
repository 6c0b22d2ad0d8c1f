using ActorFlow.Runtime.Checkpoints;

namespace ActorFlow.Runtime.Tests.Workflows;

/// <summary>A catalog of checkpoints whose reading is held or fails where the test says so.</summary>
internal sealed class ScriptedCatalog(ICheckpointCatalog catalog) : ICheckpointCatalog
{
    private TaskCompletionSource? _gate;
    private int _asked;

    /// <summary>How often checkpoints were asked for.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Whether nothing can be read.</summary>
    public bool Fails { get; set; }

    /// <summary>Holds all that is asked from now on.</summary>
    public void Hold() => _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => Interlocked.Exchange(ref _gate, null)!.SetResult();

    public async Task<IReadOnlyList<KeptCheckpoint>> ListAsync(
        string persistenceId, long before = long.MaxValue, int limit = ICheckpointCatalog.MostListed, CancellationToken cancellationToken = default)
    {
        var gate = _gate;
        Interlocked.Increment(ref _asked);
        await (gate?.Task ?? Task.CompletedTask);
        return Fails ? throw new IOException("The disk says no.") : await catalog.ListAsync(persistenceId, before, limit, cancellationToken);
    }

    public Task<WorkflowCheckpoint?> LoadAsync(string persistenceId, long sequence, CancellationToken cancellationToken = default) =>
        catalog.LoadAsync(persistenceId, sequence, cancellationToken);
}

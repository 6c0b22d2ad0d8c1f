using System.Collections.Concurrent;

namespace ActorFlow.Runtime.Persistence;

/// <summary>
/// The journal's writes that are under way, by persistence id. Kept by the store, not by the journal actor: an actor that was restarted
/// must wait for what its predecessor queued. Safe for all threads.
/// </summary>
internal sealed class WritesInFlight
{
    private readonly ConcurrentDictionary<string, Task> _writes = new(StringComparer.Ordinal);

    /// <summary>Notes a write until it is done.</summary>
    public void Add(string persistenceId, Task written)
    {
        var inFlight = _writes.AddOrUpdate(
            persistenceId,
            static (_, now) => now,
            static (_, before, now) => before.IsCompleted ? now : Task.WhenAll(before, now),
            written);
        inFlight.ContinueWith(
            (done, id) => _writes.TryRemove(KeyValuePair.Create((string)id!, done)),
            persistenceId,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Completes once the writes that are noted for an id are done, stored or not.</summary>
    public async Task EndAsync(string persistenceId)
    {
        if (_writes.TryGetValue(persistenceId, out var writing))
        {
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

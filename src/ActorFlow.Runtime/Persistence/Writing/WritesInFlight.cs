using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorFlow.Runtime.Persistence.Writing;

/// <summary>
/// The journal's writes that are under way, by persistence id. Kept by the store, not by the journal actor: an actor that was restarted
/// must wait for what its predecessor queued. Safe for all threads.
/// </summary>
internal sealed class WritesInFlight
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Count, TaskCompletionSource? None)> _writes = new(StringComparer.Ordinal);

    /// <summary>Notes a write until it is done.</summary>
    /// <returns>Who is to be told of its end, in the place of <paramref name="end"/>, which is told in turn.</returns>
    public IWriteCompletion Note(string persistenceId, IWriteCompletion end)
    {
        lock (_lock)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_writes, persistenceId, out _).Count++;
        }

        return new Noted(this, persistenceId, end);
    }

    /// <summary>Completes once no write of an id is under way, whatever became of those that were.</summary>
    public Task EndAsync(string persistenceId)
    {
        lock (_lock)
        {
            ref var writes = ref CollectionsMarshal.GetValueRefOrNullRef(_writes, persistenceId);
            return Unsafe.IsNullRef(ref writes)
                ? Task.CompletedTask
                : (writes.None ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private void Forget(string persistenceId)
    {
        TaskCompletionSource? none = null;
        lock (_lock)
        {
            ref var writes = ref CollectionsMarshal.GetValueRefOrNullRef(_writes, persistenceId);
            if (--writes.Count == 0)
            {
                none = writes.None;
                _writes.Remove(persistenceId);
            }
        }

        none?.SetResult();
    }

    private sealed class Noted(WritesInFlight all, string persistenceId, IWriteCompletion end) : IWriteCompletion
    {
        public void Completed(Exception? failure)
        {
            all.Forget(persistenceId);
            end.Completed(failure);
        }

        public void TimedOut() => end.TimedOut();
    }
}

namespace ActorFlow.Runtime.Persistence.Writing;

/// <summary>How long a write held up others: from when it was begun, on its writer's thread, until it was committed there.</summary>
internal sealed class TimedWrite(TimeProvider time) : IWriteCompletion
{
    private readonly WriteTask _end = new();
    private long _begun;
    private TimeSpan _took;

    /// <summary>To be told when the write is begun; again, when it is begun again.</summary>
    public void Begin() => _begun = time.GetTimestamp();

    /// <summary>Completes when the write is durable.</summary>
    /// <returns>How long it took.</returns>
    /// <exception cref="StoreWriteException">It is not stored.</exception>
    public async Task<TimeSpan> EndAsync()
    {
        await _end.Task.ConfigureAwait(false);
        return _took;
    }

    public void Completed(Exception? failure)
    {
        _took = time.GetElapsedTime(_begun);
        _end.Completed(failure);
    }

    public void TimedOut()
    {
    }
}

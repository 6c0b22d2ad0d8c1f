namespace ActorFlow.Runtime.Persistence.Writing;

/// <summary>Who is told what became of a write. Called on the writer's thread, a timer's or the caller's: must be quick and must not throw.</summary>
internal interface IWriteCompletion
{
    /// <summary>The write has come to its end; told once.</summary>
    /// <param name="failure">Why it is not stored, an <see cref="OperationCanceledException"/> if it was withdrawn; null means that it is durable.</param>
    void Completed(Exception? failure);

    /// <summary>It was to be withdrawn, and was being written: its end comes late, and is still told, or just was.</summary>
    void TimedOut();
}

/// <summary>The end of a write as a task.</summary>
/// <remarks>Continuations must not run on the writer's thread: the next batch waits for it.</remarks>
internal sealed class WriteTask() : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), IWriteCompletion
{
    public void Completed(Exception? failure)
    {
        switch (failure)
        {
            case null:
                SetResult();
                break;
            case OperationCanceledException cancelled:
                SetCanceled(cancelled.CancellationToken);
                break;
            default:
                SetException(failure);
                break;
        }
    }

    /// <summary>Whoever waits for it goes on waiting.</summary>
    public void TimedOut()
    {
    }
}

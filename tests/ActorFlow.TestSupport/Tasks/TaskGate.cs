namespace ActorFlow.TestSupport.Tasks;

/// <summary>Holds the executions that it was made for, until it is opened.</summary>
internal sealed class TaskGate
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether it has been opened.</summary>
    public bool IsOpen => _opened.Task.IsCompleted;

    /// <summary>Opens the gate for good.</summary>
    public void Open() => _opened.TrySetResult();

    internal Task PassAsync(CancellationToken cancellationToken) => _opened.Task.WaitAsync(cancellationToken);
}

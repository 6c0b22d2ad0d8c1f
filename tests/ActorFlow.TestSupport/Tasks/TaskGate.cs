namespace ActorFlow.TestSupport.Tasks;

/// <summary>Holds the executions that it is for, until it is opened.</summary>
public sealed class TaskGate
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether it has been opened.</summary>
    public bool IsOpen => _opened.Task.IsCompleted;

    /// <summary>Lets everything pass, now and from now on.</summary>
    public void Open() => _opened.TrySetResult();

    internal Task PassAsync(CancellationToken cancellationToken) => _opened.Task.WaitAsync(cancellationToken);
}

using System.Diagnostics;

namespace ActorFlow.Runtime.Persistence;

/// <summary>A write on its way: waiting → writing → done, back to waiting while its batch is retried, or withdrawn.</summary>
internal sealed class PendingWrite<TWrite>(TWrite write, Deadline deadline)
{
    private const int Waiting = 0;
    private const int Writing = 1;
    private const int Withdrawn = 2;

    // Continuations must not run on the writer's thread: the next batch waits for it.
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _withdrawal;
    private int _state;

    public TWrite Write { get; } = write;

    public Deadline Deadline { get; } = deadline;

    public Task Task => _done.Task;

    /// <summary>What became of it alone, while its batch is written one by one.</summary>
    public Exception? Failure { get; set; }

    /// <summary>To be called before it is queued.</summary>
    public void WithdrawOn(CancellationToken cancellation) =>
        _withdrawal = cancellation.UnsafeRegister(static (self, token) => ((PendingWrite<TWrite>)self!).Withdraw(token), this);

    public bool TryBegin() => Interlocked.CompareExchange(ref _state, Writing, Waiting) == Waiting;

    /// <summary>Its transaction was rolled back: until the next try it may be withdrawn.</summary>
    public void Return() => Volatile.Write(ref _state, Waiting);

    public void Complete()
    {
        _withdrawal.Unregister();
        if (Failure is null)
        {
            _done.TrySetResult();
        }
        else
        {
            _done.TrySetException(Failure);
        }
    }

    public void Fail(Exception error)
    {
        Failure = error;
        Complete();
    }

    private void Withdraw(CancellationToken cancellation)
    {
        if (Interlocked.CompareExchange(ref _state, Withdrawn, Waiting) == Waiting)
        {
            _done.TrySetCanceled(cancellation);
        }
    }
}

/// <summary>A point in time, by the clock that never jumps.</summary>
internal readonly struct Deadline
{
    private readonly long _at;

    private Deadline(long at) => _at = at;

    public bool HasPassed => Stopwatch.GetTimestamp() >= _at;

    public static Deadline After(TimeSpan delay) =>
        new(Stopwatch.GetTimestamp() + (long)(delay.TotalSeconds * Stopwatch.Frequency));
}

using System.Diagnostics;

namespace ActorFlow.Runtime.Persistence.Writing;

/// <summary>A write on its way: waiting → writing → done, back to waiting while its batch is retried, or withdrawn.</summary>
internal sealed class PendingWrite<TWrite>(TWrite write, Deadline deadline, IWriteCompletion end)
{
    private const int Waiting = 0;
    private const int Writing = 1;
    private const int Over = 2;

    private CancellationTokenRegistration _withdrawal;
    private int _state;

    public TWrite Write { get; } = write;

    public Deadline Deadline { get; } = deadline;

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
        if (Interlocked.Exchange(ref _state, Over) != Over)
        {
            _withdrawal.Unregister();
            end.Completed(Failure);
        }
    }

    public void Fail(Exception error)
    {
        Failure = error;
        Complete();
    }

    private void Withdraw(CancellationToken cancellation)
    {
        switch (Interlocked.CompareExchange(ref _state, Over, Waiting))
        {
            case Waiting:
                end.Completed(new OperationCanceledException(cancellation));
                break;
            case Writing:
                end.TimedOut();
                break;
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

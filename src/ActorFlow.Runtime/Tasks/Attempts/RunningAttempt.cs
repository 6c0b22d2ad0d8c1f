using ActorFlow.Core.Tasks;
using ActorFlow.Runtime.Telemetry;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks.Attempts;

/// <summary>Why an attempt is asked to stop.</summary>
internal enum StopReason
{
    None,
    TimedOut,
    HeartbeatTimedOut,
    Withdrawn,
    GivenBack,
}

/// <summary>What a handler came to: an outcome, and what became of it is known.</summary>
internal sealed record HandlerEnd(HandlerEndKind Kind, TaskOutcome Outcome);

/// <summary>How a handler ended.</summary>
internal enum HandlerEndKind
{
    /// <summary>It returned.</summary>
    Returned,

    /// <summary>It said how it failed, or broke a limit.</summary>
    Failed,

    /// <summary>It threw something, which after a cancellation may be no failure at all.</summary>
    Threw,

    /// <summary>It stopped because it was asked to.</summary>
    Stopped,
}

/// <summary>
/// An attempt in this process, from its lease to the acknowledgement of its report. It outlives the actors that look after it;
/// its handler runs on the thread pool and leaves what it came to here.
/// </summary>
internal sealed class RunningAttempt(string queue, Assignment assignment, WorkerNode node) : IThreadPoolWorkItem
{
    private volatile HandlerEnd? _end;
    private volatile IActorRef _owner = ActorRefs.Nobody;
    private volatile Payload? _progress;
    private volatile bool _isBegun;
    private long _lastSign;

    public string Queue { get; } = queue;

    public Assignment Assignment { get; } = assignment;

    public CancellationTokenSource Cancellation { get; } = new();

    /// <summary>The run's actor, as known last.</summary>
    public IActorRef Workflow { get; set; } = assignment.Workflow;

    /// <summary>What the handler gets, secrets left out; null means that it is still with the run.</summary>
    public Payload? Input { get; set; } = assignment.Order.WithheldBytes > 0 ? null : assignment.Order.Input;

    /// <summary>Whether its handler was started.</summary>
    public bool IsBegun => _isBegun;

    /// <summary>When its time began.</summary>
    public TimeSpan Started { get; private set; }

    /// <summary>When it was last heard of.</summary>
    public TimeSpan LastSign => new(Volatile.Read(ref _lastSign));

    public Payload? Progress => _progress;

    /// <summary>The task actor that looks after it.</summary>
    public IActorRef Actor { get; set; } = ActorRefs.Nobody;

    public StopReason Reason { get; set; }

    /// <summary>When a handler that was asked to stop is abandoned.</summary>
    public TimeSpan GraceEnds { get; set; }

    /// <summary>What the handler came to; null means that it runs.</summary>
    public HandlerEnd? End => _end;

    /// <summary>How the attempt ended; null means that it has not. May be known before the handler has ended.</summary>
    public TaskOutcome? Outcome { get; set; }

    /// <summary>What measures it; null means that its handler was not called, or that nobody listens.</summary>
    public AttemptTelemetry? Telemetry { get; private set; }

    /// <summary>The report of its outcome, once it has one.</summary>
    public PendingReport? Report { get; set; }

    /// <summary>How long it may still be held before its handler is due to end.</summary>
    public TimeSpan RemainingAt(TimeSpan now)
    {
        if (!IsBegun)
        {
            return LargeInput.LongestRun(Assignment.Order);
        }

        var (timeout, elapsed) = (Assignment.Order.Timeout, now - Started);
        return timeout > elapsed ? timeout - elapsed : TimeSpan.Zero;
    }

    /// <summary>Runs the handler; the owner gets one <see cref="TaskActor.HandlerEnded"/>.</summary>
    public void Start(IActorRef owner)
    {
        _owner = owner;
        Started = node.Now;
        Volatile.Write(ref _lastSign, Started.Ticks);
        _isBegun = true;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Changes the owner; the end may be told to both, or have been told to the former.</summary>
    public void Adopt(IActorRef owner)
    {
        _owner = owner;
        Interlocked.MemoryBarrier();
        if (_end is not null)
        {
            owner.Tell(new TaskActor.HandlerEnded(this), ActorRefs.NoSender);
        }
    }

    public void Beat(Payload? progress)
    {
        _progress = progress ?? _progress;
        Volatile.Write(ref _lastSign, node.Now.Ticks);
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private async Task RunAsync()
    {
        // In this context, which is the handler's: its calls belong to the trace of the attempt.
        Telemetry = AttemptTelemetry.Begin(Assignment, node);
        var end = await new AttemptRun(this, node).ExecuteAsync().ConfigureAwait(false);
        Telemetry?.OnHandlerEnded();
        _end = end;
        Interlocked.MemoryBarrier();
        _owner.Tell(new TaskActor.HandlerEnded(this), ActorRefs.NoSender);
    }
}

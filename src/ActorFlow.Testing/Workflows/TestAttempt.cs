using ActorFlow.Core.Definitions;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks.Attempts;

namespace ActorFlow.Testing.Workflows;

/// <summary>One attempt, from its offer to its report.</summary>
internal sealed class TestAttempt(string workflowId, TaskOrder order, LeaseId lease, AttemptOutlet outlet, Action signal) : ITimerOwner
{
    private readonly Lock _gate = new();
    private int _timers;
    private DateTimeOffset _lastSign;
    private Payload? _progress;

    public string WorkflowId { get; } = workflowId;

    public TaskOrder Order { get; } = order;

    public LeaseId Lease { get; } = lease;

    public CancellationTokenSource Cancellation { get; } = new();

    /// <summary>The outlet of everything that its handler sends.</summary>
    public AttemptOutlet Outlet { get; } = outlet;

    /// <summary>The call of its handler; null means that it has not started.</summary>
    public HandlerCall? Call { get; private set; }

    /// <summary>The end of its handler; null means that it has not started.</summary>
    public Task<HandlerEnd>? Handler { get; set; }

    /// <summary>Whether its result is lost with its worker once its handler has ended.</summary>
    public bool IsToBeLost { get; set; }

    /// <summary>Whether no run waits for it any more.</summary>
    public bool IsGone { get; set; }

    /// <summary>Whether the host has stopped waiting for it: it may only continue with virtual time.</summary>
    public bool IsHung { get; set; }

    public StopReason Reason { get; private set; }

    public DateTimeOffset GraceEnds { get; private set; }

    public Payload? Progress
    {
        get
        {
            lock (_gate)
            {
                return _progress;
            }
        }
    }

    /// <summary>Whether it may end by itself without a move of virtual time.</summary>
    public bool IsWorking => Handler is { IsCompleted: false } && !IsHung && Volatile.Read(ref _timers) == 0;

    /// <summary>When one of its limits passes, unless it ends before.</summary>
    public DateTimeOffset DueAt
    {
        get
        {
            if (Reason != StopReason.None)
            {
                return GraceEnds;
            }

            var end = Call!.StartedAt + Order.Timeout;
            lock (_gate)
            {
                return Order.Heartbeat is { } heartbeat && _lastSign + heartbeat < end ? _lastSign + heartbeat : end;
            }
        }
    }

    public void Start(HandlerCall call)
    {
        Call = call;
        Beat(null, call.StartedAt);
    }

    public void Beat(Payload? progress, DateTimeOffset now)
    {
        progress = progress is null ? null : Outlet.Progress(progress);
        lock (_gate)
        {
            _progress = progress ?? _progress;
            _lastSign = now;
            if (Call is not null)
            {
                Call.Progress = _progress;
            }
        }
    }

    /// <summary>Cancels the handler.</summary>
    public void Stop(StopReason reason, DateTimeOffset graceEnds)
    {
        if (Reason != StopReason.None)
        {
            return;
        }

        (Reason, GraceEnds, IsHung) = (reason, graceEnds, false);
        try
        {
            Cancellation.Cancel();
        }
        catch (AggregateException)
        {
            // The run is not affected by callbacks that a handler added to its token.
        }
    }

    /// <summary>The outcome for the run once the handler has ended.</summary>
    public TaskOutcome OutcomeOf(HandlerEnd end) =>
        IsToBeLost ? TaskOutcome.Lost.Instance : Reason is StopReason.TimedOut or StopReason.HeartbeatTimedOut ? Overdue() : end.Outcome;

    /// <summary>The outcome for the run if the handler has not ended within the grace.</summary>
    public TaskOutcome Abandoned() => Reason == StopReason.Withdrawn ? TaskOutcome.Abandoned.Instance : Overdue();

    void ITimerOwner.TimersChanged(int change)
    {
        Interlocked.Add(ref _timers, change);
        signal();
    }

    private TaskOutcome.Failed Overdue() => Reason == StopReason.TimedOut
        ? new(ErrorTypes.TimedOut, $"The attempt ran for longer than {Duration.Format(Order.Timeout)}.", Retryable: true, Progress)
        : new(ErrorTypes.HeartbeatTimedOut, $"The handler was silent for longer than {Duration.Format(Order.Heartbeat.GetValueOrDefault())}.", Retryable: true, Progress);
}

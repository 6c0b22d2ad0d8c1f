using ActorFlow.Core.Definitions;
using ActorFlow.Core.Tasks;
using Akka.Actor;

namespace ActorFlow.Runtime.Tasks.Attempts;

/// <summary>
/// Looks after one attempt at a time: starts its handler on the thread pool, keeps its timeout, heartbeat and grace, and says how
/// it ended. Lives as long as its host, and takes attempt after attempt.
/// </summary>
internal sealed class TaskActor : UntypedActor
{
    private const double LongestWait = 24 * 3600 * 1000.0;

    private readonly WorkerNode _node;
    private readonly IActorRef _workflows;
    private readonly ITimer _timer;
    private readonly ActorClock _clock;
    private RunningAttempt? _attempt;
    private InputFetch? _fetch;
    private TimeSpan _timerDue = TimeSpan.MaxValue;

    public TaskActor(WorkerNode node, IActorRef workflows)
    {
        _node = node;
        _workflows = workflows;
        _clock = new(node.Time, Context);
        _timer = _clock.Create(Check.Instance);
    }

    protected override void PostStop() => _clock.Dispose();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Begin begin:
                _attempt = begin.Attempt;
                Start(_attempt);
                break;
            case AttemptInput answer when _attempt is not null && _fetch is not null && _fetch.IsAnsweredBy(answer):
                HandleInput(_attempt, answer.Input);
                break;
            case HandlerEnded ended when ReferenceEquals(ended.Attempt, _attempt):
                Finish(_attempt, ended.Attempt.End!);
                break;
            case Stop stop when ReferenceEquals(stop.Attempt, _attempt):
                if (_attempt.IsBegun)
                {
                    Cancel(_attempt, stop.Reason);
                    CheckTimes(_attempt);
                }
                else
                {
                    GiveBack(_attempt);
                }

                break;
            case Check:
                _timerDue = TimeSpan.MaxValue;
                if (_attempt is not null)
                {
                    CheckTimes(_attempt);
                }

                break;
            case Adopt adopt:
                _attempt = adopt.Attempt;
                if (_attempt.IsBegun)
                {
                    _attempt.Adopt(Self);
                    CheckTimes(_attempt);
                }
                else
                {
                    Start(_attempt);
                }

                break;
        }
    }

    private void Start(RunningAttempt attempt)
    {
        if (attempt.Outcome is not null)
        {
            // Given back, and the former host did not come to hear of it.
            GiveBack(attempt);
        }
        else if (attempt.Input is null)
        {
            var now = _clock.Now;
            _fetch = new(attempt, _workflows, Self, now);
            _fetch.Send(now);
            CheckFetch(attempt, now);
        }
        else
        {
            attempt.Start(Self);
            CheckTimes(attempt);
        }
    }

    private void CheckFetch(RunningAttempt attempt, TimeSpan now)
    {
        if (_fetch!.IsOver(now))
        {
            GiveBack(attempt);
        }
        else
        {
            CheckAgainIn(_fetch.Repeat(now), now);
        }
    }

    /// <summary>The run has answered.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="input">What it starts with; null means that it must not start.</param>
    private void HandleInput(RunningAttempt attempt, Payload? input)
    {
        _fetch = null;
        if (input is null)
        {
            GiveBack(attempt);
            return;
        }

        attempt.Input = input;
        Start(attempt);
    }

    /// <summary>The handler never started: whatever the reason, nothing has happened, and the run may offer the attempt again.</summary>
    private void GiveBack(RunningAttempt attempt)
    {
        (_attempt, _fetch) = (null, null);
        attempt.Outcome = TaskOutcome.Released.Instance;
        Context.Parent.Tell(new AttemptEnded(attempt, HandlerRuns: false), Self);
    }

    /// <summary>Does what is due, and sees to it that it checks again in time.</summary>
    private void CheckTimes(RunningAttempt attempt)
    {
        var order = attempt.Assignment.Order;
        var now = _clock.Now;
        if (!attempt.IsBegun)
        {
            CheckFetch(attempt, now);
            return;
        }

        if (attempt.Reason == StopReason.None)
        {
            if (now - attempt.Started >= order.Timeout)
            {
                Cancel(attempt, StopReason.TimedOut);
            }
            else if (order.Heartbeat is { } heartbeat && now - attempt.LastSign >= heartbeat)
            {
                Cancel(attempt, StopReason.HeartbeatTimedOut);
            }
            else
            {
                var silence = order.Heartbeat is { } silent ? attempt.LastSign - now + silent : TimeSpan.MaxValue;
                var rest = order.Timeout - (now - attempt.Started);
                CheckAgainIn(silence < rest ? silence : rest, now);
                return;
            }
        }

        if (attempt.Outcome is null)
        {
            if (now >= attempt.GraceEnds)
            {
                Abandon(attempt);
            }
            else
            {
                CheckAgainIn(attempt.GraceEnds - now, now);
            }
        }
    }

    /// <summary>
    /// A timer that is set and fires early does no harm, one per attempt would: it is only ever brought forward.
    /// </summary>
    private void CheckAgainIn(TimeSpan wait, TimeSpan now)
    {
        wait = TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(wait.TotalMilliseconds), LongestWait));
        if (now + wait < _timerDue)
        {
            _timerDue = now + wait;
            _timer.Change(wait, Timeout.InfiniteTimeSpan);
        }
    }

    private void Cancel(RunningAttempt attempt, StopReason reason)
    {
        if (attempt.Reason != StopReason.None)
        {
            return;
        }

        attempt.Reason = reason;
        attempt.GraceEnds = _clock.Now + _node.Options.Grace;

        // What a handler hooked up to its token runs on the thread pool too.
        _ = attempt.Cancellation.CancelAsync();
    }

    /// <summary>The handler did not stop in time. It keeps its slot, and this actor, until it does.</summary>
    private void Abandon(RunningAttempt attempt)
    {
        attempt.Outcome = attempt.Reason switch
        {
            StopReason.Withdrawn => TaskOutcome.Abandoned.Instance,
            StopReason.GivenBack => TaskOutcome.Released.Instance,
            _ => Overdue(attempt),
        };
        Context.Parent.Tell(new AttemptEnded(attempt, HandlerRuns: true), Context.Self);
    }

    private void Finish(RunningAttempt attempt, HandlerEnd end)
    {
        _attempt = null;
        attempt.Outcome ??= OutcomeOf(attempt, end);
        Context.Parent.Tell(new AttemptEnded(attempt, HandlerRuns: false), Self);
    }

    /// <summary>
    /// Past its time an attempt has failed, whatever its handler came to. Otherwise a handler that got its work done has done it,
    /// even if it was asked to stop.
    /// </summary>
    private TaskOutcome OutcomeOf(RunningAttempt attempt, HandlerEnd end) =>
        (attempt.Reason, end.Kind) switch
        {
            (StopReason.TimedOut or StopReason.HeartbeatTimedOut, _) => Overdue(attempt),
            (StopReason.GivenBack, HandlerEndKind.Stopped or HandlerEndKind.Threw) => TaskOutcome.Released.Instance,
            _ => end.Outcome,
        };

    private TaskOutcome.Failed Overdue(RunningAttempt attempt)
    {
        var order = attempt.Assignment.Order;
        var (type, message) = attempt.Reason == StopReason.TimedOut
            ? (ErrorTypes.TimedOut, $"The attempt ran for longer than {Duration.Format(order.Timeout)}.")
            : (ErrorTypes.HeartbeatTimedOut, $"The handler was silent for longer than {Duration.Format(order.Heartbeat.GetValueOrDefault())}.");
        AttemptFailureLog.Overdue(attempt, _node, message);
        return new(type, message, Retryable: true, attempt.Progress);
    }

    /// <summary>Run this attempt.</summary>
    internal sealed record Begin(RunningAttempt Attempt) : INoSerializationVerificationNeeded;

    /// <summary>Look after this attempt from now on; its handler may run already.</summary>
    internal sealed record Adopt(RunningAttempt Attempt) : INoSerializationVerificationNeeded;

    /// <summary>Ask the handler to stop.</summary>
    internal sealed record Stop(RunningAttempt Attempt, StopReason Reason) : INoSerializationVerificationNeeded;

    /// <summary>The handler has ended.</summary>
    internal sealed record HandlerEnded(RunningAttempt Attempt) : INoSerializationVerificationNeeded;

    /// <summary>The attempt has an outcome. One that was abandoned gets a second message when its handler has ended after all.</summary>
    internal sealed record AttemptEnded(RunningAttempt Attempt, bool HandlerRuns) : INoSerializationVerificationNeeded;

    private sealed class Check : INoSerializationVerificationNeeded
    {
        public static readonly Check Instance = new();
    }
}

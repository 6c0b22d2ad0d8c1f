using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks.Attempts;

namespace ActorFlow.Testing.Workflows;

/// <summary>Offers attempts, runs them on a worker with any number of slots, and reports their ends.</summary>
internal sealed partial class TestNode
{
    private readonly List<TestAttempt> _attempts = [];
    private readonly Dictionary<(string WorkflowId, TaskExecutionId Execution), TestAttempt> _byExecution = [];
    private readonly Queue<TestAttempt> _offered = new();
    private readonly List<TestAttempt> _unserved = [];
    private long _leases;

    /// <summary>Every call of a handler, in the order of their starts.</summary>
    public List<HandlerCall> Calls { get; } = [];

    /// <summary>Attempts that no worker can take, because none has their handler.</summary>
    public IEnumerable<TestAttempt> Unserved => _unserved.Where(attempt => !attempt.IsGone);

    /// <summary>Attempts whose handlers run.</summary>
    public IEnumerable<TestAttempt> Running => _attempts;

    /// <summary>Adds handlers to the workers.</summary>
    public void Serve(HandlerSet more)
    {
        Handlers.Add(more);
        foreach (var attempt in _unserved.Where(attempt => Handlers.Offers(attempt.Order.Handler)).ToList())
        {
            _unserved.Remove(attempt);
            _offered.Enqueue(attempt);
        }
    }

    private void Offer(LiveRun run, TaskOrder order)
    {
        var key = (run.Id, order.Attempt.Execution);
        if (_byExecution.TryGetValue(key, out var known))
        {
            if (known.Order.Attempt == order.Attempt)
            {
                return;
            }

            LetGo(known);
        }

        var attempt = new TestAttempt(run.Id, order, new(1, ++_leases), Handlers.Outlet, Signal);
        _byExecution[key] = attempt;
        _offered.Enqueue(attempt);
    }

    private void Withdraw(LiveRun run, AttemptId id)
    {
        if (_byExecution.TryGetValue((run.Id, id.Execution), out var attempt) && attempt.Order.Attempt == id && attempt.Call is not null)
        {
            Quietly(() => attempt.Stop(StopReason.Withdrawn, Now + _setup.Grace));
            return;
        }

        // It has not started, or the node no longer knows it.
        Forget(run.Id, id.Execution);
        Send(new Mail.ToRun(new WorkflowCommand.Report(run.Id, id, LeaseId.None, TaskOutcome.Cancelled.Instance)));
    }

    private void Forget(string workflowId, TaskExecutionId execution)
    {
        if (_byExecution.TryGetValue((workflowId, execution), out var attempt))
        {
            LetGo(attempt);
        }
    }

    /// <summary>Lets go of an attempt that no run waits for: its handler is cancelled, and its end ignored.</summary>
    private void LetGo(TestAttempt attempt)
    {
        if (attempt.Call is { End: CallEnd.Running } call)
        {
            Quietly(() => attempt.Stop(StopReason.Withdrawn, Now));
            call.Finish(attempt.Handler is { IsCompleted: true } ? CallEnd.Cancelled : CallEnd.Abandoned, Now);
        }

        Remove(attempt);
    }

    private void Remove(TestAttempt attempt)
    {
        attempt.IsGone = true;
        _attempts.Remove(attempt);
        _unserved.Remove(attempt);
        var key = (attempt.WorkflowId, attempt.Order.Attempt.Execution);
        if (_byExecution.GetValueOrDefault(key) == attempt)
        {
            _byExecution.Remove(key);
        }
    }

    private TestAttempt? TakeOffer()
    {
        while (_offered.TryDequeue(out var attempt))
        {
            if (attempt.IsGone)
            {
                continue;
            }

            if (Handlers.Offers(attempt.Order.Handler))
            {
                return attempt;
            }

            _unserved.Add(attempt);
        }

        return null;
    }

    private void Begin(TestAttempt attempt)
    {
        var order = attempt.Order;
        var failure = TakeFailure(order.Handler);
        attempt.IsToBeLost = failure is null && TakeLoss(order.Handler);
        var call = new HandlerCall
        {
            Order = Calls.Count + 1,
            Handler = order.Handler,
            WorkflowId = attempt.WorkflowId,
            Task = order.Path,
            Attempt = order.Attempt.Number,
            IdempotencyKey = order.IdempotencyKey,
            Input = order.Input,
            StartedAt = Now,
            WasMadeToFail = failure is not null,
        };
        Calls.Add(call);
        _attempts.Add(attempt);
        attempt.Start(call);
        Quietly(() =>
        {
            VirtualClock.Owner.Value = attempt;
            attempt.Handler = new HandlerRun(attempt, Handlers, Clock, failure).ExecuteAsync();
            if (!attempt.Handler.IsCompleted)
            {
                attempt.Handler.GetAwaiter().OnCompleted(Signal);
            }
        });
    }

    /// <summary>Reports the end of a handler to its run.</summary>
    private void Report(TestAttempt attempt)
    {
        var end = attempt.Handler!.Result;
        Report(attempt, attempt.OutcomeOf(end), end.Outcome is TaskOutcome.Cancelled ? CallEnd.Cancelled : CallEnd.Failed);
    }

    private void Report(TestAttempt attempt, TaskOutcome outcome, CallEnd otherwise)
    {
        var (end, output, error) = outcome switch
        {
            TaskOutcome.Succeeded success => (CallEnd.Returned, success.Output, null),
            TaskOutcome.Failed failed when attempt.Reason is StopReason.TimedOut or StopReason.HeartbeatTimedOut => (CallEnd.TimedOut, null, failed.Type),
            TaskOutcome.Failed failed => (CallEnd.Failed, null, failed.Type),
            TaskOutcome.Lost => (CallEnd.Lost, null, null),
            _ => (otherwise, (Core.Payloads.Payload?)null, (string?)null),
        };
        attempt.Call!.Finish(end, Now, output, error);
        Remove(attempt);
        Send(new Mail.ToRun(new WorkflowCommand.Report(attempt.WorkflowId, attempt.Order.Attempt, attempt.Lease, outcome)));
    }

    /// <summary>
    /// Waits, in real time, for handlers that wait for something else than virtual time; for all of them, so that their ends are taken in
    /// the order of their starts and not at random.
    /// </summary>
    private async Task WaitForHandlersAsync()
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (_mail.IsEmpty && _attempts.Any(attempt => attempt.IsWorking))
        {
            var left = _setup.Patience - TimeProvider.System.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero || !await _changed.WaitAsync(left).ConfigureAwait(false))
            {
                foreach (var attempt in _attempts.Where(attempt => attempt.IsWorking))
                {
                    attempt.IsHung = true;
                }

                return;
            }
        }
    }

    /// <summary>
    /// Runs an action that may run code of a handler, without the caller's synchronization context, so that continuations run at once, on this
    /// thread.
    /// </summary>
    private static void Quietly(Action action)
    {
        var context = SynchronizationContext.Current;
        var owner = VirtualClock.Owner.Value;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            action();
        }
        finally
        {
            VirtualClock.Owner.Value = owner;
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}

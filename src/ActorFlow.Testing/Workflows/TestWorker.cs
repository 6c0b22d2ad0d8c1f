using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks.Attempts;

namespace ActorFlow.Testing.Workflows;

/// <summary>The worker of a test node, with room for any number of attempts: it takes offers, runs handlers and reports their ends.</summary>
/// <param name="setup">The limits of the test.</param>
/// <param name="handlers">The handlers that it offers.</param>
/// <param name="clock">The virtual time.</param>
/// <param name="faults">The failures and losses that the test plans.</param>
/// <param name="send">Sends mail to the node.</param>
/// <param name="changed">Is released whenever a handler ends or mail arrives.</param>
/// <param name="signal">Releases it.</param>
internal sealed class TestWorker(
    WorkflowTestSetup setup, HandlerCatalog handlers, VirtualClock clock, PlannedFaults faults, Action<Mail> send, SemaphoreSlim changed, Action signal)
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

    /// <summary>Whether a handler works that virtual time does not hold up.</summary>
    public bool IsWorking => _attempts.Any(attempt => attempt.IsWorking);

    /// <summary>The first attempt whose handler has ended; null means that there is none.</summary>
    public TestAttempt? Ended => _attempts.Find(attempt => attempt.Handler is { IsCompleted: true });

    /// <summary>When an attempt falls due next; null means that none does.</summary>
    public DateTimeOffset? NextDue => _attempts.Count == 0 ? null : _attempts.Min(attempt => attempt.DueAt);

    private DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Lets go of all attempts of a run that has ended.</summary>
    public void LetGoOf(string workflowId)
    {
        foreach (var attempt in _attempts.Where(attempt => attempt.WorkflowId == workflowId).ToList())
        {
            LetGo(attempt);
        }
    }

    /// <summary>Stops the attempts that are overdue, and abandons those that did not stop.</summary>
    /// <returns>Whether there were any.</returns>
    public bool StopOverdue()
    {
        var overdue = _attempts.Where(attempt => attempt.DueAt <= Now).ToList();
        foreach (var attempt in overdue)
        {
            Overdue(attempt);
        }

        return overdue.Count > 0;
    }

    /// <summary>Loses all attempts that run.</summary>
    /// <returns>The lost attempts.</returns>
    public IReadOnlyList<TestAttempt> LoseAll()
    {
        var lost = _attempts.ToList();
        foreach (var attempt in lost)
        {
            Lose(attempt);
        }

        return lost;
    }

    /// <summary>Forgets everything: the process has crashed.</summary>
    public void Crash()
    {
        LoseAll();
        _byExecution.Clear();
        _offered.Clear();
        _unserved.Clear();
    }

    /// <summary>Adds handlers to the workers.</summary>
    public void Serve(HandlerSet more)
    {
        handlers.Add(more);
        foreach (var attempt in _unserved.Where(attempt => handlers.Offers(attempt.Order.Handler)).ToList())
        {
            _unserved.Remove(attempt);
            _offered.Enqueue(attempt);
        }
    }

    public void Offer(string workflowId, TaskOrder order)
    {
        var key = (workflowId, order.Attempt.Execution);
        if (_byExecution.TryGetValue(key, out var known))
        {
            if (known.Order.Attempt == order.Attempt)
            {
                return;
            }

            LetGo(known);
        }

        var attempt = new TestAttempt(workflowId, order, new(1, ++_leases), handlers.Outlet, signal);
        _byExecution[key] = attempt;
        _offered.Enqueue(attempt);
    }

    public void Withdraw(string workflowId, AttemptId id)
    {
        if (_byExecution.TryGetValue((workflowId, id.Execution), out var attempt) && attempt.Order.Attempt == id && attempt.Call is not null)
        {
            Quietly(() => attempt.Stop(StopReason.Withdrawn, Now + setup.Grace));
            return;
        }

        // It has not started, or the node no longer knows it.
        Forget(workflowId, id.Execution);
        send(new Mail.ToRun(new WorkflowCommand.Report(workflowId, id, LeaseId.None, TaskOutcome.Cancelled.Instance)));
    }

    public void Forget(string workflowId, TaskExecutionId execution)
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

    public TestAttempt? TakeOffer()
    {
        while (_offered.TryDequeue(out var attempt))
        {
            if (attempt.IsGone)
            {
                continue;
            }

            if (handlers.Offers(attempt.Order.Handler))
            {
                return attempt;
            }

            _unserved.Add(attempt);
        }

        return null;
    }

    public void Begin(TestAttempt attempt)
    {
        var order = attempt.Order;
        var failure = faults.TakeFailure(order.Handler);
        attempt.IsToBeLost = failure is null && faults.TakeLoss(order.Handler);
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
            attempt.Handler = new HandlerRun(attempt, handlers, clock, failure).ExecuteAsync();
            if (!attempt.Handler.IsCompleted)
            {
                attempt.Handler.GetAwaiter().OnCompleted(signal);
            }
        });
    }

    /// <summary>Reports the end of a handler to its run.</summary>
    public void Report(TestAttempt attempt)
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
            _ => (otherwise, (Payload?)null, (string?)null),
        };
        attempt.Call!.Finish(end, Now, output, error);
        Remove(attempt);
        send(new Mail.ToRun(new WorkflowCommand.Report(attempt.WorkflowId, attempt.Order.Attempt, attempt.Lease, outcome)));
    }

    /// <summary>
    /// Waits, in real time, for handlers that wait for something else than virtual time; for all of them, so that their ends are taken in
    /// the order of their starts and not at random.
    /// </summary>
    public async Task WaitForHandlersAsync(Func<bool> isInterrupted)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!isInterrupted() && _attempts.Any(attempt => attempt.IsWorking))
        {
            var left = setup.Patience - TimeProvider.System.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero || !await changed.WaitAsync(left).ConfigureAwait(false))
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
    public static void Quietly(Action action)
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

    private void Overdue(TestAttempt attempt)
    {
        if (attempt.Reason != StopReason.None)
        {
            Report(attempt, attempt.Abandoned(), CallEnd.Abandoned);
            return;
        }

        var reason = Now >= attempt.Call!.StartedAt + attempt.Order.Timeout ? StopReason.TimedOut : StopReason.HeartbeatTimedOut;
        Quietly(() => attempt.Stop(reason, Now + setup.Grace));
    }

    /// <summary>Loses an attempt with its worker: it never continues.</summary>
    private void Lose(TestAttempt attempt)
    {
        attempt.Call?.Finish(CallEnd.Lost, Now);
        clock.Drop(attempt);
        Remove(attempt);
    }
}

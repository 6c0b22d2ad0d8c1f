
namespace ActorFlow.Core.Tests.Workflows.Properties.Reference;

/// <summary>What falls due: timeouts of scopes, deadlines, ends of waits.</summary>
internal sealed partial class ReferenceRun
{
    private const int BeforeAllScopes = -1;

    private enum TimerKind
    {
        Timeout,
        Deadline,
        Wait,
        Delay,
        BodyTimeout,
    }

    private sealed record Timer(DateTimeOffset At, TimerKind Kind, int Scope, int Task, int Element, Action Ring);

    private bool LetTimePass()
    {
        var due = Timers()
            .Where(timer => timer.At <= _now)
            .MinBy(timer => (timer.At, timer.Kind, timer.Scope, timer.Task, timer.Element));
        due?.Ring();
        return due is not null;
    }

    private IEnumerable<Timer> Timers()
    {
        foreach (var scope in _scopes.Where(scope => scope is { IsStopped: false, TimeoutAt: not null }))
        {
            yield return new(scope.TimeoutAt!.Value, TimerKind.Timeout, scope.Number, 0, 0, () => TimeOut(scope));
        }

        foreach (var execution in LiveExecutions())
        {
            var (scope, task, element) = (execution.Task.Scope.Number, execution.Task.Index, execution.Element);
            if (execution.Phase == TaskExecutionPhase.Delaying)
            {
                yield return new(execution.WakesAt, TimerKind.Delay, scope, task, element, () => Complete(execution, Payload.Null));
            }
            else if (execution.Phase == TaskExecutionPhase.Pausing)
            {
                yield return new(execution.WakesAt, TimerKind.Wait, scope, task, element, () => execution.Phase = TaskExecutionPhase.Ready);
            }
            else if (execution.TimeoutAt is { } at)
            {
                yield return new(at, TimerKind.BodyTimeout, scope, task, element, () => WaitTimedOut(execution));
            }
        }

        foreach (var work in LiveWork())
        {
            var (scope, task, element) = work.Execution is { } execution ? (execution.Task.Scope.Number, execution.Task.Index, execution.Element) : (BeforeAllScopes, 0, 0);
            if (work.RetryAt is { } retryAt)
            {
                yield return new(retryAt, TimerKind.Wait, scope, task, element, () => work.RetryAt = null);
            }

            // A deadline means nothing any more to an attempt that is being withdrawn.
            if (work is { DeadlineAt: { } deadline, Running: null or { IsWithdrawn: false } })
            {
                yield return new(deadline, TimerKind.Deadline, scope, task, element, () => DeadlinePassed(work));
            }
        }
    }

    private IEnumerable<Execution> LiveExecutions() => _scopes.SelectMany(scope => scope.Tasks).SelectMany(task => task.Executions).Where(execution => !execution.IsSettled);

    private IEnumerable<Work> LiveWork() => LiveExecutions().Select(execution => execution.Work).Append(_undoing).OfType<Work>();

    private void TimeOut(Scope scope) => Stop(scope, new(ErrorTypes.TimedOut, string.Empty, scope.Owner?.Path ?? string.Empty), "timed out");

    /// <summary>Rule 16. What runs is withdrawn first: it may still succeed.</summary>
    private void DeadlinePassed(Work work)
    {
        work.DeadlineAt = null;
        var problem = new Problem(ErrorTypes.DeadlineExceeded, string.Empty, work.Path);
        if (work.Running is { } running)
        {
            work.Doom = problem;
            Withdraw(running);
        }
        else
        {
            Fail(work, problem);
        }
    }
}

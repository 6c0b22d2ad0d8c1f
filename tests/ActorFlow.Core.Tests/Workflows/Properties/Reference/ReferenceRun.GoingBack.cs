
namespace ActorFlow.Core.Tests.Workflows.Properties.Reference;

/// <summary>
/// How a run goes on where it stood before: it is played again up to there, which gives a run that never went on past it. Timeouts
/// and deadlines are put off by the time gone since, delays keep their moment.
/// </summary>
internal sealed partial class ReferenceRun
{
    private bool _isReplay;

    private ReferenceRun Replay(Named to)
    {
        var past = Begin(Case);
        past._isReplay = true;
        while (past._steps < to.Steps && past.Step())
        {
        }

        past._namesDue.Clear();
        return past;
    }

    private void TakeBack(Named to)
    {
        var past = Replay(to);
        OpenAgain();
        _scopes.Clear();
        _scopes.AddRange(past._scopes);
        _undos.Clear();
        past._undos.Reverse().ToList().ForEach(_undos.Push);

        // Signals that came since, and that nobody has consumed, are still there.
        var since = _signals.Where(signal => signal.Number >= past._received).ToList();
        _signals.Clear();
        _signals.AddRange([.. past._signals, .. since]);
        (_scopesOpened, _signalsAwaited, _reason) = (past._scopesOpened, past._signalsAwaited, past._reason);
        _story.Failures.Clear();
        _story.Failures.AddRange(past._story.Failures);
        PutOff(_now - to.At);
        BeginChildrenAgain();
        BeginAttemptsAgain();
        AskAgain();
    }

    private void PutOff(TimeSpan by)
    {
        _scopes.ForEach(scope => scope.TimeoutAt += by);
        LiveExecutions().ToList().ForEach(execution => execution.TimeoutAt += by);
        LiveWork().ToList().ForEach(work => work.DeadlineAt += by);
    }

    private IEnumerable<Execution> InOrder(Func<Execution, bool> which) =>
        LiveExecutions().Where(which).OrderBy(execution => (execution.Task.Scope.Number, execution.Task.Index, execution.Element)).ToList();

    /// <summary>Those under way belong to what was. One that was being cancelled is not begun again.</summary>
    private void BeginChildrenAgain()
    {
        var waiting = InOrder(execution => execution.Phase == TaskExecutionPhase.AwaitingChild).Select(execution => (Execution: execution, IsWithdrawn: execution.Child!.Running is { IsTold: true })).ToList();
        waiting.Where(wait => !wait.IsWithdrawn).ToList().ForEach(wait => wait.Execution.Child!.Running = null);
        foreach (var (execution, isWithdrawn) in waiting.Where(wait => !wait.Execution.IsSettled))
        {
            if (isWithdrawn)
            {
                EndWithdrawn(execution, execution.Child!);
            }
            else
            {
                (execution.Phase, execution.Child, execution.TimeoutAt) = (TaskExecutionPhase.Ready, null, null);
                execution.Task.Attempts--;
            }
        }
    }

    private void EndWithdrawn(Execution execution, Child child)
    {
        if (child.IsLate)
        {
            Fail(execution, new(ErrorTypes.TimedOut, string.Empty, execution.Path), child.Start);
        }
        else
        {
            execution.Child = null;
            Settle(execution, TaskExecutionPhase.Cancelled);
        }
    }

    /// <summary>The same attempts as at the checkpoint, from their beginning. One that was being taken back no worker ever begins.</summary>
    private void BeginAttemptsAgain()
    {
        _handlers.Clear();
        _workOf.Clear();
        foreach (var work in InOrder(execution => execution.Work is { Running: not null }).Select(execution => execution.Work!))
        {
            var wasWithdrawn = work.Running!.IsWithdrawn;
            var running = work.Running = new(Case.World, work.Path, work.Attempt, work.Input!, work.Settings.Timeout, _now, _attemptsStarted++);
            _handlers.Add(running);
            _workOf.Add(running, work);
            if (wasWithdrawn)
            {
                running.Withdraw(_now);
            }
            else
            {
                _story.Attempts.Add(new(_now, work.Path, work.Attempt, work.Handler, work.Input!));
            }
        }
    }

    private void AskAgain() => LiveExecutions().Where(execution => execution.Phase == TaskExecutionPhase.AwaitingAnswer).ToList().ForEach(AwaitAnswers);

    private string Fork(Named from, SteeringAct.Fork fork)
    {
        if (from.IsCompensating)
        {
            return "compensated";
        }

        if (!_isReplay)
        {
            var forked = Replay(from);
            forked.BecomeFork(from, fork, _now);
            while (forked.Step())
            {
            }

            _story.Forks.Add(forked._story);
        }

        return "done";
    }

    /// <summary>A run of its own: what was done before is not its to undo, and commands of before were not sent to it.</summary>
    private void BecomeFork(Named from, SteeringAct.Fork fork, DateTimeOffset now)
    {
        var failures = _story.Failures;
        _story = new();
        _story.Failures.AddRange(failures);
        (Case, _now, _lastProgress, _paused, _isReplay, _actsDone) = (Case.Forked(fork.Input), now, now, false, false, 0);
        _agenda.Clear();
        _commands.Clear();
        _undos.Clear();
        PutOff(now - from.At);
        BeginChildrenAgain();
        BeginWorkAgain();
        AskAgain();
    }

    /// <summary>Attempts under way, or to come, begin again under the same number, with what this run's own input makes of them.</summary>
    private void BeginWorkAgain()
    {
        _handlers.Clear();
        _workOf.Clear();
        foreach (var execution in InOrder(execution => execution.Work is not null).Where(execution => !execution.IsSettled))
        {
            var work = execution.Work!;
            if (work.Running is { IsWithdrawn: true })
            {
                work.Running = null;
                Cancelled(work);
                continue;
            }

            work.Input = null;
            if (work.Running is not null)
            {
                work.Running = null;
                execution.Started = --work.Attempt;
                execution.Task.Attempts--;
            }
        }
    }
}

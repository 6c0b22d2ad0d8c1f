using ActorFlow.Core.Tasks;

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
        LiveBodies().ToList().ForEach(body => body.TimeoutAt += by);
        LiveWork().ToList().ForEach(work => work.DeadlineAt += by);
    }

    private IEnumerable<Body> InOrder(Func<Body, bool> which) =>
        LiveBodies().Where(which).OrderBy(body => (body.Task.Scope.Number, body.Task.Index, body.Element)).ToList();

    /// <summary>Those under way belong to what was. One that was being cancelled is not begun again.</summary>
    private void BeginChildrenAgain()
    {
        var waiting = InOrder(body => body.Phase == BodyPhase.AwaitingChild).Select(body => (Body: body, IsWithdrawn: body.Child!.Running is { IsTold: true })).ToList();
        waiting.Where(wait => !wait.IsWithdrawn).ToList().ForEach(wait => wait.Body.Child!.Running = null);
        foreach (var (body, isWithdrawn) in waiting.Where(wait => !wait.Body.IsSettled))
        {
            if (isWithdrawn)
            {
                EndWithdrawn(body, body.Child!);
            }
            else
            {
                (body.Phase, body.Child, body.TimeoutAt) = (BodyPhase.Ready, null, null);
                body.Task.Attempts--;
            }
        }
    }

    private void EndWithdrawn(Body body, Child child)
    {
        if (child.IsLate)
        {
            Fail(body, new(ErrorTypes.TimedOut, string.Empty, body.Path), child.Start);
        }
        else
        {
            body.Child = null;
            Settle(body, BodyPhase.Cancelled);
        }
    }

    /// <summary>The same attempts as at the checkpoint, from their beginning. One that was being taken back no worker ever begins.</summary>
    private void BeginAttemptsAgain()
    {
        _handlers.Clear();
        _workOf.Clear();
        foreach (var work in InOrder(body => body.Work is { Running: not null }).Select(body => body.Work!))
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

    private void AskAgain() => LiveBodies().Where(body => body.Phase == BodyPhase.AwaitingAnswer).ToList().ForEach(AwaitAnswers);

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
        foreach (var body in InOrder(body => body.Work is not null).Where(body => !body.IsSettled))
        {
            var work = body.Work!;
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
                body.Started = --work.Attempt;
                body.Task.Attempts--;
            }
        }
    }
}

using ActorFlow.Core.Definitions;
using ActorFlow.Core.Expressions;
using ActorFlow.Core.Tasks;

namespace ActorFlow.Core.Tests.Workflows.Properties.Reference;

/// <summary>Handlers: when an attempt may run, and what becomes of it (rules 15 to 18 and 34).</summary>
internal sealed partial class ReferenceRun
{
    private bool OfferAnAttempt()
    {
        if (_handlers.Count >= (Definition.MaxParallel ?? int.MaxValue))
        {
            return false;
        }

        var next = LiveExecutions()
            .Where(execution => execution.Task.IsUses && MayStart(execution))
            .MinBy(execution => (-SettingsOf(execution).Priority, FileOrder(execution), execution.Task.Scope.Number, execution.Element));
        if (next is not null)
        {
            Offer(next);
        }

        return next is not null;
    }

    private static bool MayStart(Execution execution) => execution.Phase switch
    {
        TaskExecutionPhase.Ready => HasTurn(execution),
        TaskExecutionPhase.Working => execution.Work is { Running: null, RetryAt: null },
        _ => false,
    };

    private HandlerSettings SettingsOf(Execution execution) => new(execution.Task.Definition, Definition.Defaults);

    private void Offer(Execution execution)
    {
        execution.HasBegun = true;
        if (execution.Phase == TaskExecutionPhase.Ready || execution.Work!.Input is null)
        {
            var uses = (TaskKind.Uses)execution.Task.Definition.Kind;
            try
            {
                var input = Value(uses.With, new ReferenceView(this, execution.Task.Scope, execution), $"{execution.Task.Definition.Id}.with");
                execution.Work ??= new(execution.Path, uses.Handler, SettingsOf(execution), input) { Execution = execution, Attempt = execution.Started, Before = execution.StartedBefore };
                execution.Work.Input = input;
                execution.Phase = TaskExecutionPhase.Working;
            }
            catch (ExpressionException error)
            {
                Fail(execution, new(ErrorTypes.ExpressionError, error.Message, execution.Path), execution.Started);
                return;
            }
        }

        execution.Task.Attempts++;
        Start(execution.Work!);
    }

    private void Start(Work work)
    {
        work.Attempt++;
        if (work.Execution is { } execution)
        {
            execution.Started = work.Attempt;
        }

        work.DeadlineAt ??= _now + work.Settings.Deadline;
        work.Running = new(Case.World, work.Path, work.Attempt, work.Input!, work.Settings.Timeout, _now, _attemptsStarted++);
        _handlers.Add(work.Running);
        _workOf.Add(work.Running, work);
        _story.Attempts.Add(new(_now, work.Path, work.Attempt, work.Handler, work.Input!));
    }

    private void Withdraw(RunningHandler running)
    {
        if (running.IsWithdrawn)
        {
            return;
        }

        running.Withdraw(_now);
        if (running.NeverBegan)
        {
            _story.Attempts.RemoveAll(line => line.At == _now && line.Path == running.Path && line.Attempt == running.Attempt);
        }
    }

    private void HandlerEnded(RunningHandler handler)
    {
        var work = _workOf[handler];
        _handlers.Remove(handler);
        work.Running = null;
        switch (handler.Outcome)
        {
            case TaskOutcome.Succeeded success:
                Complete(work, success.Output);
                break;
            case TaskOutcome.Failed failure:
                AttemptFailed(work, failure, handler.IsWithdrawn);
                break;
            case TaskOutcome.Cancelled or TaskOutcome.Released:
                Cancelled(work);
                break;
            case TaskOutcome.Abandoned or TaskOutcome.Lost:
                // Nobody knows whether it took effect: undone like a success.
                if (work.Execution is { } execution)
                {
                    RememberUndo(execution, Payload.Null);
                }

                Cancelled(work);
                break;
        }
    }

    private void AttemptFailed(Work work, TaskOutcome.Failed failure, bool withdrawn)
    {
        var retryAt = _now + work.Settings.WaitAfter(work.Attempt - work.Before);
        if (work.Doom is { } doom)
        {
            Fail(work, doom);
        }
        else if (withdrawn)
        {
            // What surrounds it has stopped: it has used up nothing, and is to go on with a retry.
            Cancelled(work);
        }
        else if (!failure.Retryable || !work.Settings.Retries(work.Attempt - work.Before, failure.Type))
        {
            Fail(work, new(failure.Type, failure.Message, work.Path));
        }
        else if (retryAt >= work.DeadlineAt)
        {
            Fail(work, new(ErrorTypes.DeadlineExceeded, string.Empty, work.Path));
        }
        else
        {
            work.RetryAt = retryAt;
        }
    }

    private void Complete(Work work, Payload output)
    {
        if (work.Execution is { } execution)
        {
            Complete(execution, output);
        }
        else
        {
            _undoing = null;
        }
    }

    private void Fail(Work work, Problem problem)
    {
        if (work.Execution is { } execution)
        {
            Fail(execution, problem, work.Attempt);
        }
        else
        {
            CompensationFailed(problem, work.Attempt);
        }
    }

    private void Cancelled(Work work)
    {
        if (work.Doom is { } doom)
        {
            Fail(work, doom);
        }
        else
        {
            work.Execution!.Work = null;
            Settle(work.Execution, TaskExecutionPhase.Cancelled);
        }
    }
}

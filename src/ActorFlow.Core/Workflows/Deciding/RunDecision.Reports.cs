using ActorFlow.Core.Expressions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Core.Workflows.Running;
using static ActorFlow.Core.Workflows.WorkflowCommand;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Deciding;

/// <summary>What becomes of reports: how attempts end, and when the next follows.</summary>
internal sealed partial class RunDecision
{
    private void Handle(Report report)
    {
        var (id, number) = (report.Attempt.Execution, report.Attempt.Number);
        if (report.Attempt.RunId != _run.RunId
            || report.Attempt.Generation != _run.Generation
            || _run.Find(id) is not { Phase: TaskExecutionPhase.Attempting } execution
            || execution.Attempt != number)
        {
            return;
        }

        if (IsBlamed(Blame.Command))
        {
            FailAttempt(id, execution, new(ErrorTypes.InternalError, DecisionRescue.InternalError(string.Empty).Message, Retryable: false, null));
        }
        else if (report.Outcome is TaskOutcome.Succeeded success)
        {
            Succeed(id, execution, success.Output);
        }
        else if (report.Lease > execution.Lost || execution.Lost == LeaseId.None)
        {
            // Success counts from any lease; everything else only from one that is not known to be lost.
            End(id, execution, report.Lease, report.Outcome);
        }
    }

    private void Succeed(TaskExecutionId id, TaskExecutionState execution, Payload output)
    {
        if ((PayloadDoor.Fault(output, "The output") ?? TooDeep(id, output)) is var (type, message))
        {
            FailAttempt(id, execution, new(type, message, Retryable: false, null));
        }
        else if (!_run.Quota.HasRoomFor(output.Length))
        {
            FailAttempt(id, execution, new(ErrorTypes.LimitExceeded,
                $"The run would hold more than {Limits.RunBytes:n0} bytes of payloads.", Retryable: false, null));
        }
        else
        {
            Complete(id, output);
        }
    }

    private void End(TaskExecutionId id, TaskExecutionState execution, LeaseId lease, TaskOutcome outcome)
    {
        switch (outcome)
        {
            case TaskOutcome.Failed failed:
                FailAttempt(id, execution, failed);
                break;
            case TaskOutcome.Cancelled or TaskOutcome.Released when execution.Withdrawn && execution.Losses == 0:
                Emit(new AttemptCancelled(id, execution.Attempt, null));
                break;
            case not TaskOutcome.Failed when execution.Withdrawn:
                // Whether it, or a hand-out of it that was lost, took effect is unknown: it is compensated like a success.
                Emit(new AttemptCancelled(id, execution.Attempt, UndoOf(id, Payload.Null)));
                break;
            default:
                Emit(new AttemptLost(id, execution.Attempt, lease, outcome is not TaskOutcome.Lost));
                break;
        }
    }

    private void FailAttempt(TaskExecutionId id, TaskExecutionState execution, TaskOutcome.Failed failure)
    {
        var error = new TaskError(MessageText.Of(failure.Type), MessageText.Of(failure.Message), _run.PathOf(id));
        if (execution.Error is { } doomed)
        {
            Emit(new AttemptFailed(id, execution.Attempt, doomed, null, null));
            return;
        }

        if (execution.Withdrawn)
        {
            // Its scope stops: the attempt uses up nothing, and a retry of the run goes on with the next one.
            Emit(new AttemptCancelled(id, execution.Attempt, null) { Error = error });
            return;
        }

        var retry = _run.UsesOf(id).Retry;
        if (!failure.Retryable || !retry.Allows(execution.Attempt - execution.AttemptBase, failure.Type))
        {
            Emit(new AttemptFailed(id, execution.Attempt, error, null, null));
            return;
        }

        var retryAt = _now + (RetryPolicy.AskedWait(failure.RetryAfter) ?? retry.WaitAfter(execution.Attempt - execution.AttemptBase, _roll));
        if (execution.DeadlineAt is { } deadline && retryAt >= deadline)
        {
            var late = $"The next attempt could not start before the deadline. The last one: {error.Type}: {error.Message}";
            Emit(new AttemptFailed(id, execution.Attempt, error with { Type = ErrorTypes.DeadlineExceeded, Message = MessageText.Of(late) }, null, null));
            return;
        }

        Emit(new AttemptFailed(id, execution.Attempt, error, retryAt, failure.Progress));
    }

    /// <summary>Whether an execution's output nests too deep for what becomes of it: that of an element goes into an array.</summary>
    private (string Type, string Message)? TooDeep(TaskExecutionId id, Payload output) => PayloadDoor.TooDeep(
        output, "The output", id.Scope != RunState.CompensationScope && _run.Scopes[id.Scope].Tasks[id.Task].Fan is not null ? 1 : 0);

    /// <summary>
    /// An execution came to an output: record it, with what undoes it and whether its loop goes on. One whose scope stops is asked all the
    /// same: it then goes on if the run is retried.
    /// </summary>
    private void Complete(TaskExecutionId id, Payload output)
    {
        var undo = UndoOf(id, output);
        var (next, error) = NextIteration(id, output);
        Emit(new TaskExecutionCompleted(id, output, undo, next, error));
    }

    private (DateTimeOffset? Next, TaskError? Error) NextIteration(TaskExecutionId id, Payload output)
    {
        if (id.Scope == RunState.CompensationScope
            || _run.PlanOf(id) is not { RepeatCondition: { } condition, Definition.Repeat: { } repeat } plan)
        {
            return default;
        }

        if (IsBlamed(Blame.On(id, BlameKind.Loop)))
        {
            return (null, DecisionRescue.InternalError(_run.PathOf(id)));
        }

        try
        {
            var view = new ScopeView(_run, id.Scope, id, new TaskView("running", output, Payload.Null, _run.StartsOf(id)));
            var goesOn = condition.IsTrue(view, $"{plan.Id}.{(repeat.Until ? "until" : "while")}") != repeat.Until;
            if (!goesOn)
            {
                return default;
            }
        }
        catch (ExpressionException error)
        {
            return (null, new(error.Type, MessageText.Of(error.Message), _run.PathOf(id)));
        }
        catch (Exception error)
        {
            throw Blaming(id, error, BlameKind.Loop);
        }

        return id.Iteration + 1 >= repeat.Max
            ? (null, new(ErrorTypes.LoopLimitExceeded, $"The loop ran {repeat.Max:n0} times and its condition still asks for more.", _run.PathOf(id)))
            : (_now + (repeat.Delay ?? TimeSpan.Zero), null);
    }

    private UndoInput? UndoOf(TaskExecutionId id, Payload output)
    {
        if (id.Scope == RunState.CompensationScope
            || _run.Plan.Definition.OnFailure != Definitions.FailurePolicy.Compensate
            || _run.PlanOf(id) is not { Compensate: { } compensate } plan)
        {
            return null;
        }

        if (IsBlamed(Blame.On(id, BlameKind.Undo)))
        {
            return new(Payload.Null, [], DecisionRescue.InternalError(string.Empty).Message) { ErrorType = ErrorTypes.InternalError };
        }

        try
        {
            var view = new ScopeView(_run, id.Scope, id, new TaskView("completed", output, Payload.Null, _run.StartsOf(id)));
            var (value, secrets) = compensate.With.Evaluate(view, $"{plan.Id}.compensate.with");
            return ProblemWith(value, output.Length) is var (type, message)
                ? new(Payload.Null, [], message) { ErrorType = type }
                : new(value, secrets, null);
        }
        catch (ExpressionException error)
        {
            return new(Payload.Null, [], MessageText.Of(error.Message)) { ErrorType = error.Type };
        }
        catch (Exception error)
        {
            throw Blaming(id, error, BlameKind.Undo);
        }
    }
}

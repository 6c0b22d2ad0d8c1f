using ActorFlow.Core.Expressions;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Core.Workflows.Running;
using static ActorFlow.Core.Workflows.WorkflowCommand;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Deciding;

/// <summary>Rules of reports: how attempts end, and when the next one follows.</summary>
internal static class ReportRules
{
    public static void HandleReport(this RunDecision decision, Report report)
    {
        var (id, number) = (report.Attempt.Execution, report.Attempt.Number);
        if (report.Attempt.RunId != decision.Run.RunId
            || report.Attempt.Generation != decision.Run.Generation
            || decision.Run.Find(id) is not { Phase: TaskExecutionPhase.Attempting } execution
            || execution.Attempt != number)
        {
            return;
        }

        if (decision.IsBlamed(Blame.Command))
        {
            decision.FailAttempt(id, execution, new(ErrorTypes.InternalError, DecisionRescue.InternalError(string.Empty).Message, Retryable: false, null));
        }
        else if (report.Outcome is TaskOutcome.Succeeded success)
        {
            decision.Succeed(id, execution, success.Output);
        }
        else if (report.Lease > execution.Lost || execution.Lost == LeaseId.None)
        {
            // Success counts under any lease; every other outcome only under a lease that is not known to be lost.
            decision.End(id, execution, report.Lease, report.Outcome);
        }
    }

    private static void Succeed(this RunDecision decision, TaskExecutionId id, TaskExecutionState execution, Payload output)
    {
        if ((PayloadDoor.Fault(output, "The output") ?? decision.TooDeep(id, output)) is var (type, message))
        {
            decision.FailAttempt(id, execution, new(type, message, Retryable: false, null));
        }
        else if (!decision.Run.Quota.HasRoomFor(output.Length))
        {
            decision.FailAttempt(id, execution, new(ErrorTypes.LimitExceeded,
                $"The run would hold more than {Limits.RunBytes:n0} bytes of payloads.", Retryable: false, null));
        }
        else
        {
            decision.Complete(id, output);
        }
    }

    private static void End(this RunDecision decision, TaskExecutionId id, TaskExecutionState execution, LeaseId lease, TaskOutcome outcome)
    {
        switch (outcome)
        {
            case TaskOutcome.Failed failed:
                decision.FailAttempt(id, execution, failed);
                break;
            case TaskOutcome.Cancelled or TaskOutcome.Released when execution.Withdrawn && execution.Losses == 0:
                decision.Emit(new AttemptCancelled(id, execution.Attempt, null));
                break;
            case not TaskOutcome.Failed when execution.Withdrawn:
                // It is unknown whether the attempt, or a lost lease of it, took effect: it is compensated like a success.
                decision.Emit(new AttemptCancelled(id, execution.Attempt, decision.UndoOf(id, Payload.Null)));
                break;
            default:
                decision.Emit(new AttemptLost(id, execution.Attempt, lease, outcome is not TaskOutcome.Lost));
                break;
        }
    }

    private static void FailAttempt(this RunDecision decision, TaskExecutionId id, TaskExecutionState execution, TaskOutcome.Failed failure)
    {
        var error = new TaskError(MessageText.Of(failure.Type), MessageText.Of(failure.Message), decision.Run.PathOf(id));
        if (execution.Error is { } doomed)
        {
            decision.Emit(new AttemptFailed(id, execution.Attempt, doomed, null, null));
            return;
        }

        if (execution.Withdrawn)
        {
            // Its scope stops: the attempt uses up nothing, and a retry of the run continues with the next one.
            decision.Emit(new AttemptCancelled(id, execution.Attempt, null) { Error = error });
            return;
        }

        var retry = decision.Run.UsesOf(id).Retry;
        if (!failure.Retryable || !retry.Allows(execution.Attempt - execution.AttemptBase, failure.Type))
        {
            decision.Emit(new AttemptFailed(id, execution.Attempt, error, null, null));
            return;
        }

        var retryAt = decision.Now + (RetryPolicy.AskedWait(failure.RetryAfter) ?? retry.WaitAfter(execution.Attempt - execution.AttemptBase, decision.Roll));
        if (execution.DeadlineAt is { } deadline && retryAt >= deadline)
        {
            var late = $"The next attempt could not start before the deadline. The last one: {error.Type}: {error.Message}";
            decision.Emit(new AttemptFailed(id, execution.Attempt, error with { Type = ErrorTypes.DeadlineExceeded, Message = MessageText.Of(late) }, null, null));
            return;
        }

        decision.Emit(new AttemptFailed(id, execution.Attempt, error, retryAt, failure.Progress));
    }

    /// <summary>The error of an execution's output that nests too deep, counting the array around the output of an element; null means no error.</summary>
    public static (string Type, string Message)? TooDeep(this RunDecision decision, TaskExecutionId id, Payload output) => PayloadDoor.TooDeep(
        output, "The output", id.Scope != RunState.CompensationScope && decision.Run.Scopes[id.Scope].Tasks[id.Task].Fan is not null ? 1 : 0);

    /// <summary>
    /// Records the output of an execution, with its compensation and whether its loop continues. The loop of a scope that stops is decided
    /// too: it continues if the run is retried.
    /// </summary>
    public static void Complete(this RunDecision decision, TaskExecutionId id, Payload output)
    {
        var undo = decision.UndoOf(id, output);
        var (next, error) = decision.NextIteration(id, output);
        decision.Emit(new TaskExecutionCompleted(id, output, undo, next, error));
    }

    private static (DateTimeOffset? Next, TaskError? Error) NextIteration(this RunDecision decision, TaskExecutionId id, Payload output)
    {
        if (id.Scope == RunState.CompensationScope
            || decision.Run.PlanOf(id) is not { RepeatCondition: { } condition, Definition.Repeat: { } repeat } plan)
        {
            return default;
        }

        if (decision.IsBlamed(Blame.On(id, BlameKind.Loop)))
        {
            return (null, DecisionRescue.InternalError(decision.Run.PathOf(id)));
        }

        try
        {
            var view = new ScopeView(decision.Run, id.Scope, id, new TaskView("running", output, Payload.Null, decision.Run.StartsOf(id)));
            var goesOn = condition.IsTrue(view, $"{plan.Id}.{(repeat.Until ? "until" : "while")}") != repeat.Until;
            if (!goesOn)
            {
                return default;
            }
        }
        catch (ExpressionException error)
        {
            return (null, new(error.Type, MessageText.Of(error.Message), decision.Run.PathOf(id)));
        }
        catch (Exception error)
        {
            throw decision.Blaming(id, error, BlameKind.Loop);
        }

        return id.Iteration + 1 >= repeat.Max
            ? (null, new(ErrorTypes.LoopLimitExceeded, $"The loop ran {repeat.Max:n0} times and its condition still asks for more.", decision.Run.PathOf(id)))
            : (decision.Now + (repeat.Delay ?? TimeSpan.Zero), null);
    }

    private static UndoInput? UndoOf(this RunDecision decision, TaskExecutionId id, Payload output)
    {
        if (id.Scope == RunState.CompensationScope
            || decision.Run.Plan.Definition.OnFailure != Definitions.FailurePolicy.Compensate
            || decision.Run.PlanOf(id) is not { Compensate: { } compensate } plan)
        {
            return null;
        }

        if (decision.IsBlamed(Blame.On(id, BlameKind.Undo)))
        {
            return new(Payload.Null, [], DecisionRescue.InternalError(string.Empty).Message) { ErrorType = ErrorTypes.InternalError };
        }

        try
        {
            var view = new ScopeView(decision.Run, id.Scope, id, new TaskView("completed", output, Payload.Null, decision.Run.StartsOf(id)));
            var (value, secrets) = compensate.With.Evaluate(view, $"{plan.Id}.compensate.with");
            return decision.ProblemWith(value, output.Length) is var (type, message)
                ? new(Payload.Null, [], message) { ErrorType = type }
                : new(value, secrets, null);
        }
        catch (ExpressionException error)
        {
            return new(Payload.Null, [], MessageText.Of(error.Message)) { ErrorType = error.Type };
        }
        catch (Exception error)
        {
            throw decision.Blaming(id, error, BlameKind.Undo);
        }
    }
}

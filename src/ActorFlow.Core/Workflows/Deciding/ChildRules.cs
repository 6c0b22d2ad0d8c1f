using ActorFlow.Core.Definitions;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Core.Workflows.Running;
using static ActorFlow.Core.Workflows.WorkflowCommand;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Deciding;

/// <summary>Rules of child workflows: how they are requested, and how their end settles the task that waits.</summary>
internal static class ChildRules
{
    public static void BeginChild(this RunDecision decision, TaskExecutionId id, TaskPlan plan, TaskExecutionPlan.Child child, ScopeView view)
    {
        var (input, _) = child.With.Evaluate(view, $"{plan.Id}.with");
        var childId = decision.Run.ChildIdOf(id);
        if (decision.ProblemWith(input) is var (type, message))
        {
            decision.Emit(new TaskExecutionFailed(id, new(type, message, decision.Run.PathOf(id))));
        }
        else if (childId.Length > Limits.IdLength)
        {
            decision.Emit(new TaskExecutionFailed(id, new(
                ErrorTypes.IdTooLong, $"The child's id would have {childId.Length} characters; at most {Limits.IdLength} are allowed.", decision.Run.PathOf(id))));
        }
        else if (decision.Run.Depth >= Limits.Depth)
        {
            decision.Emit(new TaskExecutionFailed(id, new(
                ErrorTypes.DepthExceeded, $"The child would stand more than {Limits.Depth} levels below the topmost run.", decision.Run.PathOf(id))));
        }
        else
        {
            decision.Emit(new ChildRequested(id, decision.Run.Get(id).Attempt + 1, childId, input, decision.Now + child.Timeout));
            decision.ResolveFromDocument(id, child);
            if (child.ParentClose == ParentClose.Abandon)
            {
                // The rest of this decision may end the run, which then no longer knows the child.
                decision.Outliving = decision.Outliving.Add(decision.Run.ChildFor(id)!);
            }
        }
    }

    /// <summary>Resolves a child from the definitions of the document, which come before registered ones (rule 30).</summary>
    private static void ResolveFromDocument(this RunDecision decision, TaskExecutionId id, TaskExecutionPlan.Child child)
    {
        var own = decision.Run.Companions
            .Where(definition => definition.Name == child.Name && (child.Version is null || child.Version == definition.Version))
            .MaxBy(definition => definition.Version);
        if (own is not null)
        {
            decision.Emit(new ChildResolved(id, own));
        }
    }

    private static TaskExecutionState? Awaiting(this RunDecision decision, AttemptId attempt) =>
        attempt.RunId == decision.Run.RunId
        && attempt.Generation == decision.Run.Generation
        && decision.Run.Find(attempt.Execution) is { Phase: TaskExecutionPhase.AwaitingChild } execution
        && execution.Attempt == attempt.Number
            ? execution
            : null;

    public static void HandleResolved(this RunDecision decision, ResolveChild resolved)
    {
        var id = resolved.Attempt.Execution;
        if (decision.Awaiting(resolved.Attempt) is not { Child.Definition: null } execution)
        {
            return;
        }

        if (decision.IsBlamed(Blame.Command))
        {
            decision.EndChild(id, execution, DecisionRescue.InternalError(decision.Run.PathOf(id)));
            return;
        }

        if (resolved.Definition is { } definition)
        {
            decision.Emit(new ChildResolved(id, definition));
            return;
        }

        var child = (TaskExecutionPlan.Child)decision.Run.PlanOf(id).Execution;
        var name = child.Version is { } version ? $"{child.Name}@{version}" : child.Name;
        decision.Emit(new TaskExecutionFailed(id, new(ErrorTypes.WorkflowNotFound, $"No workflow '{name}' is registered.", decision.Run.PathOf(id))));
    }

    public static void HandleRefused(this RunDecision decision, ChildRefused refused)
    {
        if (decision.Awaiting(refused.Attempt) is { } execution)
        {
            decision.EndChild(refused.Attempt.Execution, execution, decision.IsBlamed(Blame.Command)
                ? DecisionRescue.InternalError(decision.Run.PathOf(refused.Attempt.Execution))
                : new(refused.Type, MessageText.Of(refused.Message), decision.Run.PathOf(refused.Attempt.Execution)));
        }
    }

    public static void HandleEnded(this RunDecision decision, ChildEnded ended)
    {
        if (decision.Awaiting(ended.Attempt) is not { } execution)
        {
            return;
        }

        var id = ended.Attempt.Execution;
        var path = decision.Run.PathOf(id);
        switch (ended.Outcome)
        {
            case var _ when decision.IsBlamed(Blame.Command):
                decision.EndChild(id, execution, DecisionRescue.InternalError(path));
                break;
            case RunOutcome.Completed:
                decision.CompleteChild(id, execution, ended.Output);
                break;
            case RunOutcome.Failed:
                var inner = ended.Error!;
                decision.EndChild(id, execution, new(inner.Type, inner.Message, inner.Task.Length == 0 ? path : $"{path}/{inner.Task}"));
                break;
            default:
                var how = ended.Outcome == RunOutcome.Cancelled ? "cancelled" : "terminated";
                decision.EndChild(id, execution, new(ErrorTypes.ChildCancelled, MessageText.Of($"The child was {how}: {ended.Reason}"), path));
                break;
        }
    }

    private static void CompleteChild(this RunDecision decision, TaskExecutionId id, TaskExecutionState execution, Payload output)
    {
        if ((PayloadDoor.Fault(output, "The child's output") ?? decision.TooDeep(id, output)) is var (type, message))
        {
            decision.EndChild(id, execution, new(type, message, decision.Run.PathOf(id)));
            return;
        }

        decision.CompleteInline(id, output);
    }

    private static void EndChild(this RunDecision decision, TaskExecutionId id, TaskExecutionState execution, TaskError? error)
    {
        // A child whose timeout passed was cancelled for it, however it ended. One that fails while its parent's scope stops
        // was cancelled too: a retry of the parent starts it again.
        if ((execution.Error ?? (execution.Withdrawn ? null : error)) is { } reason)
        {
            decision.Emit(new TaskExecutionFailed(id, reason));
        }
        else
        {
            decision.Emit(new TaskExecutionCancelled(id));
        }
    }
}

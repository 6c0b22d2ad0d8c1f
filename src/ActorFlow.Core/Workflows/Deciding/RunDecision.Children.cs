using ActorFlow.Core.Definitions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Core.Workflows.Running;
using static ActorFlow.Core.Workflows.WorkflowCommand;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Deciding;

/// <summary>Child workflows: how they are asked for, and what their end means to the task that waits.</summary>
internal sealed partial class RunDecision
{
    private void BeginChild(TaskExecutionId id, TaskPlan plan, TaskExecutionPlan.Child child, ScopeView view)
    {
        var (input, _) = child.With.Evaluate(view, $"{plan.Id}.with");
        var childId = _run.ChildIdOf(id);
        if (ProblemWith(input) is var (type, message))
        {
            Emit(new TaskExecutionFailed(id, new(type, message, _run.PathOf(id))));
        }
        else if (childId.Length > Limits.IdLength)
        {
            Emit(new TaskExecutionFailed(id, new(
                ErrorTypes.IdTooLong, $"The child's id would have {childId.Length} characters; at most {Limits.IdLength} are allowed.", _run.PathOf(id))));
        }
        else if (_run.Depth >= Limits.Depth)
        {
            Emit(new TaskExecutionFailed(id, new(
                ErrorTypes.DepthExceeded, $"The child would stand more than {Limits.Depth} levels below the topmost run.", _run.PathOf(id))));
        }
        else
        {
            Emit(new ChildRequested(id, _run.Get(id).Attempt + 1, childId, input, _now + child.Timeout));
            ResolveFromDocument(id, child);
            if (child.ParentClose == ParentClose.Abandon)
            {
                // Whatever this decision comes to next may end the run, which then knows nothing of the child any more.
                _outliving = _outliving.Add(_run.ChildFor(id)!);
            }
        }
    }

    /// <summary>The document's own definition of the name comes before any registered one (rule 30).</summary>
    private void ResolveFromDocument(TaskExecutionId id, TaskExecutionPlan.Child child)
    {
        var own = _run.Companions
            .Where(definition => definition.Name == child.Name && (child.Version is null || child.Version == definition.Version))
            .MaxBy(definition => definition.Version);
        if (own is not null)
        {
            Emit(new ChildResolved(id, own));
        }
    }

    private TaskExecutionState? Awaiting(AttemptId attempt) =>
        attempt.RunId == _run.RunId
        && attempt.Generation == _run.Generation
        && _run.Find(attempt.Execution) is { Phase: TaskExecutionPhase.AwaitingChild } execution
        && execution.Attempt == attempt.Number
            ? execution
            : null;

    private void Handle(ResolveChild resolved)
    {
        var id = resolved.Attempt.Execution;
        if (Awaiting(resolved.Attempt) is not { Child.Definition: null } execution)
        {
            return;
        }

        if (IsBlamed(Blame.Command))
        {
            EndChild(id, execution, DecisionRescue.InternalError(_run.PathOf(id)));
            return;
        }

        if (resolved.Definition is { } definition)
        {
            Emit(new ChildResolved(id, definition));
            return;
        }

        var child = (TaskExecutionPlan.Child)_run.PlanOf(id).Execution;
        var name = child.Version is { } version ? $"{child.Name}@{version}" : child.Name;
        Emit(new TaskExecutionFailed(id, new(ErrorTypes.WorkflowNotFound, $"No workflow '{name}' is registered.", _run.PathOf(id))));
    }

    private void Handle(ChildRefused refused)
    {
        if (Awaiting(refused.Attempt) is { } execution)
        {
            EndChild(refused.Attempt.Execution, execution, IsBlamed(Blame.Command)
                ? DecisionRescue.InternalError(_run.PathOf(refused.Attempt.Execution))
                : new(refused.Type, MessageText.Of(refused.Message), _run.PathOf(refused.Attempt.Execution)));
        }
    }

    private void Handle(ChildEnded ended)
    {
        if (Awaiting(ended.Attempt) is not { } execution)
        {
            return;
        }

        var id = ended.Attempt.Execution;
        var path = _run.PathOf(id);
        switch (ended.Outcome)
        {
            case var _ when IsBlamed(Blame.Command):
                EndChild(id, execution, DecisionRescue.InternalError(path));
                break;
            case RunOutcome.Completed:
                CompleteChild(id, execution, ended.Output);
                break;
            case RunOutcome.Failed:
                var inner = ended.Error!;
                EndChild(id, execution, new(inner.Type, inner.Message, inner.Task.Length == 0 ? path : $"{path}/{inner.Task}"));
                break;
            default:
                var how = ended.Outcome == RunOutcome.Cancelled ? "cancelled" : "terminated";
                EndChild(id, execution, new(ErrorTypes.ChildCancelled, MessageText.Of($"The child was {how}: {ended.Reason}"), path));
                break;
        }
    }

    private void CompleteChild(TaskExecutionId id, TaskExecutionState execution, Payload output)
    {
        if ((PayloadDoor.Fault(output, "The child's output") ?? TooDeep(id, output)) is var (type, message))
        {
            EndChild(id, execution, new(type, message, _run.PathOf(id)));
            return;
        }

        CompleteInline(id, output);
    }

    private void EndChild(TaskExecutionId id, TaskExecutionState execution, TaskError? error)
    {
        // A child that ran into its timeout was cancelled for that, however it ended. One that fails while its parent's scope stops
        // was cancelled too: a retry of the parent starts it again.
        if ((execution.Error ?? (execution.Withdrawn ? null : error)) is { } reason)
        {
            Emit(new TaskExecutionFailed(id, reason));
        }
        else
        {
            Emit(new TaskExecutionCancelled(id));
        }
    }
}

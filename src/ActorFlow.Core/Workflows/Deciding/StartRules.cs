using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using ActorFlow.Core.Expressions;
using ActorFlow.Core.Workflows.Running;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Deciding;

/// <summary>Rules of how attempts begin: as many as there are places within <c>max-parallel</c>.</summary>
internal static class StartRules
{
    private const int MostAtOnce = 64;

    /// <summary>Begins as many attempts as there are places, and records them as one event.</summary>
    public static void StartAttempts(this RunDecision decision)
    {
        var starts = ImmutableArray.CreateBuilder<AttemptStart>(Math.Min(decision.Run.Agenda.ReadyUses.Count, MostAtOnce));
        WorkflowEvent? failure = null;
        while (failure is null && !decision.Run.Agenda.ReadyUses.IsEmpty && decision.Run.FreeParallelism > 0 && decision.Steps > 0)
        {
            decision.Steps--;
            var ready = decision.Run.Agenda.ReadyUses.Min;
            if (decision.TryStart(decision.TaskExecutionAt(ready.Scope, ready.Task, ready.Element), out var start, out failure))
            {
                decision.Begin(start);
                starts.Add(start);
            }
        }

        if (starts.Count > 0)
        {
            decision.Record(new AttemptsStarted(starts.DrainToImmutable()));
        }

        if (failure is not null)
        {
            decision.Emit(failure);
        }
    }

    private static void Begin(this RunDecision decision, AttemptStart start)
    {
        try
        {
            decision.Run.Apply(start);
        }
        catch (Exception error)
        {
            throw decision.Blaming(start.Execution, error);
        }
    }

    private static bool TryStart(
        this RunDecision decision, TaskExecutionId id,
        [NotNullWhen(true)] out AttemptStart? start,
        [NotNullWhen(false)] out WorkflowEvent? failure)
    {
        start = null;
        failure = null;
        if (decision.IsBlamed(Blame.On(id)))
        {
            failure = new TaskExecutionFailed(id, DecisionRescue.InternalError(decision.Run.PathOf(id)));
            return false;
        }

        var execution = decision.Run.Get(id);
        if (execution.Input is not null)
        {
            start = new(id, execution.Attempt + 1, null, []);
            return true;
        }

        var plan = decision.Run.PlanOf(id);
        try
        {
            var (input, secrets) = decision.Run.UsesOf(id).With.Evaluate(new ScopeView(decision.Run, id.Scope, id), $"{plan.Id}.with");
            if (decision.ProblemWith(input) is var (type, message))
            {
                failure = new TaskExecutionFailed(id, new(type, message, decision.Run.PathOf(id)));
                return false;
            }

            start = new(id, execution.Attempt + 1, input, secrets);
            return true;
        }
        catch (ExpressionException error)
        {
            failure = new TaskExecutionFailed(id, new(error.Type, MessageText.Of(error.Message), decision.Run.PathOf(id)));
            return false;
        }
        catch (Exception error)
        {
            throw decision.Blaming(id, error);
        }
    }

    public static (string Type, string Message)? ProblemWith(this RunDecision decision, Payload input, int besides = 0)
    {
        if (PayloadDoor.Fault(input, "The input") is { } fault)
        {
            return fault;
        }

        return !decision.Run.Quota.HasRoomFor(besides + input.Length)
            ? (ErrorTypes.LimitExceeded, $"The run would hold more than {Limits.RunBytes:n0} bytes of payloads.")
            : null;
    }
}

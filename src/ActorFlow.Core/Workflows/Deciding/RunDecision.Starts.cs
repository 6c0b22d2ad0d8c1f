using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using ActorFlow.Core.Expressions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tasks;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Deciding;

/// <summary>How attempts begin: as many as there are places.</summary>
internal sealed partial class RunDecision
{
    private const int MostAtOnce = 64;

    /// <summary>Begins as many attempts as there are places, and records them as one event.</summary>
    private void StartAttempts()
    {
        var starts = ImmutableArray.CreateBuilder<AttemptStart>(Math.Min(_run.Agenda.ReadyUses.Count, MostAtOnce));
        WorkflowEvent? failure = null;
        while (failure is null && !_run.Agenda.ReadyUses.IsEmpty && _run.FreeParallelism > 0 && _steps > 0)
        {
            _steps--;
            var ready = _run.Agenda.ReadyUses.Min;
            if (TryStart(TaskExecutionAt(ready.Scope, ready.Task, ready.Element), out var start, out failure))
            {
                Begin(start);
                starts.Add(start);
            }
        }

        if (starts.Count > 0)
        {
            _events.Add(new AttemptsStarted(starts.DrainToImmutable()));
        }

        if (failure is not null)
        {
            Emit(failure);
        }
    }

    private void Begin(AttemptStart start)
    {
        try
        {
            _run.Apply(start);
        }
        catch (Exception error)
        {
            throw Blaming(start.Execution, error);
        }
    }

    private bool TryStart(
        TaskExecutionId id,
        [NotNullWhen(true)] out AttemptStart? start,
        [NotNullWhen(false)] out WorkflowEvent? failure)
    {
        start = null;
        failure = null;
        if (IsBlamed(Blame.On(id)))
        {
            failure = new TaskExecutionFailed(id, DecisionRescue.InternalError(_run.PathOf(id)));
            return false;
        }

        var execution = _run.Get(id);
        if (execution.Input is not null)
        {
            start = new(id, execution.Attempt + 1, null, []);
            return true;
        }

        var plan = _run.PlanOf(id);
        try
        {
            var (input, secrets) = _run.UsesOf(id).With.Evaluate(new ScopeView(_run, id.Scope, id), $"{plan.Id}.with");
            if (ProblemWith(input) is var (type, message))
            {
                failure = new TaskExecutionFailed(id, new(type, message, _run.PathOf(id)));
                return false;
            }

            start = new(id, execution.Attempt + 1, input, secrets);
            return true;
        }
        catch (ExpressionException error)
        {
            failure = new TaskExecutionFailed(id, new(error.Type, MessageText.Of(error.Message), _run.PathOf(id)));
            return false;
        }
        catch (Exception error)
        {
            throw Blaming(id, error);
        }
    }

    private (string Type, string Message)? ProblemWith(Payload input, int besides = 0)
    {
        if (PayloadDoor.Fault(input, "The input") is { } fault)
        {
            return fault;
        }

        return !_run.Quota.HasRoomFor(besides + input.Length)
            ? (ErrorTypes.LimitExceeded, $"The run would hold more than {Limits.RunBytes:n0} bytes of payloads.")
            : null;
    }
}

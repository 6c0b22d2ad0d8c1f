using ActorFlow.Core.Expressions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Running;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Deciding;

/// <summary>How scopes and the run end, compensation included.</summary>
internal sealed partial class RunDecision
{
    /// <summary>Everything in a scope has settled: it ends as its group's execution, or as the run.</summary>
    private void SettleScope(ScopeState scope)
    {
        if (scope.Stop is not { } stop)
        {
            EndWithOutput(scope);
        }
        else if (scope.IsRoot)
        {
            EndRun(stop);
        }
        else if (stop.Error is { } error)
        {
            Emit(new TaskExecutionFailed(scope.Owner, error));
        }
        else
        {
            Emit(new TaskExecutionCancelled(scope.Owner));
        }
    }

    private void EndWithOutput(ScopeState scope)
    {
        try
        {
            var output = OutputOf(scope);
            if (scope.IsRoot && PayloadDoor.TooDeep(output, "The output of the run") is var (type, message))
            {
                Emit(new OutputFailed(new(type, message, string.Empty)));
            }
            else if (scope.IsRoot)
            {
                Emit(new Completed(output));
            }
            else
            {
                CompleteInline(scope.Owner, output);
            }
        }
        catch (ExpressionException thrown)
        {
            var error = new TaskError(thrown.Type, MessageText.Of(thrown.Message), scope.IsRoot ? string.Empty : _run.PathOf(scope.Owner));
            Emit(scope.IsRoot ? new OutputFailed(error) : new TaskExecutionFailed(scope.Owner, error));
        }
    }

    private Payload OutputOf(ScopeState scope)
    {
        if (scope.Plan.Output is { } output)
        {
            return output.Evaluate(new ScopeView(_run, scope.Id), scope.IsRoot ? "output" : $"{_run.PlanOf(scope.Owner).Id}.output").Value;
        }

        // Rule 25: the outputs of the tasks that nothing needs.
        return Payload.Write(writer =>
        {
            writer.WriteStartObject();
            foreach (var sink in scope.Plan.Sinks)
            {
                writer.WritePropertyName(scope.Plan.Tasks[sink].Id);
                writer.WriteRawValue(CommandOutput.Readable(scope.Tasks[sink].Output ?? Payload.Null).Utf8.Span, skipInputValidation: true);
            }

            writer.WriteEndObject();
        });
    }

    private void EndRun(ScopeStop stop)
    {
        if (_run.Rewinding is { } rewinding)
        {
            Emit(new Rewound(_run.Generation + 1, rewinding.To, null));
        }
        else if (!_run.Compensation.IsEmpty && !_run.Compensation.HasBegun)
        {
            Emit(new CompensationStarted());
        }
        else
        {
            EmitEnd(stop);
        }
    }

    private void EmitEnd(ScopeStop stop) =>
        Emit(stop.Error is { } error ? new Failed(error) : new Cancelled(stop.Reason));

    /// <summary>One compensation at a time, newest completion first (rules 31 and 32).</summary>
    private void Compensate()
    {
        var next = new TaskExecutionId(RunState.CompensationScope, _run.Compensation.NextNumber, 0, 0);
        if (IsBlamed(Blame.On(next)))
        {
            FailInternally(next);
        }
        else if (_run.Compensation.Current is { } undoing)
        {
            Emit(new AttemptsStarted([new(next, undoing.Execution.Attempt + 1, null, [])]));
        }
        else if (_run.Compensation.IsEmpty)
        {
            EmitEnd(_run.Root.Stop!);
        }
        else if (_run.Compensation.Next is { Undo: { Error: { } message } undo } broken)
        {
            Emit(new TaskExecutionFailed(next, new(undo.ErrorType, message, broken.Path + "!compensate")));
        }
        else
        {
            var entry = _run.Compensation.Next;
            Emit(new AttemptsStarted([new(next, 1, entry.Undo.Input, entry.Undo.Secrets)]));
        }
    }
}

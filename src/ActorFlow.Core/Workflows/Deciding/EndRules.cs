using ActorFlow.Core.Expressions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Running;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Deciding;

/// <summary>Rules of how scopes and the run end, compensation included.</summary>
internal static class EndRules
{
    /// <summary>Ends a scope in which everything has settled: the execution of its group settles, or the run ends.</summary>
    public static void SettleScope(this RunDecision decision, ScopeState scope)
    {
        if (scope.Stop is not { } stop)
        {
            decision.EndWithOutput(scope);
        }
        else if (scope.IsRoot)
        {
            decision.EndRun(stop);
        }
        else if (stop.Error is { } error)
        {
            decision.Emit(new TaskExecutionFailed(scope.Owner, error));
        }
        else
        {
            decision.Emit(new TaskExecutionCancelled(scope.Owner));
        }
    }

    private static void EndWithOutput(this RunDecision decision, ScopeState scope)
    {
        try
        {
            var output = decision.OutputOf(scope);
            if (scope.IsRoot && PayloadDoor.TooDeep(output, "The output of the run") is var (type, message))
            {
                decision.Emit(new OutputFailed(new(type, message, string.Empty)));
            }
            else if (scope.IsRoot)
            {
                decision.Emit(new Completed(output));
            }
            else
            {
                decision.CompleteInline(scope.Owner, output);
            }
        }
        catch (ExpressionException thrown)
        {
            var error = new TaskError(thrown.Type, MessageText.Of(thrown.Message), scope.IsRoot ? string.Empty : decision.Run.PathOf(scope.Owner));
            decision.Emit(scope.IsRoot ? new OutputFailed(error) : new TaskExecutionFailed(scope.Owner, error));
        }
    }

    private static Payload OutputOf(this RunDecision decision, ScopeState scope)
    {
        if (scope.Plan.Output is { } output)
        {
            return output.Evaluate(new ScopeView(decision.Run, scope.Id), scope.IsRoot ? "output" : $"{decision.Run.PlanOf(scope.Owner).Id}.output").Value;
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

    private static void EndRun(this RunDecision decision, ScopeStop stop)
    {
        if (decision.Run.Rewinding is { } rewinding)
        {
            decision.Emit(new Rewound(decision.Run.Generation + 1, rewinding.To, null));
        }
        else if (!decision.Run.Compensation.IsEmpty && !decision.Run.Compensation.HasBegun)
        {
            decision.Emit(new CompensationStarted());
        }
        else
        {
            decision.EmitEnd(stop);
        }
    }

    private static void EmitEnd(this RunDecision decision, ScopeStop stop) =>
        decision.Emit(stop.Error is { } error ? new Failed(error) : new Cancelled(stop.Reason));

    /// <summary>Begins the next compensation: one at a time, newest completion first (rules 31 and 32).</summary>
    public static void Compensate(this RunDecision decision)
    {
        var next = new TaskExecutionId(RunState.CompensationScope, decision.Run.Compensation.NextNumber, 0, 0);
        if (decision.IsBlamed(Blame.On(next)))
        {
            decision.FailInternally(next);
        }
        else if (decision.Run.Compensation.Current is { } undoing)
        {
            decision.Emit(new AttemptsStarted([new(next, undoing.Execution.Attempt + 1, null, [])]));
        }
        else if (decision.Run.Compensation.IsEmpty)
        {
            decision.EmitEnd(decision.Run.Root.Stop!);
        }
        else if (decision.Run.Compensation.Next is { Undo: { Error: { } message } undo } broken)
        {
            decision.Emit(new TaskExecutionFailed(next, new(undo.ErrorType, message, broken.Path + "!compensate")));
        }
        else
        {
            var entry = decision.Run.Compensation.Next;
            decision.Emit(new AttemptsStarted([new(next, 1, entry.Undo.Input, entry.Undo.Secrets)]));
        }
    }
}

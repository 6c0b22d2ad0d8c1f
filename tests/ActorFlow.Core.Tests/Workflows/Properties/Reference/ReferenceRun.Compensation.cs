using ActorFlow.Core.Definitions;
using ActorFlow.Core.Expressions;

namespace ActorFlow.Core.Tests.Workflows.Properties.Reference;

/// <summary>What is undone when a run fails or is cancelled, one by one, newest first (rules 31 and 32).</summary>
internal sealed partial class ReferenceRun
{
    private readonly Stack<Undo> _undos = [];

    private bool _compensating;
    private Work? _undoing;
    private string? _reason;

    private void RememberUndo(Execution execution, Payload output)
    {
        if (Definition.OnFailure != FailurePolicy.Compensate || execution.Task.Definition.Compensate is not { } compensate)
        {
            return;
        }

        Payload? input = null;
        try
        {
            var view = new ReferenceView(this, execution.Task.Scope, execution, ("completed", output));
            input = Value(compensate.With, view, $"{execution.Task.Definition.Id}.compensate.with");
        }
        catch (ExpressionException)
        {
            // The compensation fails when its turn comes.
        }

        _undos.Push(new(execution.Path + "!compensate", compensate.Handler, input));
    }

    private void StartCompensation()
    {
        if (_undos.Count > 0)
        {
            _compensating = true;
        }
        else
        {
            EndWithoutResult();
        }
    }

    private bool CompensateSomething()
    {
        if (!_compensating || _undoing is { Running: not null } or { RetryAt: not null })
        {
            return false;
        }

        if (_undoing is not null)
        {
            Start(_undoing);
        }
        else if (!_undos.TryPop(out var undo))
        {
            EndWithoutResult();
        }
        else if (undo.Input is null)
        {
            CompensationFailed(new(ErrorTypes.ExpressionError, string.Empty, undo.Path), attempts: 0);
        }
        else
        {
            _undoing = new(undo.Path, undo.Handler, new(null, Definition.Defaults), undo.Input);
        }

        return true;
    }

    private void CompensationFailed(Problem problem, int attempts)
    {
        _undoing = null;
        _story.Failures.Add(new(problem.Task, problem.Type, problem.Message, attempts));
    }

    private void EndWithoutResult()
    {
        if (Root.Problem is { } problem)
        {
            End("failed", problem: problem);
        }
        else
        {
            End("cancelled", reason: _reason);
        }
    }
}

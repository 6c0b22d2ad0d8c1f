using ActorFlow.Core.Definitions;
using ActorFlow.Core.Expressions;

namespace ActorFlow.Core.Tests.Workflows.Properties.Reference;

/// <summary>How executions that need no worker run, and how all executions complete, fail, go round their loop and are cancelled.</summary>
internal sealed partial class ReferenceRun
{
    private bool BeginSomething()
    {
        var next = LiveExecutions()
            .Where(execution => execution.Phase == TaskExecutionPhase.Ready && !execution.Task.IsUses && HasTurn(execution))
            .MinBy(execution => (FileOrder(execution), execution.Task.Scope.Number, execution.Element));
        if (next is not null)
        {
            Begin(next);
        }

        return next is not null;
    }

    private int FileOrder(Execution execution) => _fileOrder[execution.Task.Definition];

    /// <summary>Rule 34: a task's <c>max-parallel</c> counts its unsettled elements whole.</summary>
    private static bool HasTurn(Execution execution) =>
        execution.HasBegun
        || execution.Task.Definition.MaxParallel is not { } max
        || execution.Task.Executions.Count(other => other.HasBegun && !other.IsSettled) < max;

    private void Begin(Execution execution)
    {
        execution.HasBegun = true;
        Action go;
        try
        {
            go = WhatToDo(execution, new ReferenceView(this, execution.Task.Scope, execution));
        }
        catch (ExpressionException error)
        {
            go = () => Fail(execution, new(ErrorTypes.ExpressionError, error.Message, execution.Path), execution.Started);
        }

        // Its own expressions do not see this start counted yet, just as `with` of a handler does not.
        execution.Task.Attempts++;
        go();
    }

    /// <summary>What the execution does, its expressions evaluated.</summary>
    private Action WhatToDo(Execution execution, ReferenceView view)
    {
        var id = execution.Task.Definition.Id;
        switch (execution.Task.Definition.Kind)
        {
            case TaskKind.Set set:
                var values = Value(set.Values, view, $"{id}.set");
                return () => Complete(execution, values);
            case TaskKind.Switch choice:
                var won = choice.Cases.FirstOrDefault(option => option.If is null || IsTrue(option.If, view, $"{id}.switch.{option.Label}"));
                return () => Complete(execution, won is null ? Payload.Null : Payload.FromString(won.Label));
            case TaskKind.Delay delay:
                var moment = MomentOf(TextOf(Value(delay.For, view, $"{id}.delay")));
                return () => Wait(execution, moment);
            case TaskKind.Fail fail:
                var message = TextOf(Value(fail.Message, view, $"{id}.fail"));
                return () => Fail(execution, new(ErrorTypes.Failed, message, execution.Path), attempts: 0);
            case TaskKind.Group group:
                return () =>
                {
                    execution.Phase = TaskExecutionPhase.Open;
                    execution.Inner = Open(execution, group.Tasks, group.Output, execution.Task.Definition.Timeout);
                };
            case TaskKind.Signal:
                return () => AwaitSignal(execution);
            case TaskKind.Ask ask:
                return Ask(execution, ask, view);
            case TaskKind.Child child:
                var input = Value(child.With, view, $"{id}.with");
                return () => AskForChild(execution, child, input);
            default:
                throw new InvalidOperationException($"'{id}' needs a worker.");
        }
    }

    private static string TextOf(Payload value) => value.ToString().StartsWith('"') ? value.To<string>()! : value.ToString();

    private DateTimeOffset MomentOf(string text) =>
        Duration.TryParse(text, out var wait) ? _now + wait
        : Timestamp.TryParse(text, out var moment) ? moment
        : throw new ExpressionException("neither a duration nor a timestamp");

    private void Wait(Execution execution, DateTimeOffset until)
    {
        if (until <= _now)
        {
            Complete(execution, Payload.Null);
        }
        else
        {
            (execution.Phase, execution.WakesAt) = (TaskExecutionPhase.Delaying, until);
        }
    }

    /// <summary>The execution came to an output: it may have to be undone later, and its loop may go on (rules 9 and 31).</summary>
    private void Complete(Execution execution, Payload output)
    {
        RememberUndo(execution, output);
        var attempts = execution.Work?.Attempt ?? execution.Child?.Start ?? 0;
        (execution.Work, execution.Child, execution.TimeoutAt, execution.Inner) = (null, null, null, null);
        var task = execution.Task.Definition;
        if (task.Repeat is not { } repeat)
        {
            execution.Output = output;
            Settle(execution, TaskExecutionPhase.Completed);
            return;
        }

        bool again;
        try
        {
            var view = new ReferenceView(this, execution.Task.Scope, execution, ("running", output));
            again = IsTrue(repeat.Condition, view, $"{task.Id}.{(repeat.Until ? "until" : "while")}") != repeat.Until;
        }
        catch (ExpressionException error)
        {
            Fail(execution, new(ErrorTypes.ExpressionError, error.Message, execution.Path), attempts);
            return;
        }

        if (!again)
        {
            execution.Output = output;
            Settle(execution, TaskExecutionPhase.Completed);
        }
        else if (execution.Iteration + 1 >= repeat.Max)
        {
            Fail(execution, new(ErrorTypes.LoopLimitExceeded, string.Empty, execution.Path), attempts);
        }
        else
        {
            (execution.Output, execution.Started, execution.StartedBefore) = (output, 0, 0);
            execution.Iteration++;
            if (execution.Task.Scope.IsStopped)
            {
                // Nothing new starts: a retry goes on with that iteration.
                Settle(execution, TaskExecutionPhase.Cancelled);
                return;
            }

            execution.WakesAt = _now + (repeat.Delay ?? TimeSpan.Zero);
            execution.Phase = execution.WakesAt > _now ? TaskExecutionPhase.Pausing : TaskExecutionPhase.Ready;
        }
    }

    /// <summary>The execution failed for good, after so many attempts; without a number the failure is that of a task inside and told of already.</summary>
    private void Fail(Execution execution, Problem problem, int? attempts)
    {
        (execution.Work, execution.Child, execution.TimeoutAt) = (null, null, null);
        execution.Problem = problem;
        Settle(execution, TaskExecutionPhase.Failed);
        Failed(execution.Task, problem, attempts);
    }

    private void Settle(Execution execution, TaskExecutionPhase phase)
    {
        execution.Phase = phase;
        SettleIfAllBodiesHave(execution.Task);
    }

    private void Cancel(Execution execution)
    {
        if (execution.Phase == TaskExecutionPhase.AwaitingChild)
        {
            CancelChild(execution);
        }
        else if (execution.Work?.Running is { } running)
        {
            Withdraw(running);
        }
        else if (execution.Phase == TaskExecutionPhase.Open)
        {
            Stop(execution.Inner!, null, null);
        }
        else
        {
            execution.Phase = TaskExecutionPhase.Cancelled;
        }
    }
}

using ActorFlow.Core.Definitions;
using ActorFlow.Core.Expressions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tasks;

namespace ActorFlow.Core.Tests.Workflows.Properties.Reference;

/// <summary>How bodies that need no worker run, and how all bodies complete, fail, go round their loop and are cancelled.</summary>
internal sealed partial class ReferenceRun
{
    private bool BeginSomething()
    {
        var next = LiveBodies()
            .Where(body => body.Phase == BodyPhase.Ready && !body.Task.IsUses && HasTurn(body))
            .MinBy(body => (FileOrder(body), body.Task.Scope.Number, body.Element));
        if (next is not null)
        {
            Begin(next);
        }

        return next is not null;
    }

    private int FileOrder(Body body) => _fileOrder[body.Task.Definition];

    /// <summary>Rule 34: a task's <c>max-parallel</c> counts its unsettled elements whole.</summary>
    private static bool HasTurn(Body body) =>
        body.HasBegun
        || body.Task.Definition.MaxParallel is not { } max
        || body.Task.Bodies.Count(other => other.HasBegun && !other.IsSettled) < max;

    private void Begin(Body body)
    {
        body.HasBegun = true;
        Action go;
        try
        {
            go = WhatToDo(body, new ReferenceView(this, body.Task.Scope, body));
        }
        catch (ExpressionException error)
        {
            go = () => Fail(body, new(ErrorTypes.ExpressionError, error.Message, body.Path), body.Started);
        }

        // Its own expressions do not see this start counted yet, just as `with` of a handler does not.
        body.Task.Attempts++;
        go();
    }

    /// <summary>What the body does, its expressions evaluated.</summary>
    private Action WhatToDo(Body body, ReferenceView view)
    {
        var id = body.Task.Definition.Id;
        switch (body.Task.Definition.Kind)
        {
            case TaskKind.Set set:
                var values = Value(set.Values, view, $"{id}.set");
                return () => Complete(body, values);
            case TaskKind.Switch choice:
                var won = choice.Cases.FirstOrDefault(option => option.If is null || IsTrue(option.If, view, $"{id}.switch.{option.Label}"));
                return () => Complete(body, won is null ? Payload.Null : Payload.FromString(won.Label));
            case TaskKind.Delay delay:
                var moment = MomentOf(TextOf(Value(delay.For, view, $"{id}.delay")));
                return () => Wait(body, moment);
            case TaskKind.Fail fail:
                var message = TextOf(Value(fail.Message, view, $"{id}.fail"));
                return () => Fail(body, new(ErrorTypes.Failed, message, body.Path), attempts: 0);
            case TaskKind.Group group:
                return () =>
                {
                    body.Phase = BodyPhase.Open;
                    body.Inner = Open(body, group.Tasks, group.Output, body.Task.Definition.Timeout);
                };
            case TaskKind.Signal:
                return () => AwaitSignal(body);
            case TaskKind.Ask ask:
                return Ask(body, ask, view);
            case TaskKind.Child child:
                var input = Value(child.With, view, $"{id}.with");
                return () => AskForChild(body, child, input);
            default:
                throw new InvalidOperationException($"'{id}' needs a worker.");
        }
    }

    private static string TextOf(Payload value) => value.ToString().StartsWith('"') ? value.To<string>()! : value.ToString();

    private DateTimeOffset MomentOf(string text) =>
        Duration.TryParse(text, out var wait) ? _now + wait
        : Timestamp.TryParse(text, out var moment) ? moment
        : throw new ExpressionException("neither a duration nor a timestamp");

    private void Wait(Body body, DateTimeOffset until)
    {
        if (until <= _now)
        {
            Complete(body, Payload.Null);
        }
        else
        {
            (body.Phase, body.WakesAt) = (BodyPhase.Delaying, until);
        }
    }

    /// <summary>The body came to an output: it may have to be undone later, and its loop may go on (rules 9 and 31).</summary>
    private void Complete(Body body, Payload output)
    {
        RememberUndo(body, output);
        var attempts = body.Work?.Attempt ?? body.Child?.Start ?? 0;
        (body.Work, body.Child, body.TimeoutAt, body.Inner) = (null, null, null, null);
        var task = body.Task.Definition;
        if (task.Repeat is not { } repeat)
        {
            body.Output = output;
            Settle(body, BodyPhase.Completed);
            return;
        }

        bool again;
        try
        {
            var view = new ReferenceView(this, body.Task.Scope, body, ("running", output));
            again = IsTrue(repeat.Condition, view, $"{task.Id}.{(repeat.Until ? "until" : "while")}") != repeat.Until;
        }
        catch (ExpressionException error)
        {
            Fail(body, new(ErrorTypes.ExpressionError, error.Message, body.Path), attempts);
            return;
        }

        if (!again)
        {
            body.Output = output;
            Settle(body, BodyPhase.Completed);
        }
        else if (body.Iteration + 1 >= repeat.Max)
        {
            Fail(body, new(ErrorTypes.LoopLimitExceeded, string.Empty, body.Path), attempts);
        }
        else
        {
            (body.Output, body.Started, body.StartedBefore) = (output, 0, 0);
            body.Iteration++;
            if (body.Task.Scope.IsStopped)
            {
                // Nothing new starts: a retry goes on with that iteration.
                Settle(body, BodyPhase.Cancelled);
                return;
            }

            body.WakesAt = _now + (repeat.Delay ?? TimeSpan.Zero);
            body.Phase = body.WakesAt > _now ? BodyPhase.Pausing : BodyPhase.Ready;
        }
    }

    /// <summary>The body failed for good, after so many attempts; without a number the failure is that of a task inside and told of already.</summary>
    private void Fail(Body body, Problem problem, int? attempts)
    {
        (body.Work, body.Child, body.TimeoutAt) = (null, null, null);
        body.Problem = problem;
        Settle(body, BodyPhase.Failed);
        Failed(body.Task, problem, attempts);
    }

    private void Settle(Body body, BodyPhase phase)
    {
        body.Phase = phase;
        SettleIfAllBodiesHave(body.Task);
    }

    private void Cancel(Body body)
    {
        if (body.Phase == BodyPhase.AwaitingChild)
        {
            CancelChild(body);
        }
        else if (body.Work?.Running is { } running)
        {
            Withdraw(running);
        }
        else if (body.Phase == BodyPhase.Open)
        {
            Stop(body.Inner!, null, null);
        }
        else
        {
            body.Phase = BodyPhase.Cancelled;
        }
    }
}

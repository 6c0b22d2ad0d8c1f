using ActorFlow.Core.Definitions;
using ActorFlow.Core.Expressions;
using ActorFlow.Core.Payloads;
using ActorFlow.Core.Tasks;

namespace ActorFlow.Core.Tests.Workflows.Properties.Reference;

/// <summary>Which tasks run (rules 1 to 5), and how scopes end (rules 14 and 25).</summary>
internal sealed partial class ReferenceRun
{
    private bool DecideSomething()
    {
        foreach (var scope in _scopes)
        {
            if (scope.IsSettled && !(scope == Root && _compensating))
            {
                EndScope(scope);
                return true;
            }

            if (scope.Tasks.Find(IsDecidable) is { } task)
            {
                Decide(task);
                return true;
            }
        }

        return false;
    }

    private static bool IsDecidable(TaskNode task)
    {
        var needs = task.Definition.Needs;
        return task.Status == Status.Pending
            && (needs.All(need => IsSettled(task, need))
                || (task.Definition.Join != Join.All && needs.Count(need => HasArrived(task, need)) >= task.Definition.Join.Count));
    }

    private static bool IsSettled(TaskNode task, Need need) => task.Scope.Find(need.Task).IsSettled;

    /// <summary>Rule 2: <c>all</c> counts completed, and failed with <c>continue</c>; <c>any</c> and <c>n</c> completed only.</summary>
    private static bool HasArrived(TaskNode task, Need need)
    {
        var needed = task.Scope.Find(need.Task);
        return needed.Status switch
        {
            Status.Completed => need.Case is null || needed.Output!.ToString() == $"\"{need.Case}\"",
            Status.Failed => need.Case is null && task.Definition.Join == Join.All,
            _ => false,
        };
    }

    private void Decide(TaskNode task)
    {
        var needs = task.Definition.Needs;
        var enough = Math.Max(1, task.Definition.Join.Count);
        if (!needs.IsEmpty && needs.Count(need => HasArrived(task, need)) < enough)
        {
            task.Status = Status.Skipped;
            return;
        }

        try
        {
            var view = new ReferenceView(this, task.Scope);
            if (task.Definition.If is { } condition && !IsTrue(condition, view, $"{task.Definition.Id}.if"))
            {
                task.Status = Status.Skipped;
                return;
            }

            Run(task, task.Definition.ForEach is { } forEach ? ItemsOf(Value(forEach, view, $"{task.Definition.Id}.for-each")) : null);
        }
        catch (ExpressionException error)
        {
            var problem = new Problem(ErrorTypes.ExpressionError, error.Message, task.Path);
            Settle(task, Status.Failed, null, problem);
            Failed(task, problem, attempts: 0);
        }
    }

    private static List<Payload> ItemsOf(Payload value)
    {
        using var document = value.ToDocument();
        return document.RootElement.ValueKind == System.Text.Json.JsonValueKind.Array
            ? [.. document.RootElement.EnumerateArray().Select(Payload.FromElement)]
            : throw new ExpressionException("not an array");
    }

    private static void Run(TaskNode task, List<Payload>? items)
    {
        task.Status = Status.Running;
        task.Items = items;
        task.Bodies = [.. Enumerable.Range(0, items?.Count ?? 1).Select(element => new Body(task, element))];
        SettleIfAllBodiesHave(task);
    }

    private static void SettleIfAllBodiesHave(TaskNode task)
    {
        if (!task.Bodies.TrueForAll(body => body.IsSettled))
        {
            return;
        }

        var failed = task.Bodies.Where(body => body.Phase == BodyPhase.Failed).ToList();
        if (failed.Count > 0)
        {
            var output = task.Items is null || task.FailsScope ? null : ArrayOf(task);
            Settle(task, Status.Failed, output, ProblemOf(task, failed));
        }
        else if (task.Bodies.Exists(body => body.Phase == BodyPhase.Cancelled))
        {
            Settle(task, Status.Cancelled, null, null);
        }
        else
        {
            Settle(task, Status.Completed, task.Items is null ? task.Bodies[0].Output : ArrayOf(task), null);
        }
    }

    /// <summary>Rule 8: the error is that of the lowest failed index, and tells of them all.</summary>
    private static Problem ProblemOf(TaskNode task, List<Body> failed) => task.Items is null
        ? failed[0].Problem!
        : failed[0].Problem! with { Failures = [.. failed.Select(body => (body.Element, body.Problem!))] };

    private static Payload ArrayOf(TaskNode task) =>
        Payload.Parse($"[{string.Join(',', task.Bodies.Select(body => body.Phase == BodyPhase.Completed ? body.Output! : Payload.Null))}]");

    private static void Settle(TaskNode task, Status status, Payload? output, Problem? problem) =>
        (task.Status, task.Output, task.Problem) = (status, output, problem);

    /// <summary>A failure for good, of the task or of one body of it: told of, and the end of the scope unless the task says <c>continue</c>.</summary>
    private void Failed(TaskNode task, Problem problem, int? attempts)
    {
        if (task.FailsScope)
        {
            if (attempts is { } count)
            {
                _story.Failures.Add(new(problem.Task, problem.Type, problem.Message, count));
            }

            Stop(task.Scope, problem, problem.Message);
        }
    }

    /// <summary>Nothing new starts in the scope, what runs is cancelled.</summary>
    private void Stop(Scope scope, Problem? problem, string? reason)
    {
        if (scope.IsStopped)
        {
            return;
        }

        (scope.IsStopped, scope.Problem) = (true, problem);
        _reason = scope == Root ? reason : _reason;
        foreach (var task in scope.Tasks.Where(task => !task.IsSettled))
        {
            if (task.Status == Status.Pending)
            {
                task.Status = Status.Cancelled;
                continue;
            }

            task.Bodies.Where(body => !body.IsSettled).ToList().ForEach(Cancel);
            SettleIfAllBodiesHave(task);
        }
    }

    /// <summary>All its tasks have settled.</summary>
    private void EndScope(Scope scope)
    {
        if (scope.IsStopped)
        {
            EndStopped(scope);
            return;
        }

        var (output, problem) = TryOutputOf(scope);
        if (scope != Root)
        {
            _scopes.Remove(scope);
            if (problem is null)
            {
                Complete(scope.Owner!, output);
            }
            else
            {
                Fail(scope.Owner!, problem, attempts: 0);
            }
        }
        else if (problem is null)
        {
            End("completed", output);
        }
        else
        {
            Stop(Root, problem, null);
        }
    }

    private (Payload Output, Problem? Problem) TryOutputOf(Scope scope)
    {
        try
        {
            return (OutputOf(scope), null);
        }
        catch (ExpressionException error)
        {
            return (Payload.Null, new(ErrorTypes.ExpressionError, error.Message, scope.Owner?.Path ?? string.Empty));
        }
    }

    private void EndStopped(Scope scope)
    {
        if (scope == Root)
        {
            StartCompensation();
            return;
        }

        _scopes.Remove(scope);
        if (scope.Problem is { } problem)
        {
            var isOwn = problem.Task == scope.Owner!.Path;
            Fail(scope.Owner, problem, isOwn ? 0 : null);
        }
        else
        {
            Settle(scope.Owner!, BodyPhase.Cancelled);
        }
    }

    /// <summary>Rule 25: as written, else an object with the outputs of the tasks that nothing in the scope needs.</summary>
    private Payload OutputOf(Scope scope)
    {
        if (scope.Output is { } output)
        {
            var origin = scope == Root ? "output" : $"{scope.Owner!.Task.Definition.Id}.output";
            return Value(output, new ReferenceView(this, scope), origin);
        }

        var needed = scope.Tasks.SelectMany(task => task.Definition.Needs).Select(need => need.Task).ToHashSet();
        var members = scope.Tasks.Where(task => !needed.Contains(task.Definition.Id)).Select(task => $"\"{task.Definition.Id}\":{task.Output ?? Payload.Null}");
        return Payload.Parse($"{{{string.Join(',', members)}}}");
    }
}

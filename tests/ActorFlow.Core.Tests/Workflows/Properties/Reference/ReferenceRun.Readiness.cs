using ActorFlow.Core.Definitions;
using ActorFlow.Core.Expressions;

namespace ActorFlow.Core.Tests.Workflows.Properties.Reference;

/// <summary>Which tasks run (rules 1 to 5).</summary>
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
            Settle(task, Status.Skipped, null, null);
            return;
        }

        try
        {
            var view = new ReferenceView(this, task.Scope);
            if (task.Definition.If is { } condition && !IsTrue(condition, view, $"{task.Definition.Id}.if"))
            {
                Settle(task, Status.Skipped, null, null);
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

    private void Run(TaskNode task, List<Payload>? items)
    {
        task.Status = Status.Running;
        task.Items = items;
        task.Executions = [.. Enumerable.Range(0, items?.Count ?? 1).Select(element => new Execution(task, element))];
        SettleIfAllBodiesHave(task);
    }
}

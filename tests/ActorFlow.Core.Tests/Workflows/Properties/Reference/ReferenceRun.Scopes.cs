using ActorFlow.Core.Expressions;

namespace ActorFlow.Core.Tests.Workflows.Properties.Reference;

/// <summary>How tasks settle, how scopes stop and end (rules 8, 14 and 25).</summary>
internal sealed partial class ReferenceRun
{
    private void SettleIfAllBodiesHave(TaskNode task)
    {
        if (!task.Executions.TrueForAll(execution => execution.IsSettled))
        {
            return;
        }

        var failed = task.Executions.Where(execution => execution.Phase == TaskExecutionPhase.Failed).ToList();
        var isCancelled = task.Executions.Exists(execution => execution.Phase == TaskExecutionPhase.Cancelled);

        // Cancelled midway, a task that tolerates failures has not come to its end: it is to go on with a retry.
        if (failed.Count > 0 && (task.FailsScope || !isCancelled))
        {
            var output = task.Items is null || task.FailsScope ? null : ArrayOf(task);
            Settle(task, Status.Failed, output, ProblemOf(task, failed));
        }
        else if (isCancelled)
        {
            Settle(task, Status.Cancelled, null, null);
        }
        else
        {
            Settle(task, Status.Completed, task.Items is null ? task.Executions[0].Output : ArrayOf(task), null);
        }
    }

    /// <summary>Rule 8: the error is that of the lowest failed index, and tells of them all.</summary>
    private static Problem ProblemOf(TaskNode task, List<Execution> failed) => task.Items is null
        ? failed[0].Problem!
        : failed[0].Problem! with { Failures = [.. failed.Select(execution => (execution.Element, execution.Problem!))] };

    private static Payload ArrayOf(TaskNode task) =>
        Payload.Parse($"[{string.Join(',', task.Executions.Select(execution => execution.Phase == TaskExecutionPhase.Completed ? execution.Output! : Payload.Null))}]");

    private void Settle(TaskNode task, Status status, Payload? output, Problem? problem)
    {
        (task.Status, task.Output, task.Problem) = (status, output, problem);
        if (task.Definition.Checkpoint && status != Status.Cancelled && !Root.IsStopped)
        {
            _namesDue.Add(task.Path);
        }
    }

    /// <summary>A failure for good, of the task or of one execution of it: told of, and the end of the scope unless the task says <c>continue</c>.</summary>
    private void Failed(TaskNode task, Problem problem, int? attempts)
    {
        if (attempts is { } count && FailsRun(task))
        {
            _story.Failures.Add(new(problem.Task, problem.Type, problem.Message, count));
        }

        if (task.FailsScope)
        {
            Stop(task.Scope, problem, problem.Message);
        }
    }

    private static bool FailsRun(TaskNode task) => task.FailsScope && (task.Scope.Owner is not { } owner || FailsRun(owner.Task));

    /// <summary>Nothing new starts in the scope, what runs is cancelled.</summary>
    private void Stop(Scope scope, Problem? problem, string? reason)
    {
        if (scope.IsStopped)
        {
            return;
        }

        (scope.IsStopped, scope.Problem) = (true, problem);
        if (scope == Root)
        {
            _reason = reason;
            _namesDue.Clear();
        }

        foreach (var task in scope.Tasks.Where(task => !task.IsSettled))
        {
            if (task.Status == Status.Pending)
            {
                task.Status = Status.Cancelled;
                continue;
            }

            task.Executions.Where(execution => !execution.IsSettled).ToList().ForEach(Cancel);
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
            EndStoppedRun();
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
            Settle(scope.Owner!, TaskExecutionPhase.Cancelled);
        }
    }

    private void EndStoppedRun()
    {
        if (_rewinding is { } to)
        {
            TakeBack(to);
        }
        else
        {
            StartCompensation();
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

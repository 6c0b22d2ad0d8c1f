using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>What a run holds, found by looking at all of it.</summary>
internal static class Holdings
{
    /// <summary>The bytes of every payload.</summary>
    public static long BytesOf(RunState run)
    {
        var bodies = BodiesOf(run).Concat(run.Undoing is { } undoing ? [undoing.Body] : []);
        return run.Input.Length
            + TasksOf(run).Sum(task => (long)(task.Output?.Length ?? 0))
            + TasksOf(run).Sum(task => task.Fan is { } fan ? fan.Items.Sum(item => item.Length + 1L) + 1 : 0)
            + bodies.Sum(body => (long)(body.Input?.Length ?? 0) + (body.Output?.Length ?? 0) + QuestionOf(body))
            + run.Signals.Values.SelectMany(queue => queue).Sum(signal => (long)signal.Payload.Length)
            + run.Undos.Sum(entry => (long)entry.Undo.Input.Length);
    }

    /// <summary>Every body of every task, but no compensation.</summary>
    public static IEnumerable<BodyState> BodiesOf(RunState run) => TasksOf(run).SelectMany(BodiesOf);

    /// <summary>Settled tasks that keep more than their output: what a retry goes on from.</summary>
    public static int KeptTasksOf(RunState run) => TasksOf(run).Count(task => task.IsSettled && (task.Body is not null || task.Fan is not null));

    /// <summary>Instances of groups that no body has open, and that no body keeps for a retry.</summary>
    public static IEnumerable<ScopeState> LostScopesOf(RunState run)
    {
        var owned = BodiesOf(run)
            .Where(body => body.Opened > 0 && body.Phase is BodyPhase.Open or BodyPhase.Failed or BodyPhase.Cancelled)
            .Select(body => body.Opened)
            .ToHashSet();
        return run.Scopes.Values.Where(scope => !scope.IsRoot && !owned.Contains(scope.Id));
    }

    private static IEnumerable<TaskState> TasksOf(RunState run) => run.Scopes.Values.SelectMany(scope => scope.Tasks);

    private static IEnumerable<BodyState> BodiesOf(TaskState task) =>
        task.Fan is { } fan ? fan.Elements : task.Body is { } body ? [body] : [];

    private static long QuestionOf(BodyState body) =>
        body.Question is { } question ? (question.Options?.Length ?? 0) + (question.Assignees?.Length ?? 0) : 0;
}

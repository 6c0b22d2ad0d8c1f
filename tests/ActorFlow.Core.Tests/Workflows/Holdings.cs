using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Core.Tests.Workflows;

/// <summary>What a run holds, found by looking at all of it.</summary>
internal static class Holdings
{
    /// <summary>The bytes of every payload.</summary>
    public static long BytesOf(RunState run)
    {
        var executions = ExecutionsOf(run).Concat(run.Compensation.Current is { } undoing ? [undoing.Execution] : []);
        return run.Input.Length
            + TasksOf(run).Sum(task => (long)(task.Output?.Length ?? 0))
            + TasksOf(run).Sum(task => task.Fan is { } fan ? fan.Items.Sum(item => item.Length + 1L) + 1 : 0)
            + executions.Sum(execution => (long)(execution.Input?.Length ?? 0) + (execution.Output?.Length ?? 0) + QuestionOf(execution))
            + run.Signals.InOrder.Sum(signal => (long)signal.Payload.Length)
            + run.Compensation.Entries.Sum(entry => (long)entry.Undo.Input.Length);
    }

    /// <summary>Every execution of every task, but no compensation.</summary>
    public static IEnumerable<TaskExecutionState> ExecutionsOf(RunState run) => TasksOf(run).SelectMany(ExecutionsOf);

    /// <summary>Settled tasks that keep more than their output: what a retry goes on from.</summary>
    public static int KeptTasksOf(RunState run) => TasksOf(run).Count(task => task.IsSettled && (task.Execution is not null || task.Fan is not null));

    /// <summary>Instances of groups that no execution has open, and that no execution keeps for a retry.</summary>
    public static IEnumerable<ScopeState> LostScopesOf(RunState run)
    {
        var owned = ExecutionsOf(run)
            .Where(execution => execution.Opened > 0 && execution.Phase is TaskExecutionPhase.Open or TaskExecutionPhase.Failed or TaskExecutionPhase.Cancelled)
            .Select(execution => execution.Opened)
            .ToHashSet();
        return run.Scopes.Values.Where(scope => !scope.IsRoot && !owned.Contains(scope.Id));
    }

    private static IEnumerable<TaskState> TasksOf(RunState run) => run.Scopes.Values.SelectMany(scope => scope.Tasks);

    private static IEnumerable<TaskExecutionState> ExecutionsOf(TaskState task) =>
        task.Fan is { } fan ? fan.Elements : task.Execution is { } execution ? [execution] : [];

    private static long QuestionOf(TaskExecutionState execution) =>
        execution.Question is { } question ? (question.Options?.Length ?? 0) + (question.Assignees?.Length ?? 0) : 0;
}

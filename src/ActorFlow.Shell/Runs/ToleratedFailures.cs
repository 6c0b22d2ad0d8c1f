using System.Collections.Immutable;

namespace ActorFlow.Shell.Runs;

/// <summary>Failures that did not make the run fail: tasks with <c>on-error: continue</c>, and the elements of such a fan-out.</summary>
internal static class ToleratedFailures
{
    /// <summary>Finds them, in the order of the file.</summary>
    public static ImmutableArray<FailedTask> In(WorkflowDescription run)
    {
        var fatal = run.Failures.Select(failed => failed.Path).ToHashSet(StringComparer.Ordinal);
        var found = ImmutableArray.CreateBuilder<FailedTask>();
        foreach (var task in run.Tasks)
        {
            if (task is not { Phase: TaskPhase.Failed, Error: { } error } || fatal.Contains(error.Task) || fatal.Contains(task.Path))
            {
                continue;
            }

            // A failure inside a group or a child is named by its own path, and is the same failure.
            var own = error.Failures.IsDefaultOrEmpty
                ? [new FailedTask(error.Task, error.Type, error.Message, task.Attempts)]
                : error.Failures.Select(element => new FailedTask($"{task.Path}[{element.Index}]", element.Type, element.Message, 1));
            found.AddRange(own.Where(failed => !found.Any(known => known.Path == failed.Path)));
        }

        return found.DrainToImmutable();
    }
}

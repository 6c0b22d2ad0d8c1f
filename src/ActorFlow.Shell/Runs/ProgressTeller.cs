using ActorFlow.Core.Workflows;

namespace ActorFlow.Shell.Runs;

/// <summary>Tells a display what one step of a run means for its tasks, and counts them one by one.</summary>
/// <param name="progress">The display.</param>
/// <param name="labelOf">Gives the label of a path of this run.</param>
/// <param name="counts">Whether the tasks of this run are counted.</param>
internal sealed class ProgressTeller(IRunProgress progress, Func<string, string> labelOf, bool counts)
{
    /// <summary>Tells the display.</summary>
    /// <param name="step">The step.</param>
    /// <param name="at">When it was recorded.</param>
    public void Tell(RunStep step, DateTimeOffset at)
    {
        var line = step.Lines.FirstOrDefault();
        // The last element of a fan-out settles two: itself, and the whole task.
        var whole = line?.Task is { } path && TaskLabel.WholeOf(path) is var task && task.Length < path.Length && path.IndexOf('[', task.Length) >= 0
            && step.Phase is TaskPhase.Completed or TaskPhase.Failed or TaskPhase.Cancelled
            ? task
            : null;
        Count(step.Progress.Settled - (whole is null ? 0 : 1), step);
        if (line is { Task: not null })
        {
            TellLine(step, line, labelOf(TaskLabel.Of(line.Task, line.Title)), at);
        }

        if (whole is not null)
        {
            Count(step.Progress.Settled, step);
            progress.TaskEnded(labelOf(TaskLabel.Of(whole, line!.Title)), EndOf(step.Phase!.Value), at);
        }
    }

    private void Count(int settled, RunStep step)
    {
        if (counts)
        {
            progress.Counted(step.Progress.Tasks, settled);
        }
    }

    private void TellLine(RunStep step, HistoryEvent line, string label, DateTimeOffset at)
    {
        switch (step.Event)
        {
            case WorkflowEvent.TaskExecutionCompleted { LoopError: { } error }:
                Fail(step, line, label, error, at);
                break;
            case WorkflowEvent.TaskExecutionCompleted:
                progress.TaskEnded(label, TaskEnd.Completed, at);
                break;
            case WorkflowEvent.AttemptFailed { RetryAt: { } retryAt } e:
                progress.TaskRetrying(label, e.Number, e.Error.Type, e.Error.Message, retryAt - at, at);
                break;
            case WorkflowEvent.AttemptFailed { Error: var error }:
                Fail(step, line, label, error, at);
                break;
            case WorkflowEvent.TaskExecutionFailed { Error: var error }:
                Fail(step, line, label, error, at);
                break;
            case WorkflowEvent.TaskFailed { Error: var error }:
                Fail(step, line, label, error, at);
                break;
            case WorkflowEvent.AttemptCancelled or WorkflowEvent.TaskExecutionCancelled:
                progress.TaskEnded(label, TaskEnd.Cancelled, at);
                break;
            case WorkflowEvent.TaskSkipped:
                progress.TaskEnded(label, TaskEnd.Skipped, at);
                break;
            case WorkflowEvent.FanOutOpened when step.Phase is TaskPhase.Completed:
                progress.TaskEnded(label, TaskEnd.Completed, at, "there are no elements");
                break;
            case WorkflowEvent.DelayStarted e:
                progress.TaskWaiting(label, e.DueAt);
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// Reports a failure once, under the path of what failed first: a fatal one when the run ends, a tolerated one where it is. The error of a
    /// group was reported inside it; the error of a child was not.
    /// </summary>
    private void Fail(RunStep step, HistoryEvent line, string label, TaskError error, DateTimeOffset at)
    {
        var isOwn = error.Task == line.Task;
        if (!step.IsFatal && (isOwn || step.IsOfChild))
        {
            progress.TaskEnded(label, TaskEnd.Failed, at, isOwn ? $"{error.Type}: {error.Message}" : $"{error.Type} in {labelOf(error.Task)}: {error.Message}");
        }
        else if (isOwn)
        {
            progress.TaskEnded(label, TaskEnd.Failed, at, error.Type);
        }
        else if (counts)
        {
            progress.TaskEnded(label, TaskEnd.Failed, at);
        }
    }

    private static TaskEnd EndOf(TaskPhase phase) => phase switch
    {
        TaskPhase.Failed => TaskEnd.Failed,
        TaskPhase.Cancelled => TaskEnd.Cancelled,
        _ => TaskEnd.Completed,
    };
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Workflows;

namespace ActorFlow.Shell.Runs;

/// <summary>Feeds the display of one run: the worker says what begins, the journal says how it ended.</summary>
internal sealed class ProgressFeed(string workflowId, IRunProgress progress) : ITaskObserver, IRunObserver
{
    private readonly ConcurrentDictionary<BodyId, string> _paths = new();
    private volatile bool _announced;

    /// <inheritdoc/>
    public void Started(in ObservedAttempt attempt)
    {
        _paths[attempt.Attempt.Body] = attempt.Path;
        progress.TaskStarted(attempt.Path, attempt.Attempt.Number);
    }

    /// <inheritdoc/>
    public void Ended(in ObservedAttempt attempt, TaskOutcome outcome)
    {
        // Whether that was the end of the task is not known before the run has recorded it.
    }

    /// <inheritdoc/>
    public void Recovered(string id, RunProgress reached) => Announce(id, reached);

    /// <inheritdoc/>
    public void Recorded(string id, ImmutableArray<WorkflowCommit> commits, RunProgress reached)
    {
        if (id != workflowId)
        {
            return;
        }

        Announce(id, reached);
        progress.Counted(reached.Tasks, reached.Settled);
        foreach (var commit in commits)
        {
            foreach (var @event in commit.Events)
            {
                Tell(@event, commit.At);
            }
        }
    }

    private void Announce(string id, RunProgress reached)
    {
        if (id == workflowId && !_announced)
        {
            _announced = true;
            progress.RunStarted(reached.Tasks, reached.Settled);
        }
    }

    private void Tell(WorkflowEvent @event, DateTimeOffset at)
    {
        switch (@event)
        {
            case WorkflowEvent.BodyCompleted e when _paths.TryRemove(e.Body, out var path):
                progress.TaskEnded(path, TaskEnd.Completed);
                break;
            case WorkflowEvent.AttemptFailed { RetryAt: { } retryAt } e when _paths.TryGetValue(e.Body, out var path):
                progress.TaskRetrying(path, e.Number, e.Error.Type, e.Error.Message, retryAt - at);
                break;
            case WorkflowEvent.AttemptFailed e when _paths.TryRemove(e.Body, out var path):
                progress.TaskEnded(path, TaskEnd.Failed, $"{e.Error.Type}: {e.Error.Message}");
                break;
            case WorkflowEvent.BodyFailed e:
                _paths.TryRemove(e.Body, out _);
                progress.TaskEnded(e.Error.Task, TaskEnd.Failed, $"{e.Error.Type}: {e.Error.Message}");
                break;
            case WorkflowEvent.TaskFailed e:
                progress.TaskEnded(e.Error.Task, TaskEnd.Failed, $"{e.Error.Type}: {e.Error.Message}");
                break;
            case WorkflowEvent.AttemptCancelled e when _paths.TryRemove(e.Body, out var path):
                progress.TaskEnded(path, TaskEnd.Cancelled);
                break;
            default:
                break;
        }
    }
}

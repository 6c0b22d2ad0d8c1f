using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Workflows;

namespace ActorFlow.Shell.Runs;

/// <summary>
/// Feeds the display of one run and its children: the worker says what begins, the journal says how it ended. The tasks of a child
/// are shown behind the rest of the child's id: <c>kid/task</c>.
/// </summary>
/// <param name="workflowId">The run.</param>
/// <param name="progress">Told of every change.</param>
/// <param name="announcesRecovery">
/// Whether a run that was read back is announced as it stands; false where it is about to be taken elsewhere.
/// </param>
internal sealed class ProgressFeed(string workflowId, IRunProgress progress, bool announcesRecovery = true) : ITaskObserver, IRunObserver
{
    private readonly ConcurrentDictionary<(string Run, BodyId Body), string> _paths = new();
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile bool _announced;
    private volatile bool _watched;

    /// <summary>Whether changes are of interest beyond the display: somebody may have to be asked. Asked and recovered runs switch it on.</summary>
    public bool IsWatched
    {
        get => _watched;
        set => _watched = value;
    }

    /// <summary>Waits for a change since the last call, while <see cref="IsWatched"/>; many changes count as one.</summary>
    public async Task ChangedAsync(CancellationToken cancellationToken) => await _changes.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public void Started(in ObservedAttempt attempt)
    {
        if (LabelOf(attempt.WorkflowId, attempt.Path) is { } label)
        {
            _paths[(attempt.WorkflowId, attempt.Attempt.Body)] = label;
            progress.TaskStarted(label, attempt.Attempt.Number);
        }
    }

    /// <inheritdoc/>
    public void Ended(in ObservedAttempt attempt, TaskOutcome outcome)
    {
        // Whether that was the end of the task is not known before the run has recorded it.
    }

    /// <inheritdoc/>
    public void Recovered(string id, RunProgress reached)
    {
        if (announcesRecovery)
        {
            Announce(id, reached);
        }

        Watch(always: true);
    }

    /// <inheritdoc/>
    public void Recorded(string id, ImmutableArray<WorkflowCommit> commits, RunProgress reached)
    {
        if (LabelOf(id, string.Empty) is null)
        {
            return;
        }

        Announce(id, reached);
        if (id == workflowId)
        {
            progress.Counted(reached.Tasks, reached.Settled);
        }

        var asks = false;
        foreach (var commit in commits)
        {
            foreach (var @event in commit.Events)
            {
                Tell(id, @event, commit.At);
                asks |= @event is WorkflowEvent.QuestionAsked or WorkflowEvent.SignalAwaited or WorkflowEvent.Rewound or WorkflowEvent.Started { Image: not null };
            }
        }

        Watch(asks);
    }

    private void Watch(bool always)
    {
        _watched |= always;
        if (_watched)
        {
            _changes.Writer.TryWrite(true);
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

    /// <summary>What a task is shown as; none: it belongs to another run.</summary>
    private string? LabelOf(string id, string path) =>
        id == workflowId ? path
        : id.Length > workflowId.Length && id[workflowId.Length] == '/' && id.StartsWith(workflowId, StringComparison.Ordinal)
            ? $"{id.AsSpan(workflowId.Length + 1)}/{path}"
            : null;

    private void Tell(string id, WorkflowEvent @event, DateTimeOffset at)
    {
        switch (@event)
        {
            case WorkflowEvent.BodyCompleted e when _paths.TryRemove((id, e.Body), out var path):
                progress.TaskEnded(path, TaskEnd.Completed);
                break;
            case WorkflowEvent.AttemptFailed { RetryAt: { } retryAt } e when _paths.TryGetValue((id, e.Body), out var path):
                progress.TaskRetrying(path, e.Number, e.Error.Type, e.Error.Message, retryAt - at);
                break;
            case WorkflowEvent.AttemptFailed e when _paths.TryRemove((id, e.Body), out var path):
                progress.TaskEnded(path, TaskEnd.Failed, $"{e.Error.Type}: {e.Error.Message}");
                break;
            case WorkflowEvent.BodyFailed e:
                _paths.TryRemove((id, e.Body), out _);
                progress.TaskEnded(LabelOf(id, e.Error.Task)!, TaskEnd.Failed, $"{e.Error.Type}: {e.Error.Message}");
                break;
            case WorkflowEvent.TaskFailed e:
                progress.TaskEnded(LabelOf(id, e.Error.Task)!, TaskEnd.Failed, $"{e.Error.Type}: {e.Error.Message}");
                break;
            case WorkflowEvent.AttemptCancelled e when _paths.TryRemove((id, e.Body), out var path):
                progress.TaskEnded(path, TaskEnd.Cancelled);
                break;
            default:
                break;
        }
    }
}

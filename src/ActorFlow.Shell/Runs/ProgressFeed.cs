using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Workflows;

namespace ActorFlow.Shell.Runs;

/// <summary>
/// Feeds the display of one run and its children: the worker reports what begins, the journal tells how it ended. The tasks of a child
/// are shown after the rest of the child's id: <c>kid/task</c>.
/// </summary>
/// <param name="workflowId">The run.</param>
/// <param name="progress">The display, which receives every change.</param>
/// <param name="clock">The clock of the node.</param>
/// <param name="announcesRecovery">
/// Whether a recovered run is announced with its present state; false before a rewind, fork or retry.
/// </param>
internal sealed class ProgressFeed(string workflowId, IRunProgress progress, TimeProvider clock, bool announcesRecovery = true) : ITaskObserver, IRunObserver
{
    private readonly ConcurrentDictionary<string, RunFollower> _followers = new(StringComparer.Ordinal);
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<string, bool> _children = new(StringComparer.Ordinal);
    private volatile bool _announced;
    private volatile bool _watched;

    /// <summary>Whether changes are reported by <see cref="ChangedAsync"/>, because a question may have to be asked. Questions and recoveries set it.</summary>
    public bool IsWatched
    {
        get => _watched;
        set => _watched = value;
    }

    /// <summary>The children, theirs included, that have been requested or have continued here, in order of id.</summary>
    public IEnumerable<string> Children => _children.Keys.Order(StringComparer.Ordinal);

    /// <summary>Waits for a change since the last call, while <see cref="IsWatched"/>; many changes count as one.</summary>
    public async Task ChangedAsync(CancellationToken cancellationToken) => await _changes.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public void Started(in ObservedAttempt attempt)
    {
        var title = _followers.TryGetValue(attempt.WorkflowId, out var follower) ? follower.TitleOf(attempt.Attempt.Execution) : null;
        if (LabelOf(attempt.WorkflowId, TaskLabel.Of(attempt.Path, title)) is { } label)
        {
            progress.TaskStarted(label, attempt.Attempt.Number, clock.GetUtcNow());
        }
    }

    /// <inheritdoc/>
    public void Ended(in ObservedAttempt attempt, TaskOutcome outcome)
    {
        // Whether the task ended is not known before the run has recorded it.
    }

    /// <inheritdoc/>
    public void Recorded(string id, ImmutableArray<WorkflowCommit> commits, RunProgress reached)
    {
        // The other overload handles it, with the state of the run.
    }

    /// <inheritdoc/>
    public void Recovered(string id, RunProgress reached)
    {
        // The other overload handles it, with the state of the run.
    }

    /// <inheritdoc/>
    public void Recovered(string id, RunProgress reached, WorkflowState state)
    {
        if (LabelOf(id, string.Empty) is not null)
        {
            var follower = RunFollower.From(state);
            _followers[id] = follower;
            if (announcesRecovery && state is WorkflowState.Open open)
            {
                Announce(id, reached, resumed: true, open.StartedAt);
                TellStanding(id, follower.Describe());
            }
        }

        Watch(always: true);
    }

    /// <inheritdoc/>
    public void Recorded(string id, ImmutableArray<WorkflowCommit> commits, RunProgress reached, WorkflowState state)
    {
        if (LabelOf(id, string.Empty) is null)
        {
            return;
        }

        // A child that its parent starts again begins from the start.
        var begins = commits[0].Events is [WorkflowEvent.Started, ..];
        var follower = begins || !_followers.TryGetValue(id, out var known) ? RunFollower.FromStart(state) : known;
        var asks = false;
        foreach (var commit in commits)
        {
            foreach (var step in follower.Read(commit))
            {
                Announce(id, step.Progress, resumed: false, commit.At);
                new ProgressTeller(progress, path => LabelOf(id, path)!, id == workflowId).Tell(step, commit.At);
                if (step.Event is WorkflowEvent.ChildRequested child)
                {
                    _children.TryAdd(child.ChildId, true);
                }

                asks |= step.Event is WorkflowEvent.QuestionAsked or WorkflowEvent.SignalAwaited or WorkflowEvent.Rewound or WorkflowEvent.Started { Image: not null };
            }
        }

        // Follow the state itself, so that what it shares with the run is not held twice.
        _followers[id] = RunFollower.From(state);
        Watch(asks);
    }

    private void TellStanding(string id, WorkflowDescription run)
    {
        foreach (var task in run.Tasks)
        {
            var label = LabelOf(id, TaskLabel.Of(task.Path, task.Title))!;
            if (task is { Wait: TaskWait.Delay, Until: { } until })
            {
                progress.TaskWaiting(label, until);
            }
            else if (task is { Phase: TaskPhase.Failed, Error: { } error } && error.Failures.IsDefaultOrEmpty && error.Task == task.Path)
            {
                progress.FailedBefore(label);
            }
        }

        foreach (var element in ToleratedFailures.In(run).Where(failed => failed.Path.EndsWith(']')))
        {
            progress.FailedBefore(LabelOf(id, element.Path)!);
        }
    }

    private void Watch(bool always)
    {
        _watched |= always;
        if (_watched)
        {
            _changes.Writer.TryWrite(true);
        }
    }

    private void Announce(string id, RunProgress reached, bool resumed, DateTimeOffset startedAt)
    {
        if (id == workflowId && !_announced)
        {
            _announced = true;
            progress.RunStarted(reached.Tasks, reached.Settled, resumed, startedAt);
        }
    }

    /// <summary>The label of a task; null means that it belongs to another run.</summary>
    private string? LabelOf(string id, string path) =>
        id == workflowId ? path
        : id.Length > workflowId.Length && id[workflowId.Length] == '/' && id.StartsWith(workflowId, StringComparison.Ordinal)
            ? $"{id.AsSpan(workflowId.Length + 1)}/{path}"
            : null;
}

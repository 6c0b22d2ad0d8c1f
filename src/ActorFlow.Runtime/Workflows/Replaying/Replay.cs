using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Runtime.Checkpoints;

namespace ActorFlow.Runtime.Workflows.Replaying;

/// <summary>Collects the journal of one run during recovery, until its definition is loaded and it can be folded.</summary>
internal sealed class Replay
{
    private readonly List<WorkflowCommit> _commits = [];
    private long _last;
    private bool _hasGap;

    /// <summary>The checkpoint that the recovery begins from; null means the first row.</summary>
    public WorkflowCheckpoint? Checkpoint { get; private set; }

    /// <summary>The definition of the run; null means that nothing was ever started.</summary>
    public DefinitionReference? Definition =>
        _commits.SelectMany(commit => commit.Events).OfType<WorkflowEvent.Started>().LastOrDefault()?.Definition ?? Checkpoint?.State.Definition;

    /// <summary>Begins after a checkpoint.</summary>
    public void Begin(WorkflowCheckpoint checkpoint) => (Checkpoint, _last) = (checkpoint, checkpoint.Sequence);

    /// <summary>Adds the next row.</summary>
    public void Add(long sequence, IEnumerable<WorkflowCommit> commits)
    {
        _hasGap |= _last > 0 && sequence != _last + 1;
        _last = sequence;
        _commits.AddRange(commits);
    }

    /// <summary>Whether there is a checkpoint and no row behind it.</summary>
    public bool HasOnlyCheckpoint => Checkpoint is not null && _commits.Count == 0;

    /// <summary>Whether all rows up to the last of the journal were read: while a run is purged, only some of them may be left.</summary>
    public bool IsWhole(long last) => !_hasGap && _last == last;

    /// <summary>Folds the rows into the state of the run.</summary>
    /// <param name="plan">The plan of the run.</param>
    /// <param name="abandoned">Collects the children that the run leaves; null means that they are not collected.</param>
    /// <exception cref="InvalidOperationException">A commit cannot follow the state before it.</exception>
    public WorkflowState Fold(WorkflowPlan plan, AbandonedChildren? abandoned = null) => PastState.Fold(plan, Checkpoint, _commits, abandoned);

    /// <summary>Folds the rows into a session.</summary>
    /// <param name="session">The session of the run.</param>
    /// <param name="plan">The plan of the run.</param>
    /// <param name="askedSince">Children that were requested before this time and left are not begun again.</param>
    /// <exception cref="InvalidOperationException">A commit cannot follow the state before it.</exception>
    public void Into(WorkflowSession session, WorkflowPlan plan, DateTimeOffset askedSince)
    {
        var abandoned = new AbandonedChildren();
        var state = Fold(plan, abandoned);
        session.Recover(plan, state, abandoned.LeftBy(state, askedSince));
    }
}

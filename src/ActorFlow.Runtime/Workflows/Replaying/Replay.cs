using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Runtime.Checkpoints;

namespace ActorFlow.Runtime.Workflows.Replaying;

/// <summary>What the recovery of one run is given of its journal, until its definition is at hand and it can be folded.</summary>
internal sealed class Replay
{
    private readonly List<WorkflowCommit> _commits = [];
    private long _last;
    private bool _hasGap;

    /// <summary>Where the recovery begins; null means at the first row.</summary>
    public WorkflowCheckpoint? Checkpoint { get; private set; }

    /// <summary>What the run runs; null means that nothing was ever started.</summary>
    public DefinitionReference? Definition =>
        _commits.SelectMany(commit => commit.Events).OfType<WorkflowEvent.Started>().LastOrDefault()?.Definition ?? Checkpoint?.State.Definition;

    /// <summary>The recovery begins behind a checkpoint.</summary>
    public void Begin(WorkflowCheckpoint checkpoint) => (Checkpoint, _last) = (checkpoint, checkpoint.Sequence);

    /// <summary>The next row.</summary>
    public void Add(long sequence, IEnumerable<WorkflowCommit> commits)
    {
        _hasGap |= _last > 0 && sequence != _last + 1;
        _last = sequence;
        _commits.AddRange(commits);
    }

    /// <summary>Whether all rows up to the last of the journal were there: a run that is purged just then leaves only some of them to be read.</summary>
    public bool IsWhole(long last) => !_hasGap && _last == last;

    /// <summary>Folds what was read.</summary>
    /// <param name="session">What takes up the run.</param>
    /// <param name="plan">What the run runs.</param>
    /// <param name="askedSince">Children that the run left to themselves before that time are not begun again.</param>
    /// <exception cref="InvalidOperationException">It leads nowhere.</exception>
    public void Into(WorkflowSession session, WorkflowPlan plan, DateTimeOffset askedSince)
    {
        var abandoned = new AbandonedChildren();
        var state = PastState.Fold(plan, Checkpoint, _commits, abandoned);
        session.Recover(plan, state, abandoned.LeftBy(state, askedSince));
    }
}

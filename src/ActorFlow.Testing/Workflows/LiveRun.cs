using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Workflows;
using ActorFlow.Runtime.Workflows.Replaying;

namespace ActorFlow.Testing.Workflows;

/// <summary>A run in the memory of the node: lost in a crash, and recovered from its journal.</summary>
internal sealed class LiveRun(WorkflowSession session, RunJournal journal)
{
    private readonly CheckpointBook _checkpoints = new();

    public string Id => Journal.Id;

    public WorkflowSession Session { get; } = session;

    public WorkflowPlan Plan => Session.Plan!;

    public RunJournal Journal { get; } = journal;

    public WorkflowState State => Session.State!;

    /// <summary>The checkpoints that were requested by name, oldest first.</summary>
    public ImmutableArray<NamedCheckpoint> Named => _checkpoints.Named;

    /// <summary>When a checkpoint is due by the age of the last one; null means that age plays no part, or that the run has recorded nothing since.</summary>
    public DateTimeOffset? CheckpointDue =>
        _checkpoints.EventsSince > 0 && State is WorkflowState.Open && Plan.Definition.CheckpointInterval is { } interval
            ? _checkpoints.LastAt + interval
            : null;

    /// <summary>Recovers the run from its newest checkpoint and the rows after it.</summary>
    public static LiveRun Recover(RunJournal journal, Func<DefinitionReference, WorkflowPlan> planOf)
    {
        var session = new WorkflowSession(journal.Id);
        var run = new LiveRun(session, journal);
        var newest = journal.Checkpoints.Select(sequence => (long?)sequence).LastOrDefault();
        var replay = new Replay();
        if (newest is { } at && journal.FindCheckpoint(at) is { } checkpoint)
        {
            replay.Begin(checkpoint);
            run._checkpoints.Begin(checkpoint);
            run._checkpoints.LastAt = checkpoint.State.At;
        }

        for (var sequence = (replay.Checkpoint?.Sequence ?? 0) + 1; sequence <= journal.Sequence; sequence++)
        {
            var commit = journal.Read(sequence);
            replay.Add(sequence, [commit]);
            run.Note(commit, sequence);
        }

        replay.Into(session, planOf(replay.Definition!), askedSince: DateTimeOffset.MinValue);
        return run;
    }

    /// <summary>Everything that was recorded, for people. A child that its parent starts again begins anew in the same journal.</summary>
    public IEnumerable<HistoryEvent> History()
    {
        var (reader, runId) = (new HistoryReader(Plan), Guid.Empty);
        for (var sequence = 1L; sequence <= Journal.Sequence; sequence++)
        {
            var commit = Journal.Read(sequence);
            if (commit.Events.OfType<WorkflowEvent.Started>().FirstOrDefault() is { } started)
            {
                (reader, runId) = (new HistoryReader(Plan), started.RunId);
            }

            var index = 0;
            foreach (var read in reader.Read(commit))
            {
                yield return read with { Token = new(runId, sequence, index++) };
            }
        }
    }

    /// <summary>Writes a commit, and continues from the written bytes.</summary>
    /// <param name="before">The state before the commit.</param>
    /// <param name="commit">The commit.</param>
    public void Write(WorkflowState before, WorkflowCommit commit)
    {
        Journal.Append(commit);
        var sequence = Journal.Sequence;
        var written = Journal.Read(sequence);
        Session.ReadBack(WorkflowDecider.Evolve(before, written));
        Note(written, sequence);
        if (State is WorkflowState.Open open && _checkpoints.IsDue(sequence, open, Plan.Definition, written.At))
        {
            TakeCheckpoint(written.At);
        }
    }

    /// <summary>Takes a checkpoint of the run as its last row left it, and deletes those that are no longer kept.</summary>
    public void TakeCheckpoint(DateTimeOffset now)
    {
        if (State is not WorkflowState.Open open)
        {
            return;
        }

        Journal.Save(_checkpoints.Take(Journal.Sequence, open.ToImage(), now));
        _checkpoints.Stored(Journal.Sequence, Plan.Definition.CheckpointKeep);
        foreach (var old in _checkpoints.Listed(Journal.Checkpoints.Select(kept => new KeptCheckpoint(kept, now, 0)), Plan.Definition.CheckpointKeep))
        {
            Journal.DropCheckpoint(old);
        }
    }

    /// <summary>
    /// The run after a row: from the nearest checkpoint and the rows after it; null means that there is no such row, or that the run had
    /// ended by then.
    /// </summary>
    public RunImage? ImageAt(long sequence)
    {
        if (sequence < 1 || sequence > Journal.Sequence)
        {
            return null;
        }

        var nearest = Journal.Checkpoints.Where(kept => kept <= sequence).Select(Journal.FindCheckpoint).LastOrDefault();
        if (nearest?.Sequence == sequence)
        {
            return nearest.State;
        }

        var first = (nearest?.Sequence ?? 0) + 1;
        var commits = Enumerable.Range(0, (int)(sequence - first + 1)).Select(row => Journal.Read(first + row)).ToList();
        return (PastState.Fold(Plan, nearest, commits) as WorkflowState.Open)?.ToImage();
    }

    /// <summary>Whether the run left the child of that attempt: it does not know how the child ended and does not wait for its end.</summary>
    public bool HasLeft(AttemptId attempt)
    {
        var children = new AbandonedChildren();
        var state = WorkflowState.Initial(Plan);
        for (var row = 1L; row <= Journal.Sequence; row++)
        {
            state = WorkflowDecider.Evolve(state, Journal.Read(row), children);
        }

        return children.HasLeft(state, attempt);
    }

    private void Note(WorkflowCommit commit, long sequence)
    {
        _checkpoints.Note(sequence, [commit]);
        _checkpoints.LastAt = _checkpoints.LastAt == default ? commit.At : _checkpoints.LastAt;
    }
}

using System.Collections.Immutable;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Runtime.Checkpoints;

namespace ActorFlow.Testing.Workflows;

/// <summary>A run in the memory of the node: lost in a crash, and found again from its journal.</summary>
internal sealed class LiveRun(WorkflowPlan plan, RunJournal journal, WorkflowState state)
{
    private ImmutableArray<NamedCheckpoint> _named = [];
    private int _events;
    private DateTimeOffset _lastCheckpoint = DateTimeOffset.MaxValue;

    public string Id => Journal.Id;

    public WorkflowPlan Plan { get; } = plan;

    public RunJournal Journal { get; } = journal;

    public WorkflowState State { get; set; } = state;

    /// <summary>Attempts of before a recovery: what they had done nobody knows.</summary>
    public HashSet<AttemptId> Inherited { get; } = [];

    /// <summary>The checkpoints that were asked for by name, oldest first.</summary>
    public ImmutableArray<NamedCheckpoint> Named => _named;

    /// <summary>When the age of the last checkpoint asks for another; none: it never does, or nothing has happened since.</summary>
    public DateTimeOffset? CheckpointDue =>
        _events > 0 && State is WorkflowState.Open && Plan.Definition.CheckpointInterval is { } interval && _lastCheckpoint != DateTimeOffset.MaxValue
            ? _lastCheckpoint + interval
            : null;

    /// <summary>The run as its newest checkpoint and the rows after it have it.</summary>
    public static LiveRun Recover(RunJournal journal, Func<DefinitionReference, WorkflowPlan> planOf)
    {
        var started = journal.Read(1);
        var plan = planOf(started.Events.OfType<WorkflowEvent.Started>().Single().Definition);
        var newest = journal.Checkpoints.Select(sequence => (long?)sequence).LastOrDefault();
        var checkpoint = newest is { } at ? journal.FindCheckpoint(at) : null;
        var state = checkpoint is null ? WorkflowState.Initial(plan) : WorkflowState.Of(plan, checkpoint.State);
        var run = new LiveRun(plan, journal, state);
        if (checkpoint is not null)
        {
            (run._named, run._lastCheckpoint) = (checkpoint.Named, checkpoint.State.At);
        }

        for (var sequence = (checkpoint?.Sequence ?? 0) + 1; sequence <= journal.Sequence; sequence++)
        {
            run.Follow(journal.Read(sequence), sequence);
        }

        if (run.State is WorkflowState.Open open)
        {
            run.Inherited.UnionWith(open.Outstanding.Select(open.AttemptOf));
        }

        return run;
    }

    /// <summary>Writes a commit, and goes on from what was written.</summary>
    public void Write(WorkflowCommit commit)
    {
        Journal.Append(commit);
        var sequence = Journal.Sequence;
        var written = Journal.Read(sequence);
        Follow(written, sequence);
        if (written.Events.Any(e => e is WorkflowEvent.CheckpointNamed) || _events >= Plan.Definition.CheckpointEvery)
        {
            TakeCheckpoint(written.At);
        }
    }

    /// <summary>Takes a checkpoint of the run as its last row left it, and lets go of those that are too many.</summary>
    public void TakeCheckpoint(DateTimeOffset now)
    {
        if (State is not WorkflowState.Open open)
        {
            return;
        }

        Journal.Save(new(Journal.Sequence, Named, open.ToImage()));
        (_events, _lastCheckpoint) = (0, now);
        var unnamed = Journal.Checkpoints.Except(Named.Select(named => named.Sequence)).ToList();
        foreach (var sequence in unnamed.Take(unnamed.Count - Plan.Definition.CheckpointKeep))
        {
            Journal.DropCheckpoint(sequence);
        }
    }

    /// <summary>The run as a row left it: from the nearest checkpoint and the rows behind it; none: there is no such row, or it had ended by then.</summary>
    public RunImage? ImageAt(long sequence)
    {
        if (sequence < 1 || sequence > Journal.Sequence)
        {
            return null;
        }

        var nearest = Journal.Checkpoints.Where(kept => kept <= sequence).Select(Journal.FindCheckpoint).LastOrDefault();
        var state = nearest is null ? WorkflowState.Initial(Plan) : WorkflowState.Of(Plan, nearest.State);
        for (var row = (nearest?.Sequence ?? 0) + 1; row <= sequence; row++)
        {
            state = WorkflowDecider.Evolve(state, Journal.Read(row));
        }

        return nearest?.Sequence == sequence ? nearest.State : (state as WorkflowState.Open)?.ToImage();
    }

    /// <summary>Whether the run left the child of that attempt to itself: it has not heard how the child ended, and never will.</summary>
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

    private void Follow(WorkflowCommit commit, long sequence)
    {
        State = WorkflowDecider.Evolve(State, commit);
        _events += commit.Events.Length;
        _lastCheckpoint = _lastCheckpoint == DateTimeOffset.MaxValue ? commit.At : _lastCheckpoint;
        _named = _named.AddRange(commit.Events.OfType<WorkflowEvent.CheckpointNamed>()
            .Select(named => new NamedCheckpoint(named.Name, sequence, commit.At)));
    }
}

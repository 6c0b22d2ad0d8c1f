using ActorFlow.Core.Workflows;

namespace ActorFlow.Core.Tests.Workflows.Properties.Driving;

/// <summary>What people do to a run at moments that the case says: the same as in the reference.</summary>
internal sealed partial class Driver
{
    private static readonly Guid ForkRunId = new("00000000-0000-0000-0000-00000000f001");

    private readonly List<NamedCheckpoint> _named = [];

    private int _actsDone;

    /// <summary>A named checkpoint as it was kept, right after the commit that named it.</summary>
    private sealed record NamedCheckpoint(string Name, int Commits, RunImage Image, string State, int SignalsSent);

    private SteeringAct? NextAct => _actsDone < _case.Acts.Count ? _case.Acts[_actsDone] : null;

    private void Act()
    {
        var act = NextAct!;
        _actsDone++;
        _now = act.At > _now ? act.At : _now;
        if (_state is WorkflowState.Closed)
        {
            LetGo();
        }

        var id = NewId(50_000 + _actsDone);
        var stands = WhereItStands();
        var answer = act switch
        {
            SteeringAct.Checkpoint checkpoint => TakeCheckpoint(new(_case.Id, id, checkpoint.Name)),
            SteeringAct.Retry retry => Do(new WorkflowCommand.Retry(_case.Id, id, retry.From) { LeftBy = LeftBy }),
            SteeringAct.Rewind rewind => _named.Count == 0 ? "nowhere" : Rewind(_named[rewind.Choice % _named.Count], id),
            SteeringAct.Fork fork => _named.Count == 0 ? "nowhere" : Fork(_named[fork.Choice % _named.Count], fork),
            _ => throw new InvalidOperationException($"There is no {act}."),
        };
        _story.Outside.Add(OutsideLine.Done(_now, act, stands, answer));
    }

    private string WhereItStands() => _state switch
    {
        WorkflowState.Closed closed => closed.Outcome.ToString().ToLowerInvariant(),
        WorkflowState.Open { Run.Rewinding: not null } => "rewinding",
        WorkflowState.Open { Run.Compensation.HasBegun: true } => "compensating",
        WorkflowState.Open { Run.IsStopping: true } => "stopping",
        WorkflowState.Open { IsPaused: true } => "paused",
        _ => "open",
    };

    /// <summary>A run that has ended, and may be opened again, holds nothing any more; what people say to it meanwhile is refused.</summary>
    private void LetGo()
    {
        _leases.Clear();
        _kids.Clear();
        _asked.Clear();
        _agenda.RemoveAll(planned => planned.At <= _now);
    }

    private string TakeCheckpoint(WorkflowCommand.TakeCheckpoint command)
    {
        var before = _named.Count;
        var answer = Do(command);
        Promise.That(_named.Count - before == (answer == "done" ? 1 : 0), $"{command} named {_named.Count - before} checkpoints");
        return answer;
    }

    private string Rewind(NamedCheckpoint to, Guid id) =>
        Do(new WorkflowCommand.Rewind(_case.Id, id, to.Commits, Stored(to)) { LeftBy = LeftBy });

    /// <summary>What is refused changes nothing; what is done is done once.</summary>
    private string Do(WorkflowCommand command)
    {
        var (before, commits) = (StateText.Of(_state), _journal.Count);
        var decision = Ask(command);
        if (decision is Decision.Refused refused)
        {
            Promise.That(before == StateText.Of(_state) && commits == _journal.Count, $"{command} was refused, and changed something");
            Promise.That(refused.Reason.Length > 20, $"{command} was refused without a reason");
            return refused.Code;
        }

        Promise.That(decision is Decision.Accepted, $"{command} does nothing");
        var again = WorkflowDecider.Decide(_state, command, _now, NoJitter);
        Promise.That(ReferenceEquals(again, Decision.Nothing), $"{command} a second time led to {again}");
        return "done";
    }

    private string Fork(NamedCheckpoint from, SteeringAct.Fork fork)
    {
        var (before, commits) = (StateText.Of(_state), _journal.Count);
        var other = new Driver(_case.Forked(fork.Input), _mischief with { Seed = _mischief.Seed + 1, Pauses = 0, Rewinds = 0, Retries = 0 })
        {
            _now = _now,
            _lastProgress = _now,
            _signalsSent = from.SignalsSent,
        };
        var image = Stored(from);
        var start = other.StartCommand() with { RunId = ForkRunId, Origin = new(_case.Id, RunId, from.Commits), Image = image };
        if (other.Ask(start) is Decision.Refused refused)
        {
            return refused.Code;
        }

        other.Play();
        Promise.That(before == StateText.Of(_state) && commits == _journal.Count, "a fork changed the run that it comes from");
        _story.Forks.Add(other._story);
        return "done";
    }

    /// <summary>The checkpoint as whoever lost its image finds it: the state right after the commit that named it.</summary>
    private RunImage Stored(NamedCheckpoint named)
    {
        if (!_dice.Chance(_mischief.Crashes))
        {
            return named.Image;
        }

        var replayed = _journal.Take(named.Commits).Aggregate(WorkflowState.Initial(_plan), WorkflowDecider.Evolve);
        return ((WorkflowState.Open)replayed).ToImage();
    }

    /// <summary>Keeps the checkpoints that a commit names: they come last in it, and hold the run as it leaves it.</summary>
    private void KeepNamed(WorkflowCommit commit)
    {
        foreach (var e in commit.Events.OfType<WorkflowEvent.CheckpointNamed>())
        {
            var open = _state as WorkflowState.Open ?? throw new BrokenPromiseException($"the checkpoint '{e.Name}' is of a run that has ended");
            var (live, image) = (StateText.Of(open), open.ToImage());
            Promise.That(live == StateText.Of(WorkflowState.Of(_plan, image)), $"the checkpoint '{e.Name}' is not what the run was");
            _named.Add(new(e.Name, _journal.Count, image, live, _signalsSent));
            _story.Outside.Add(OutsideLine.Named(commit.At, e.Name));
        }
    }

    /// <summary>Whatever has happened since: the journal tells of every named checkpoint once, and of the run as it stood there.</summary>
    private void CheckNamed()
    {
        var state = WorkflowState.Initial(_plan);
        var found = 0;
        for (var commits = 1; commits <= _journal.Count; commits++)
        {
            state = WorkflowDecider.Evolve(state, _journal[commits - 1]);
            foreach (var e in _journal[commits - 1].Events.OfType<WorkflowEvent.CheckpointNamed>())
            {
                Promise.That(found < _named.Count && (_named[found].Name, _named[found].Commits) == (e.Name, commits), $"the checkpoint '{e.Name}' is there more than once");
                var (kept, taken) = (StateText.Of(WorkflowState.Of(_plan, _named[found].Image)), _named[found].State);
                Promise.That(StateText.Of(state) == taken, $"the journal leads elsewhere than to the checkpoint '{e.Name}':\n{StateText.Difference(StateText.Of(state), taken)}");
                Promise.That(kept == taken, $"the checkpoint '{e.Name}' has changed:\n{StateText.Difference(kept, taken)}");
                found++;
            }
        }

        Promise.That(found == _named.Count, "a named checkpoint has been lost");
    }
}

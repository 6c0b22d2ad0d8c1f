using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Tests.Workflows.Properties.Driving;

/// <summary>
/// Plays a case through with the real rules in virtual time, the way an actor does: decides, writes, looks at what the write
/// touched, offers and withdraws attempts, and tells the run what became of them.
/// </summary>
internal sealed partial class Driver
{
    private const double NoJitter = 0.5;
    private const int MostCommits = 10_000;
    private const int MostContinuations = 50;

    private static readonly Guid RunId = new("00000000-0000-0000-0000-00000000a001");

    private readonly RunCase _case;
    private readonly WorkflowPlan _plan;
    private readonly Mischief _mischief;
    private readonly Dice _dice;
    private readonly List<WorkflowCommit> _journal = [];
    private readonly RunStory _story = new();
    private readonly RunRecord _record;

    private WorkflowState _state;
    private WorkflowState _replayed;
    private DateTimeOffset _now = World.Start;

    private Driver(RunCase @case, Mischief mischief)
    {
        _case = @case;
        _plan = WorkflowPlan.Compile(@case.Definition);
        _mischief = mischief;
        _record = new(_story);
        _dice = new(mischief.Seed);
        _state = _replayed = WorkflowState.Initial(_plan);
    }

    /// <summary>What becomes of a case, as the engine has it.</summary>
    /// <exception cref="BrokenPromiseException">A promise was not kept on the way.</exception>
    public static RunStory Tell(RunCase @case, Mischief mischief)
    {
        var driver = new Driver(@case, mischief);
        driver.Play();
        driver._story.Steered = (driver._pauses, driver._rewinds, driver._retries);
        return driver._story;
    }

    private void Play()
    {
        do
        {
            PlayToEnd();
        }
        while (OpensAgain());
        CheckNamed();
    }

    private void PlayToEnd()
    {
        if (_state is WorkflowState.NotStarted)
        {
            Send(StartCommand());
        }

        var continuations = 0;
        while (_state is WorkflowState.Open open)
        {
            Promise.That(_journal.Count < MostCommits, "the run does not end");
            if (open.HasMore && !(_leases.Count > 0 && _dice.Chance(_mischief.Interleaving)))
            {
                Promise.That(++continuations < MostContinuations, "the run goes on for ever in one instant");
                Promise.That(Send(new WorkflowCommand.Continue(_case.Id)), "there is more to do, but nothing is done");
            }
            else
            {
                continuations = 0;
                Disturb();
                if (!Steer())
                {
                    MoveOn();
                }
            }
        }
    }

    /// <summary>The attempt of the parent that asked for the run, where it is a child.</summary>
    private static AttemptId ByParent => new(RunId, 1, default, 1);

    private AttemptId? LeftBy => _case.IsLeft ? ByParent : null;

    private WorkflowCommand.Start StartCommand()
    {
        var reference = new DefinitionReference(_case.Definition.Name, _case.Definition.Version, "hash");
        var parent = _case.Depth is { } depth ? new ParentLink("parent", ByParent, depth) : null;
        return new(_case.Id, NewId(1), RunId, reference, _case.Input) { Companions = [World.Companion], Parent = parent };
    }

    /// <summary>The same order of moments as in the reference.</summary>
    private void MoveOn()
    {
        if (_state is not WorkflowState.Open open)
        {
            return;
        }

        var timer = open.NextDue ?? DateTimeOffset.MaxValue;
        var outside = OutsideEvents().MinBy(outside => outside.At);
        if (timer <= (outside?.At ?? DateTimeOffset.MaxValue))
        {
            Promise.That(timer != DateTimeOffset.MaxValue, "the run is open, and nothing will ever happen");
            _now = _lastProgress = timer + (_dice.Chance(_mischief.LateTicks) ? TimeSpan.FromMilliseconds(_dice.Roll(5_000)) : TimeSpan.Zero);
            Promise.That(Send(new WorkflowCommand.Tick(_case.Id)), "something is due, but nothing is done");
        }
        else
        {
            _now = outside!.At;
            _lastProgress = outside.IsSignal ? _lastProgress : _now;
            outside.Happens();
        }
    }

    private void Interrupt()
    {
        if (_case.Interruption == Interruption.Terminate)
        {
            Promise.That(Send(new WorkflowCommand.Terminate(_case.Id, NewId(2), RunCase.Reason)), "terminate does nothing");
        }
        else if (_state is WorkflowState.Open { Run.Rewinding: null })
        {
            Send(new WorkflowCommand.Cancel(_case.Id, NewId(3), RunCase.Reason));
            var second = Ask(new WorkflowCommand.Cancel(_case.Id, NewId(4), "again"));
            Promise.That(
                second is Decision.Accepted { Commit.Events: [WorkflowEvent.CommandNoted] } || _state is WorkflowState.Closed, "a second cancel does something");
        }
    }

    /// <summary>Decides and writes; nothing that is sent may be refused.</summary>
    /// <returns>Whether anything was written.</returns>
    private bool Send(WorkflowCommand command)
    {
        var decision = Ask(command);
        Promise.That(
            decision is not Decision.Refused || _state is WorkflowState.Closed, $"{command} was refused: {(decision as Decision.Refused)?.Code}");
        return decision is Decision.Accepted;
    }

    /// <summary>Decides, and writes what was decided.</summary>
    private Decision Ask(WorkflowCommand command)
    {
        if (_mischief.LostWrites > 0 && _dice.Chance(_mischief.LostWrites) && _journal.Count > 0)
        {
            WorkflowDecider.Decide(_state, command, _now, NoJitter);
            Crash();
        }

        var decision = WorkflowDecider.Decide(_state, command, _now, NoJitter);
        if (decision is Decision.Accepted accepted)
        {
            Write(accepted);
        }

        return decision;
    }

    private void Write(Decision.Accepted accepted)
    {
        var before = _state;
        _record.Add(before, accepted.Commit);
        _journal.Add(accepted.Commit);
        _state = accepted.State;
        Picture();
        KeepNamed(accepted.Commit);
        if (_mischief.ComparesReplay)
        {
            _replayed = WorkflowDecider.Evolve(_replayed, accepted.Commit);
            var (live, replayed) = (StateText.Of(_state), StateText.Of(_replayed));
            Promise.That(live == replayed, $"live and replayed state differ after {accepted.Commit.Events[^1]}:\n{StateText.Difference(live, replayed)}");
        }

        if (_state is WorkflowState.Closed closed)
        {
            LeaveChildren(closed);
            TellEnd(before, accepted.Commit, closed);
            return;
        }

        if (accepted.Commit.Events.Any(e => e is WorkflowEvent.Rewound))
        {
            // Whoever was asked then is asked again.
            _asked.Clear();
        }

        SeeToEffects(accepted.Commit);
        LookAtQuestions((WorkflowState.Open)_state);
        if (_dice.Chance(_mischief.Crashes))
        {
            Crash();
        }
    }

    private void TellEnd(WorkflowState before, WorkflowCommit last, WorkflowState.Closed closed)
    {
        var end = WorkflowDecider.Evolve(before, last with { Events = last.Events[..^1] });
        _story.Outcome = closed.Outcome.ToString().ToLowerInvariant();
        _story.Output = closed.Output;
        _story.Error = closed.Error is { } error ? $"{error.Task}: {FailureLine.TextOf(error.Type, error.Message)}" : null;
        _story.Reason = closed.Reason;
        _story.ClosedAt = closed.ClosedAt;
        _story.Outside.Add(OutsideLine.Ends(closed.ClosedAt, _story));
        _story.Failures.Clear();
        _story.Tasks.Clear();
        _story.Kept.Clear();
        _story.Kept.AddRange(closed.Run.Signals.InOrder.OrderBy(signal => signal.Name, StringComparer.Ordinal).Select(signal => $"{signal.Name} {signal.Payload}"));
        _story.Failures.AddRange(closed.Failures.Select(failure => new FailureLine(failure.Path, failure.Type, failure.Message, failure.Attempts)));
        if (end is WorkflowState.Open { Run.Root: var root })
        {
            _story.Tasks.AddRange(root.Tasks.Select((task, i) => $"{root.Plan.Tasks[i].Id} {task.Phase.ToString().ToLowerInvariant()} {task.Starts} {task.Error?.Type}"));
        }
    }

    private static Guid NewId(int number) => new(number, 0, 0, new byte[8]);

    private WorkflowCommand.Report ReportOf(AttemptId attempt, LeaseId lease, TaskOutcome outcome) =>
        new(_case.Id, attempt, lease, outcome);
}

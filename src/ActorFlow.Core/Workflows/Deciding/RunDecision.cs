using System.Collections.Immutable;
using ActorFlow.Core.Workflows.Running;
using static ActorFlow.Core.Workflows.WorkflowCommand;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Deciding;

/// <summary>
/// One decision in the making: a copy of the run, and the events so far. Each event is applied as soon as it is found, so that
/// the next rule sees what the last one led to; whoever throws leaves the original untouched.
/// </summary>
internal sealed partial class RunDecision
{
    private readonly RunState _run;
    private readonly DateTimeOffset _now;
    private readonly double _roll;
    private readonly ImmutableArray<WorkflowEvent>.Builder _events = ImmutableArray.CreateBuilder<WorkflowEvent>(4);

    private int _steps = Limits.StepsPerDecision;
    private ImmutableArray<ChildOrder> _outliving = [];

    /// <summary>What threw in a former attempt at this decision; none in the first.</summary>
    public IReadOnlySet<Blame>? Blamed { get; init; }

    /// <summary>Begins a decision.</summary>
    /// <param name="run">A copy that is the decision's own.</param>
    /// <param name="now">The time.</param>
    /// <param name="roll">A random number, 0 to 1.</param>
    public RunDecision(RunState run, DateTimeOffset now, double roll)
    {
        _run = run;
        _now = now > run.Now ? now : run.Now;
        _roll = roll;
        _run.Now = _now;
    }

    public static Decision Start(WorkflowState.NotStarted initial, Start start, DateTimeOffset now, double roll, IReadOnlySet<Blame>? blamed)
    {
        if ((CommandTexts.Refuse(start) ?? PayloadDoor.Refuse(start.Input, "The input")) is { } refused)
        {
            return refused;
        }

        if (initial.Plan.InputSchema is { } schema && schema.Validate(start.Input) is { IsEmpty: false } errors)
        {
            return new Decision.Refused(
                "invalid-input",
                MessageText.Of($"The input does not fit {start.Definition.Name}@{start.Definition.Version}: {string.Join("; ", errors)}"));
        }

        if (start.Image is { } image && ProblemWith(image, start) is { } problem)
        {
            return problem;
        }

        var started = new Started(start.WorkflowId, start.RunId, start.Definition, start.Input)
        {
            Parent = start.Parent,
            Origin = start.Origin,
            Image = start.Image,
            Companions = start.Companions,
            Directory = start.Directory,
            Tags = start.Tags,
        };
        var decision = new RunDecision(RunState.Begin(initial, started, now), now, roll) { Blamed = blamed };
        decision._events.Add(started);
        return decision.Finish(start.CommandId);
    }

    private static Decision.Refused? ProblemWith(RunImage image, Start start) => image switch
    {
        _ when image.Definition.Hash != start.Definition.Hash =>
            new("checkpoint-not-found", $"The checkpoint is not one of {start.Definition.Name}@{start.Definition.Version} as it is now."),
        { Compensating: true } => new("compensated", "A run whose work is being undone cannot be forked."),
        { Rewinding: not null } => Unsettled,
        _ => null,
    };

    public Decision Handle(WorkflowCommand command)
    {
        switch (command)
        {
            case Report report:
                Handle(report);
                return Finish(null);
            case Tick or Continue:
                return Finish(null);
            case ResolveChild resolved:
                Handle(resolved);
                return Finish(null);
            case ChildRefused refused:
                Handle(refused);
                return Finish(null);
            case ChildEnded ended:
                Handle(ended);
                return Finish(null);
            default:
                return HandleOnce(command);
        }
    }

    /// <summary>Takes a command that carries an id.</summary>
    private Decision HandleOnce(WorkflowCommand command)
    {
        if (CommandTexts.Refuse(command) is { } refused)
        {
            return refused;
        }

        switch (command)
        {
            case Cancel cancel:
                return Handle(cancel.CommandId, () => Check(cancel));
            case Terminate terminate:
                return Handle(terminate.CommandId, () => Check(terminate));
            case Signal signal:
                return Handle(signal.CommandId, () => Check(signal));
            case Answer answer:
                return Handle(answer.CommandId, () => Check(answer));
            case Pause pause:
                return Handle(pause.CommandId, () => Check(pause));
            case Resume resume:
                return Handle(resume.CommandId, () => Check(resume));
            case TakeCheckpoint checkpoint:
                return Handle(checkpoint.CommandId, () => Check(checkpoint));
            case Retry retry:
                return Handle(retry.CommandId, () => Check(retry));
            case Rewind rewind:
                return Handle(rewind.CommandId, () => Check(rewind));
            default:
                throw new System.Diagnostics.UnreachableException($"No rule for {command.GetType().Name} in an open run.");
        }
    }

    /// <summary>Takes a command that carries an id: a repeat of it gets the first answer.</summary>
    private Decision Handle(Guid commandId, Func<Decision.Refused?> check) =>
        _run.Commands.Contains(commandId) ? Decision.Nothing : check() ?? Finish(commandId);

    private void Emit(WorkflowEvent @event)
    {
        _events.Add(@event);
        _run.Apply(@event);
    }

    /// <summary>The run fails, for no rule tells how to go on with it: in good order, or at once.</summary>
    /// <returns>None: it is failing already.</returns>
    public Decision? GiveUp(TaskError error, bool atOnce)
    {
        if (atOnce)
        {
            _steps = 0;
            Emit(new Failed(error));
        }
        else if (_run.Root.Stop is null)
        {
            _steps = 0;
            Emit(new OutputFailed(error));
        }
        else
        {
            return null;
        }

        return Finish(null);
    }

    /// <summary>Whether that is to fail instead of being evaluated. What comes after it is left to the next decision.</summary>
    private bool IsBlamed(Blame blame)
    {
        if (Blamed?.Contains(blame) != true)
        {
            return false;
        }

        _steps = 1;
        return true;
    }

    private Decision Finish(Guid? commandId)
    {
        Advance();
        NameCheckpoints();
        if (_events.Count == 0)
        {
            return Decision.Nothing;
        }

        _run.Remember(commandId);
        return new Decision.Accepted(new(_now, commandId, _events.DrainToImmutable()), WorkflowDecider.Publish(_run)) { Outliving = _outliving };
    }
}

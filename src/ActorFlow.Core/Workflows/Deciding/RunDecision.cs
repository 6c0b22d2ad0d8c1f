using System.Collections.Immutable;
using ActorFlow.Core.Workflows.Running;
using static ActorFlow.Core.Workflows.WorkflowCommand;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Core.Workflows.Deciding;

/// <summary>
/// A decision while it is made: a copy of the run, and the events so far. Each event is applied as soon as it is emitted, so that
/// the next rule sees its effect; an exception leaves the original untouched.
/// </summary>
internal sealed class RunDecision
{
    private readonly ImmutableArray<WorkflowEvent>.Builder _events = ImmutableArray.CreateBuilder<WorkflowEvent>(4);

    /// <summary>The copy of the run that the decision works on.</summary>
    public RunState Run { get; }

    /// <summary>The time, never before the last commit.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>A random number from 0 to 1.</summary>
    public double Roll { get; }

    /// <summary>How many more steps the decision may take; the rest is left to the next decision.</summary>
    public int Steps { get; set; } = Limits.StepsPerDecision;

    /// <summary>Requested children that continue when no run waits for them.</summary>
    public ImmutableArray<ChildOrder> Outliving { get; set; } = [];

    /// <summary>The parts that threw in earlier tries of this decision; null in the first.</summary>
    public IReadOnlySet<Blame>? Blamed { get; init; }

    /// <summary>Begins a decision.</summary>
    /// <param name="run">A copy that is the decision's own.</param>
    /// <param name="now">The time.</param>
    /// <param name="roll">A random number, 0 to 1.</param>
    public RunDecision(RunState run, DateTimeOffset now, double roll)
    {
        Run = run;
        Now = now > run.Now ? now : run.Now;
        Roll = roll;
        Run.Now = Now;
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
            Trace = start.Trace,
            Tags = start.Tags,
            StartAt = start.StartAt > now ? start.StartAt : null,
        };
        var decision = new RunDecision(RunEvolution.Begin(initial, started, now), now, roll) { Blamed = blamed };
        decision._events.Add(started);
        return decision.Finish(start.CommandId, CommandContent.HashOf(start));
    }

    private static Decision.Refused? ProblemWith(RunImage image, Start start) => image switch
    {
        _ when image.Definition.Hash != start.Definition.Hash =>
            new("checkpoint-not-found", $"The checkpoint is not one of {start.Definition.Name}@{start.Definition.Version} as it is now."),
        { Compensating: true } => new("compensated", "A run whose work is being undone cannot be forked."),
        { Rewinding: not null } => ControlRules.Unsettled,
        _ => null,
    };

    public Decision Handle(WorkflowCommand command)
    {
        switch (command)
        {
            case Report report:
                this.HandleReport(report);
                return Finish(null);
            case Tick or Continue:
                return Finish(null);
            case ResolveChild resolved:
                this.HandleResolved(resolved);
                return Finish(null);
            case ChildRefused refused:
                this.HandleRefused(refused);
                return Finish(null);
            case ChildEnded ended:
                this.HandleEnded(ended);
                return Finish(null);
            default:
                return HandleOnce(command);
        }
    }

    /// <summary>Handles a command that carries an id.</summary>
    private Decision HandleOnce(WorkflowCommand command)
    {
        if (CommandTexts.Refuse(command) is { } refused)
        {
            return refused;
        }

        switch (command)
        {
            case Cancel cancel:
                return Handle(cancel, cancel.CommandId, () => this.Check(cancel));
            case Terminate terminate:
                return Handle(terminate, terminate.CommandId, () => this.Check(terminate));
            case Signal signal:
                return Handle(signal, signal.CommandId, () => this.Check(signal));
            case Answer answer:
                return Handle(answer, answer.CommandId, () => this.Check(answer));
            case Pause pause:
                return Handle(pause, pause.CommandId, () => this.Check(pause));
            case Resume resume:
                return Handle(resume, resume.CommandId, () => this.Check(resume));
            case TakeCheckpoint checkpoint:
                return Handle(checkpoint, checkpoint.CommandId, () => this.Check(checkpoint));
            case Retry retry:
                return Handle(retry, retry.CommandId, () => this.Check(retry));
            case Rewind rewind:
                return Handle(rewind, rewind.CommandId, () => this.Check(rewind));
            default:
                throw new System.Diagnostics.UnreachableException($"No rule for {command.GetType().Name} in an open run.");
        }
    }

    /// <summary>Handles a command that carries an id: a repeat gets the first answer.</summary>
    private Decision Handle(WorkflowCommand command, Guid commandId, Func<Decision.Refused?> check)
    {
        var hash = CommandContent.HashOf(command);
        switch (Run.Commands.StandingOf(commandId, () => hash))
        {
            case CommandStanding.Repeat:
                return Decision.Nothing;
            case CommandStanding.Conflict:
                return CommandContent.Conflict(commandId);
            default:
                break;
        }

        if (check() is { } refused)
        {
            return refused;
        }

        if (_events.Count == 0)
        {
            // Else a late repeat could change what others have changed since.
            Emit(new CommandNoted(CommandContent.WordOf(command)));
        }

        return Finish(commandId, hash);
    }

    /// <summary>Records an event that was applied already.</summary>
    public void Record(WorkflowEvent @event) => _events.Add(@event);

    /// <summary>Records an event, and applies it.</summary>
    public void Emit(WorkflowEvent @event)
    {
        _events.Add(@event);
        Run.Apply(@event);
    }

    /// <summary>Fails a run that no rule can continue: in good order, or at once.</summary>
    /// <returns>The decision; null means that the run is failing already.</returns>
    public Decision? GiveUp(TaskError error, bool atOnce)
    {
        if (atOnce)
        {
            Steps = 0;
            Emit(new Failed(error));
        }
        else if (Run.Root.Stop is null)
        {
            Steps = 0;
            Emit(new OutputFailed(error));
        }
        else
        {
            return null;
        }

        return Finish(null);
    }

    /// <summary>Whether that part is to fail and not to be evaluated. The rest is then left to the next decision.</summary>
    public bool IsBlamed(Blame blame)
    {
        if (Blamed?.Contains(blame) != true)
        {
            return false;
        }

        Steps = 1;
        return true;
    }

    private Decision Finish(Guid? commandId, ulong hash = 0)
    {
        this.Advance();
        this.NameCheckpoints();
        if (_events.Count == 0)
        {
            return Decision.Nothing;
        }

        Run.Remember(commandId, hash);
        var commit = new WorkflowCommit(Now, commandId, _events.DrainToImmutable()) { CommandHash = hash };
        return new Decision.Accepted(commit, WorkflowDecider.Publish(Run)) { Outliving = Outliving };
    }
}

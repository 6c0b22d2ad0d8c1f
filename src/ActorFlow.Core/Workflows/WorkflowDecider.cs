using ActorFlow.Core.Payloads;
using ActorFlow.Core.Workflows.Deciding;
using ActorFlow.Core.Workflows.Running;
using static ActorFlow.Core.Workflows.WorkflowCommand;

namespace ActorFlow.Core.Workflows;

/// <summary>
/// The rules of a run, as two pure functions: what a command leads to, and what a commit changes. Time and random numbers are
/// arguments; expressions are evaluated in <see cref="Decide"/> only, and the events hold their results.
/// </summary>
internal static class WorkflowDecider
{
    /// <summary>Decides what a command leads to.</summary>
    /// <param name="state">The state of the run.</param>
    /// <param name="command">The command.</param>
    /// <param name="now">The time; a time before the last commit counts as that commit's.</param>
    /// <param name="roll">A random number from 0 to 1, for the jitter of a retry.</param>
    /// <returns>The decision. It never throws: what cannot be decided fails its task, or is refused, and <see cref="Decision.Faults"/> tells why.</returns>
    public static Decision Decide(WorkflowState state, WorkflowCommand command, DateTimeOffset now, double roll)
    {
        try
        {
            return TryDecide(state, command, now, roll, blamed: null);
        }
        catch (Exception error)
        {
            return new DecisionRescue(state, command, now, roll).Decide(error);
        }
    }

    /// <summary>Tries a decision once: parts that threw in an earlier try fail and are not evaluated.</summary>
    internal static Decision TryDecide(WorkflowState state, WorkflowCommand command, DateTimeOffset now, double roll, IReadOnlySet<Blame>? blamed) =>
        (state, command) switch
        {
            (WorkflowState.NotStarted initial, Start start) => RunDecision.Start(initial, start, now, roll, blamed),
            (WorkflowState.NotStarted, Report or ChildEnded or ChildRefused or ResolveChild) => Decision.Nothing,
            (WorkflowState.NotStarted, _) => new Decision.Refused("workflow-not-found", $"There is no workflow run '{command.WorkflowId}'."),

            (WorkflowState.Open open, Start start) => Repeated(open.Run, start),
            (WorkflowState.Open open, _) => new RunDecision(open.Copy(), now, roll) { Blamed = blamed }.Handle(command),

            (WorkflowState.Closed closed, Start start) => Repeated(closed.Run, start),
            (WorkflowState.Closed closed, Retry or Rewind) => new RunDecision(closed.Run.Copy(seen: false), now, roll) { Blamed = blamed }.Handle(command),
            (WorkflowState.Closed closed, Cancel c) => AfterTheEnd(closed, c.CommandId, command),
            (WorkflowState.Closed closed, Terminate c) => AfterTheEnd(closed, c.CommandId, command),
            (WorkflowState.Closed closed, Signal c) => AfterTheEnd(closed, c.CommandId, command),
            (WorkflowState.Closed closed, Answer c) => AfterTheEnd(closed, c.CommandId, command),
            (WorkflowState.Closed closed, Pause c) => AfterTheEnd(closed, c.CommandId, command),
            (WorkflowState.Closed closed, Resume c) => AfterTheEnd(closed, c.CommandId, command),
            (WorkflowState.Closed closed, TakeCheckpoint c) => AfterTheEnd(closed, c.CommandId, command),

            // Reports and ticks may arrive after the end: from abandoned attempts, or as repeats.
            _ => Decision.Nothing,
        };

    /// <summary>Applies a commit. One that cannot follow <paramref name="state"/> means a corrupt journal.</summary>
    /// <exception cref="InvalidOperationException">The commit cannot follow that state.</exception>
    public static WorkflowState Evolve(WorkflowState state, WorkflowCommit commit) => Evolve(state, commit, null);

    /// <inheritdoc cref="Evolve(WorkflowState, WorkflowCommit)"/>
    /// <param name="state">The state before.</param>
    /// <param name="commit">What was recorded.</param>
    /// <param name="abandoned">Collects the children that the run leaves; null means that they are not collected.</param>
    public static WorkflowState Evolve(WorkflowState state, WorkflowCommit commit, AbandonedChildren? abandoned)
    {
        RunState? run = null;
        foreach (var @event in commit.Events)
        {
            if (run is null)
            {
                run = Follow(state, @event, commit.At);
            }
            else
            {
                run.Apply(@event);
            }

            abandoned?.See(run, @event, commit.At);
        }

        if (run is null)
        {
            return state;
        }

        run.Remember(commit.CommandId, commit.CommandHash);
        return Publish(run);
    }

    /// <summary>The run after the first event of a commit.</summary>
    private static RunState Follow(WorkflowState state, WorkflowEvent @event, DateTimeOffset at)
    {
        switch (state)
        {
            case WorkflowState.NotStarted initial when @event is WorkflowEvent.Started started:
                return RunEvolution.Begin(initial, started, at);
            case WorkflowState.Open open:
                return Behind(open.Copy(), @event, at);
            case WorkflowState.Closed closed when @event is WorkflowEvent.Reopened or WorkflowEvent.Rewound:
                return Behind(closed.Run.Copy(seen: false), @event, at);
            default:
                throw new InvalidOperationException($"The journal holds {@event.GetType().Name} where the run is {state.GetType().Name}.");
        }
    }

    private static RunState Behind(RunState run, WorkflowEvent @event, DateTimeOffset at)
    {
        run.Now = at;
        run.Apply(@event);
        return run;
    }

    internal static WorkflowState Publish(RunState run) => run.End is { } end ? end : new WorkflowState.Open(run);

    private static Decision AfterTheEnd(WorkflowState.Closed closed, Guid commandId, WorkflowCommand command) =>
        closed.Commands.StandingOf(commandId, () => CommandContent.HashOf(command)) switch
        {
            CommandStanding.Repeat => Decision.Nothing,
            CommandStanding.Conflict => CommandContent.Conflict(commandId),
            _ => new Decision.Refused(
                "closed", $"The workflow run '{command.WorkflowId}' has ended already: {closed.Outcome.ToString().ToLowerInvariant()}."),
        };

    private static Decision Repeated(RunState run, Start start)
    {
        if (run.Parent is not null && run.Parent == start.Parent)
        {
            return Decision.Nothing;
        }

        var standing = run.Commands.StandingOf(start.CommandId, () => CommandContent.HashOf(start));
        if (standing != CommandStanding.Conflict && IsOfSameContent(run, start))
        {
            // A start that joins is not noted: whenever it is repeated, it joins.
            return Decision.Nothing;
        }

        return standing == CommandStanding.New
            ? new Decision.Refused(
                "id-conflict", $"The id '{start.WorkflowId}' is in use by a run of another definition or input. Choose another id.")
            : CommandContent.Conflict(start.CommandId);
    }

    /// <summary>Whether a start is that of the run: the same definition, the same input as a JSON value. Tags take no part.</summary>
    private static bool IsOfSameContent(RunState run, Start start) =>
        (start.AnyVersion ? run.Definition.Name == start.Definition.Name : run.Definition.Hash == start.Definition.Hash)
        && JsonEquality.AreSame(run.Input, start.Input) && run.Parent == start.Parent && run.Origin == start.Origin;
}

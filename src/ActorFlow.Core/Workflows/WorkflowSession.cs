using System.Collections.Immutable;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Workflows;

/// <summary>
/// One run in memory, without actors, journal or clock: it takes a command, and gives what to record, what to answer and
/// what follows. The actor of a run and the test kit both use it, so that no rule is written twice.
/// </summary>
/// <remarks>
/// After <see cref="Handle"/> the session is ahead of the journal: its user records <see cref="Decision.Accepted.Commit"/> before
/// it answers, and drops the session if that fails.
/// </remarks>
/// <param name="workflowId">The id of the run.</param>
internal sealed class WorkflowSession(string workflowId)
{
    private HashSet<AttemptId>? _inherited;
    private ImmutableArray<ChildOrder> _outliving = [];
    private WorkflowPlan? _replacement;
    private bool _parentKnows;

    /// <summary>The id of the run.</summary>
    public string WorkflowId { get; } = workflowId;

    /// <summary>The plan of the run; null means that nothing was started yet.</summary>
    public WorkflowPlan? Plan { get; private set; }

    /// <summary>The state of the run; null means that nothing was started yet.</summary>
    public WorkflowState? State { get; private set; }

    /// <summary>Whether the parent has not yet acknowledged how the run ended.</summary>
    public bool OwesReport => !_parentKnows && State is WorkflowState.Closed { Parent: not null };

    /// <summary>The message that tells the parent how the run ended; null unless <see cref="OwesReport"/> is true.</summary>
    public WorkflowCommand.ChildEnded? Report => OwesReport && State is WorkflowState.Closed { Parent: { } parent } closed
        ? new(parent.WorkflowId, parent.Attempt, closed.Outcome, closed.Output, closed.Error, closed.Reason)
        : null;

    /// <summary>Recovers a run from the state of its journal.</summary>
    /// <param name="plan">The plan of the run.</param>
    /// <param name="state">Its state.</param>
    /// <param name="outliving">Children that it has left, and that may not have begun.</param>
    public void Recover(WorkflowPlan plan, WorkflowState state, ImmutableArray<ChildOrder> outliving)
    {
        (Plan, State, _outliving) = (plan, state, outliving);
        _inherited = state is WorkflowState.Open open ? [.. open.Outstanding.Select(open.AttemptOf)] : null;
    }

    /// <summary>Whether a start begins a run here, unless it is refused: such a start needs <see cref="Prepare"/> first.</summary>
    public bool Begins(WorkflowCommand.Start start) =>
        State is null or WorkflowState.NotStarted || (State is WorkflowState.Closed closed && closed.IsReplacedBy(start));

    /// <summary>Sets the plan of a start that begins a run.</summary>
    public void Prepare(WorkflowPlan plan)
    {
        if (State is WorkflowState.Closed)
        {
            _replacement = plan;
        }
        else
        {
            (Plan, State) = (plan, WorkflowState.Initial(plan));
        }
    }

    /// <summary>Whether the run has accepted a command of that id, and whether it was the same.</summary>
    /// <param name="commandId">The id of the command.</param>
    /// <param name="hash">Gives the hash of its content.</param>
    public Running.CommandStanding StandingOf(Guid commandId, Func<ulong> hash) => State switch
    {
        WorkflowState.Open open => open.Run.Commands.StandingOf(commandId, hash),
        WorkflowState.Closed closed => closed.Commands.StandingOf(commandId, hash),
        _ => Running.CommandStanding.New,
    };

    /// <summary>Handles a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="now">The time; a time before the last commit counts as that commit's.</param>
    /// <param name="roll">Gives a random number from 0 to 1, for the jitter of a retry.</param>
    public SessionStep Handle(WorkflowCommand command, DateTimeOffset now, Func<double> roll)
    {
        if (command is WorkflowCommand.Start start && IsInTheWay(start))
        {
            return GiveWay(start);
        }

        command = TreatUnknownOutcomeAsAbandoned(command);
        var decision = Decide(command, now, roll);
        if (decision is Decision.Accepted accepted)
        {
            Adopt(command, accepted);
        }

        var reportsAgain = command is WorkflowCommand.Start && decision is not Decision.Refused && State is WorkflowState.Closed { Parent: not null };
        if (reportsAgain)
        {
            // The parent starts its child again: it may not know how the child ended.
            _parentKnows = false;
        }

        return new(decision, AnswerTo(command, decision)) { ReportsAgain = reportsAgain };
    }

    /// <summary>Notes that the effects of the last steps were seen to.</summary>
    public void NoteSeen() => State = State is WorkflowState.Open open ? open.Seen() : State;

    /// <summary>Sets the state as it was read back from the journal.</summary>
    public void ReadBack(WorkflowState state) => State = state;

    /// <summary>Takes the children that continue when no run waits for them, and that must begin now: each is given once.</summary>
    public ImmutableArray<ChildOrder> TakeOutliving()
    {
        var outliving = _outliving;
        _outliving = [];
        return outliving;
    }

    /// <summary>Notes that the parent has recorded how its child ended, or no longer waits for it.</summary>
    /// <returns>Whether the run owed that report.</returns>
    public bool OnReportAcknowledged(AttemptId attempt)
    {
        if (State is not WorkflowState.Closed { Parent: { } parent } || parent.Attempt != attempt)
        {
            return false;
        }

        _parentKnows = true;
        return true;
    }

    /// <summary>
    /// Whether a rewound parent starts its child again while the earlier child is still open: no run waits for that one. It
    /// is ended, and the parent starts the child again (failure rule 6).
    /// </summary>
    private bool IsInTheWay(WorkflowCommand.Start start) =>
        State is WorkflowState.Open { Parent: { } former } && start.Parent is { } next && next.Follows(former);

    private SessionStep GiveWay(WorkflowCommand.Start start) =>
        new(new Decision.Refused("unavailable", "The child of before has not ended yet."), SessionAnswer.Refused)
        {
            FollowUp = State is WorkflowState.Open { Stopping: null }
                ? new WorkflowCommand.Cancel(WorkflowId, start.CommandId, "Its parent starts it anew.")
                : null,
        };

    /// <summary>
    /// Whether an attempt from before a recovery took effect is unknown if no queue or worker has it: it may have ended on a node
    /// that is gone. Once it is withdrawn, it counts as ended unknown, so that it is compensated where the definition says so.
    /// </summary>
    private WorkflowCommand TreatUnknownOutcomeAsAbandoned(WorkflowCommand command) =>
        command is WorkflowCommand.Report { Outcome: TaskOutcome.Cancelled } report && _inherited?.Contains(report.Attempt) == true
            ? report with { Outcome = TaskOutcome.Abandoned.Instance }
            : command;

    /// <summary>
    /// The rules do not throw: an exception within them fails the task, or refuses the command, that it was met for. One outside them refuses
    /// the command.
    /// </summary>
    private Decision Decide(WorkflowCommand command, DateTimeOffset now, Func<double> roll)
    {
        try
        {
            return State switch
            {
                null when command is WorkflowCommand.Report or WorkflowCommand.ChildEnded or WorkflowCommand.ChildRefused or WorkflowCommand.ResolveChild =>
                    Decision.Nothing,
                null => new Decision.Refused("workflow-not-found", $"There is no workflow run '{WorkflowId}'."),
                WorkflowState.Closed when command is WorkflowCommand.Start start && Begins(start) =>
                    WorkflowDecider.Decide(WorkflowState.Initial(_replacement!), command, now, roll()),
                var state => WorkflowDecider.Decide(state, command, now, roll()),
            };
        }
        catch (Exception error)
        {
            return new Decision.Refused("internal", "The run could not decide on this command; the node's log says why.")
            {
                Faults = [new(string.Empty, error)],
            };
        }
    }

    private void Adopt(WorkflowCommand command, Decision.Accepted accepted)
    {
        if (command is WorkflowCommand.Start && State is WorkflowState.Closed)
        {
            // The earlier child has reported to its parent, which starts it again.
            (Plan, _parentKnows, _inherited) = (_replacement, false, null);
        }

        _outliving = _outliving.AddRange(accepted.Outliving);
        State = accepted.State;
    }

    private static SessionAnswer AnswerTo(WorkflowCommand command, Decision decision) => decision is Decision.Refused
        ? SessionAnswer.Refused
        : command switch
        {
            WorkflowCommand.Report => SessionAnswer.ReportTaken,
            WorkflowCommand.ChildEnded => SessionAnswer.ChildEndTaken,
            WorkflowCommand.Tick or WorkflowCommand.Continue or WorkflowCommand.ResolveChild or WorkflowCommand.ChildRefused => SessionAnswer.None,
            WorkflowCommand.TakeCheckpoint => SessionAnswer.OnceStored,
            _ => SessionAnswer.Accepted,
        };
}

/// <summary>What a command led to.</summary>
/// <param name="Decision">The decision of the rules, to be recorded before anything is answered.</param>
/// <param name="Answer">The answer to the sender of the command, once that is recorded.</param>
internal readonly record struct SessionStep(Decision Decision, SessionAnswer Answer)
{
    /// <summary>The next command that the run gives itself; null means that nothing follows.</summary>
    public WorkflowCommand? FollowUp { get; init; }

    /// <summary>Whether the run tells its parent again, at once, how it ended.</summary>
    public bool ReportsAgain { get; init; }
}

/// <summary>The answer to the sender of a command.</summary>
internal enum SessionAnswer
{
    /// <summary>No answer.</summary>
    None,

    /// <summary>The command is recorded, or was already.</summary>
    Accepted,

    /// <summary>The command is refused: <see cref="Decision.Refused"/>.</summary>
    Refused,

    /// <summary>The run has recorded how the attempt ended, or no longer needs to.</summary>
    ReportTaken,

    /// <summary>The run has recorded how its child ended, or no longer needs to.</summary>
    ChildEndTaken,

    /// <summary>The checkpoint that it requested is stored; the answer is sent once it is.</summary>
    OnceStored,
}

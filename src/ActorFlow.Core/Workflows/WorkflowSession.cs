using System.Collections.Immutable;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows.Planning;

namespace ActorFlow.Core.Workflows;

/// <summary>
/// One run in memory, without actors, journal or clock: it takes a command, and says what is to be recorded, what is to be answered and
/// what follows. The actor of a run and the test kit stand on it alike, so that no rule stands twice.
/// </summary>
/// <remarks>
/// After <see cref="Handle"/> the session is ahead of the journal: whoever uses it records <see cref="Decision.Accepted.Commit"/> before
/// it answers, and lets go of the session if that fails.
/// </remarks>
/// <param name="workflowId">The id of the run.</param>
public sealed class WorkflowSession(string workflowId)
{
    private HashSet<AttemptId>? _inherited;
    private ImmutableArray<ChildOrder> _outliving = [];
    private WorkflowPlan? _replacement;
    private bool _parentKnows;

    /// <summary>The id of the run.</summary>
    public string WorkflowId { get; } = workflowId;

    /// <summary>What it runs; null means that nothing was started yet.</summary>
    public WorkflowPlan? Plan { get; private set; }

    /// <summary>Where the run stands; null means that nothing was started yet.</summary>
    public WorkflowState? State { get; private set; }

    /// <summary>Whether a parent waits to hear how the run ended.</summary>
    public bool OwesReport => !_parentKnows && State is WorkflowState.Closed { Parent: not null };

    /// <summary>What the parent is told of how the run ended; null unless one is owed that.</summary>
    public WorkflowCommand.ChildEnded? Report => OwesReport && State is WorkflowState.Closed { Parent: { } parent } closed
        ? new(parent.WorkflowId, parent.Attempt, closed.Outcome, closed.Output, closed.Error, closed.Reason)
        : null;

    /// <summary>Takes up a run where its journal left it.</summary>
    /// <param name="plan">What it runs.</param>
    /// <param name="state">Where it stands.</param>
    /// <param name="outliving">Children that it has left to themselves, and that may not have begun.</param>
    public void Recover(WorkflowPlan plan, WorkflowState state, ImmutableArray<ChildOrder> outliving)
    {
        (Plan, State, _outliving) = (plan, state, outliving);
        _inherited = state is WorkflowState.Open open ? [.. open.Outstanding.Select(open.AttemptOf)] : null;
    }

    /// <summary>Whether a start begins a run here, if nothing speaks against it: such a start needs <see cref="Prepare"/> first.</summary>
    public bool Begins(WorkflowCommand.Start start) =>
        State is null or WorkflowState.NotStarted || (State is WorkflowState.Closed closed && closed.IsReplacedBy(start));

    /// <summary>Says what a start that begins a run will run.</summary>
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

    /// <summary>Takes a command.</summary>
    /// <param name="command">What the run is asked or told.</param>
    /// <param name="now">The time; a time before the last commit counts as that commit's.</param>
    /// <param name="roll">Gives a random number, 0 to 1, for the jitter of a retry.</param>
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
            // The parent asks for its child again: it may not know how it ended.
            _parentKnows = false;
        }

        return new(decision, AnswerTo(command, decision)) { ReportsAgain = reportsAgain };
    }

    /// <summary>The effects of the last steps were seen to.</summary>
    public void NoteSeen() => State = State is WorkflowState.Open open ? open.Seen() : State;

    /// <summary>The state as it was read back from what was written.</summary>
    public void ReadBack(WorkflowState state) => State = state;

    /// <summary>Children that go on when nobody waits for them any more, and are to begin now: each is told once.</summary>
    public ImmutableArray<ChildOrder> TakeOutliving()
    {
        var outliving = _outliving;
        _outliving = [];
        return outliving;
    }

    /// <summary>The parent has recorded how its child ended, or no longer wants to know.</summary>
    /// <returns>Whether that was owed to it.</returns>
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
    /// A parent that was taken back starts its child anew, and the child of before is still open: nobody waits for that any more. It
    /// is ended, and the parent asks again (failure rule 6).
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
    /// What an attempt of before a recovery had done, when it is found nowhere, nobody knows: it may have run to its end on a node
    /// that is gone. Taken back, it counts as ended unknown, so that it is compensated where the definition says so.
    /// </summary>
    private WorkflowCommand TreatUnknownOutcomeAsAbandoned(WorkflowCommand command) =>
        command is WorkflowCommand.Report { Outcome: TaskOutcome.Cancelled } report && _inherited?.Contains(report.Attempt) == true
            ? report with { Outcome = TaskOutcome.Abandoned.Instance }
            : command;

    /// <summary>
    /// The rules do not throw: what they meet costs the task, or the one command, that it was met for. What throws outside of them costs
    /// the one command.
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
            // The child of before has told its parent, who starts it anew.
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
/// <param name="Decision">What the rules say: what to record before anything is answered.</param>
/// <param name="Answer">What whoever sent the command is told, once that is recorded.</param>
public readonly record struct SessionStep(Decision Decision, SessionAnswer Answer)
{
    /// <summary>A command that the run gives itself, next; null means that nothing follows.</summary>
    public WorkflowCommand? FollowUp { get; init; }

    /// <summary>Whether the parent is told at once, again, how the run ended.</summary>
    public bool ReportsAgain { get; init; }
}

/// <summary>What whoever sent a command is told.</summary>
public enum SessionAnswer
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>That the command is recorded, or was already.</summary>
    Accepted,

    /// <summary>That the command makes no sense here: <see cref="Decision.Refused"/>.</summary>
    Refused,

    /// <summary>That the run knows how the attempt ended, or no longer wants to know.</summary>
    ReportTaken,

    /// <summary>That the run knows how its child ended, or no longer wants to know.</summary>
    ChildEndTaken,

    /// <summary>That the checkpoint it asked for is stored, once it is.</summary>
    OnceStored,
}

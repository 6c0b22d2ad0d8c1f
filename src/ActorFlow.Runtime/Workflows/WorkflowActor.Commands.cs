using System.Collections.Immutable;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Runtime.Wire;
using Akka.Actor;
using Akka.Event;

namespace ActorFlow.Runtime.Workflows;

/// <summary>Taking commands: decide, write, answer.</summary>
public sealed partial class WorkflowActor
{
    /// <summary>Decides on what has arrived, and writes it as one row; what needs no write is answered when its turn comes.</summary>
    private void ProcessPending()
    {
        if (_busy)
        {
            return;
        }

        if (_stopping)
        {
            Leave();
            return;
        }

        if (_arrived.Count == 0)
        {
            AfterWork();
            return;
        }

        var most = Math.Min(_arrived.Count, CommandsPerWrite);
        var commits = ImmutableArray.CreateBuilder<WorkflowCommit>(most);
        var answers = new List<(IActorRef To, object Answer)>(most);
        var (taken, bytes) = (0, 0L);
        while (_arrived.Count > 0 && taken++ < CommandsPerWrite && bytes < BytesPerWrite && !_endsRow)
        {
            if (!IsAtHand(_arrived.Peek().Message))
            {
                break;
            }

            var (message, sender) = _arrived.Dequeue();
            bytes += BytesOf(message);
            Handle(message, sender, commits, answers);
        }

        _endsRow = false;
        if (commits.Count > 0)
        {
            Write(commits.DrainToImmutable(), answers);
            return;
        }

        Send(answers);
        AfterWork();
    }

    /// <summary>Roughly what a command adds to the row that it is written in.</summary>
    private static long BytesOf(object message) => message switch
    {
        WorkflowCommand.Start start => start.Input.Length,
        ForkFrom fork => fork.Input.Length,
        WorkflowCommand.Signal signal => signal.Payload.Length,
        WorkflowCommand.Answer answer => answer.Value.Length,
        WorkflowCommand.ChildEnded ended => ended.Output.Length,
        WorkflowCommand.Report { Outcome: TaskOutcome.Succeeded success } => success.Output.Length,
        WorkflowCommand.Report { Outcome: TaskOutcome.Failed failure } => failure.Message.Length + (failure.Progress?.Length ?? 0),
        _ => 0,
    };

    private void Handle(
        object message, IActorRef sender, ImmutableArray<WorkflowCommit>.Builder commits, List<(IActorRef To, object Answer)> answers)
    {
        if (message is WorkflowQuery query)
        {
            Answer(query, sender, answers);
            return;
        }

        if (message is WorkflowCommand.Start start && IsInTheWay(start))
        {
            GiveWay(start, sender, answers);
            return;
        }

        if (message is RewindTo rewind)
        {
            ReadPast(rewind, rewind.Checkpoint, sender, answers);
            return;
        }

        var command = message is ForkFrom fork ? TakeFork(fork) : TreatUnknownOutcomeAsAbandoned((WorkflowCommand)message);
        var decision = TryDecide(command);
        if (!decision.Faults.IsEmpty)
        {
            DecisionFaultLog.Tell(Log, _id, command, decision);
        }

        switch (decision)
        {
            case Decision.Accepted accepted:
                Adopt(accepted, command);
                commits.Add(accepted.Commit);
                Accept(command, sender, answers, recorded: true);
                break;
            case Decision.Unchanged:
                Accept(command, sender, answers, recorded: false);
                break;
            case Decision.Refused refused:
                answers.Add((sender, new WorkflowReply.Refused(_id, refused.Code, refused.Reason)));
                break;
        }
    }

    private void Adopt(Decision.Accepted accepted, WorkflowCommand command)
    {
        if (command is WorkflowCommand.Start && _state is WorkflowState.Closed)
        {
            // The child of before has told its parent, who starts it anew.
            (_plan, _reportedEnd, _inherited) = (_replacementPlan, false, null);
            _reportBackoff.Reset();
        }

        _outliving = _outliving.AddRange(accepted.Outliving);
        (_state, _heldUntil) = (accepted.State, default);
        // A checkpoint by name holds the run as this very commit leaves it: it is the last of its row.
        _endsRow = accepted.Commit.Events.Any(e => e is WorkflowEvent.CheckpointNamed);
    }

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
    private Decision TryDecide(WorkflowCommand command)
    {
        if (_tombstone is { } purged && command is WorkflowCommand.Start)
        {
            // The next start asks again: the tombstone may be gone by then.
            (_rowFound, _tombstone) = (false, null);
            return new Decision.Refused(
                "id-conflict", $"The id '{_id}' was that of a run that was purged at {purged:u}, too lately to be used again. Choose another id.");
        }

        try
        {
            return _state is null
                ? command is WorkflowCommand.Report or WorkflowCommand.ChildEnded
                    ? Decision.Nothing
                    : new Decision.Refused("workflow-not-found", $"There is no workflow run '{_id}'.")
                : WorkflowDecider.Decide(StateFor(command), command, Now, _services.Roll());
        }
        catch (Exception error)
        {
            return new Decision.Refused("internal", "The run could not decide on this command; the node's log says why.")
            {
                Faults = [new(string.Empty, error)],
            };
        }
    }

    /// <summary>Whether a start begins a run here, if nothing speaks against it.</summary>
    private bool Begins(WorkflowCommand.Start start) =>
        _state is null or WorkflowState.NotStarted || (_state is WorkflowState.Closed closed && closed.IsReplacedBy(start));

    private WorkflowState StateFor(WorkflowCommand command) =>
        command is WorkflowCommand.Start start && _state is WorkflowState.Closed && Begins(start) ? WorkflowState.Initial(_replacementPlan!) : _state!;

    private bool HavePlan(WorkflowCommand.Start start)
    {
        if ((LastSequenceNr > 0 || _services.AsksForTombstones) && !_rowFound && _state is not WorkflowState.Closed
            && _services.Index is { } index)
        {
            // The id may have been used, and its journal deleted: the index knows whether that was lately.
            _busy = true;
            index.PurgedAtAsync(_id).PipeTo(Self, success: at => new TombstoneSought(at), failure: _ => new TombstoneSought(null));
            return false;
        }

        if (_services.Plans.Find(start.Definition.Hash) is not { } plan)
        {
            Load(start.Definition);
            return false;
        }

        if (_state is WorkflowState.Closed)
        {
            _replacementPlan = plan;
        }
        else
        {
            _plan = plan;
            _state = WorkflowState.Initial(plan);
        }

        return true;
    }

    private void Write(ImmutableArray<WorkflowCommit> commits, List<(IActorRef To, object Answer)> answers)
    {
        (_busy, _toPurge) = (true, null);
        PersistAsync(new CommitBatch(commits), _ =>
        {
            _busy = false;
            _checkpoints.Note(LastSequenceNr, commits);
            TakeCheckpointIfDue();
            Send(answers);
            LogFailures(commits);
            if (IsObserved)
            {
                ObserveRecorded(commits);
            }

            if (!_stopping)
            {
                ReconcileEffects();
            }

            ProcessPending();
        });
    }

    /// <summary>Attempts that no other follows: the worker has logged the exception, without knowing that it was the last.</summary>
    private void LogFailures(ImmutableArray<WorkflowCommit> commits)
    {
        foreach (var commit in commits)
        {
            foreach (var recorded in commit.Events)
            {
                if (recorded is WorkflowEvent.AttemptFailed { RetryAt: null } failed)
                {
                    Log.Error(
                        "Task {0} of run {1} failed for good with attempt {2}: {3}: {4}",
                        failed.Error.Task, _id, failed.Number, failed.Error.Type, failed.Error.Message);
                }
            }
        }
    }

    private static RunProgress ProgressOf(WorkflowState? state) => state switch
    {
        WorkflowState.Open open => open.Progress,
        WorkflowState.Closed closed => closed.Progress,
        _ => default,
    };

    private void ObserveRecorded(ImmutableArray<WorkflowCommit> commits) =>
        Observe(observer => observer.Recorded(_id, commits, ProgressOf(_state), _state!));

    private bool IsObserved => _services.Observer is not NoRunObserver;

    private void Observe(Action<IRunObserver> tell)
    {
        try
        {
            tell(_services.Observer);
        }
        catch (Exception error)
        {
            Log.Warning(error, "The run observer threw.");
        }
    }

    private void AfterWork()
    {
        if (_busy)
        {
            return;
        }

        if (_arrived.Count > 0 || _stopping)
        {
            ProcessPending();
        }
        else
        {
            LeaveIfDone();
        }
    }

    private sealed record TombstoneSought(DateTimeOffset? Purged) : INoSerializationVerificationNeeded;

    private bool _endsRow;
    private ImmutableArray<ChildOrder> _outliving = [];
    private bool _rowFound;
    private DateTimeOffset? _tombstone;
    private WorkflowPlan? _replacementPlan;

    private const int CommandsPerWrite = 256;
    private const long BytesPerWrite = 1024 * 1024;
}

using System.Collections.Immutable;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Running;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Telemetry;
using ActorFlow.Runtime.Wire;
using ActorFlow.Runtime.Workflows.Replaying;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;
using Akka.Persistence;

namespace ActorFlow.Runtime.Workflows;

/// <summary>
/// One run, kept alive by sharding. It decides nothing: it gives commands to its <see cref="WorkflowSession"/>, makes the commits
/// durable, answers, and carries out the effects of the state. A recovery ends with the same last step, so a failover
/// needs no code of its own.
/// </summary>
/// <remarks>
/// While a write is under way, messages wait in a list. After it, all of them are decided one after another and
/// written as one row: the results of a fan-out share writes, and no answer shows a state that is ahead of the journal.
/// </remarks>
internal sealed class WorkflowActor : PersistentActor
{
    private const int CommandsPerWrite = 256;
    private const long BytesPerWrite = 1024 * 1024;
    private const string RecoveryFailed = nameof(RecoveryFailed);

    private readonly string _id;
    private readonly WorkflowServices _services;
    private readonly WorkflowSession _session;
    private readonly Queue<(object Message, IActorRef Sender)> _arrived = [];

    private readonly RunTimers _timers;
    private readonly RunEffects _effects;
    private readonly RunQueries _queries;
    private readonly PastReader _past;
    private readonly CheckpointKeeper _checkpoints;
    private readonly Prerequisites _prerequisites;
    private readonly RunObservation _observation;

    private Replay? _replay = new();
    private string? _fresh;

    private RunPhase _phase = RunPhase.Recovering;
    private PendingStep _pending = PendingStep.Recovery;
    private PurgeRun? _toPurge;

    /// <summary>Makes the actor of one run.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="services">The services of the node.</param>
    public WorkflowActor(string id, WorkflowServices services)
    {
        _id = id;
        PersistenceId = PersistenceIds.Of(id);
        _services = services;
        _session = new(id);
        _timers = new(Context.System.Scheduler, Self);
        _effects = new(_session, services, _timers, Self, Context.System.Scheduler, queue => Context.Watch(queue));
        _checkpoints = new(id, Self, services, _timers, Log, SaveSnapshot, DeleteSnapshot);
        _past = new(_session, services, _checkpoints.Book, Self, Context.System);
        _queries = new(_session, _effects, _checkpoints.Book, _past, services.Clock);
        _prerequisites = new(_session, services, Self, Context.System);
        _observation = new(id, services.Observer, services.Changes, Log);
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    public override Recovery Recovery => _services.WithoutCheckpoints.ContainsKey(PersistenceId)
        ? new(SnapshotSelectionCriteria.None)
        : Recovery.Default;

    private DateTimeOffset Now => _services.Clock.GetUtcNow();

    private bool IsStopping => _phase is RunPhase.Stopping or RunPhase.HandingOver;

    /// <inheritdoc/>
    protected override bool ReceiveRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: WorkflowCheckpoint checkpoint }:
                _replay!.Begin(checkpoint);
                _checkpoints.Book.Begin(checkpoint);
                return true;
            case CommitBatch batch:
                _replay!.Add(LastSequenceNr, batch.Commits);
                _checkpoints.Book.Note(LastSequenceNr, batch.Commits);
                return true;
            case RecoveryCompleted:
                OnRecovered();
                return true;
            default:
                return false;
        }
    }

    /// <inheritdoc/>
    protected override bool ReceiveCommand(object message)
    {
        switch (message)
        {
            case OfferAcknowledged or AttemptsLeased or OfferGranted or HandlersMissing or Terminated or RepeatOffers:
                _effects.OnQueue(message, Sender);
                break;
            case WorkflowReply reply:
                On(reply);
                break;
            case ChildEndAcknowledged acknowledged when _session.OnReportAcknowledged(acknowledged.Attempt):
                LeaveIfDone();
                break;
            case ChildEndAcknowledged:
                break;
            case IndexRowWritten written:
                _effects.On(written);
                LeaveIfDone();
                break;
            case RepeatOthers or ChildUnresolved:
                RepeatUnanswered();
                break;
            case Park:
                OnPark();
                break;
            case TakeDueCheckpoint:
                TakeCheckpointIfDue();
                break;
            case SaveSnapshotSuccess or SaveSnapshotFailure or CheckpointsListed or DeleteSnapshotSuccess or DeleteSnapshotFailure:
                _checkpoints.On(message, _session.Plan!.Definition.CheckpointKeep);
                LeaveIfDone();
                break;
            case PlanLoaded loaded:
                On(loaded);
                break;
            case TombstoneSought found:
                _prerequisites.On(found);
                GoOn();
                break;
            case RemainsSought found:
                On(found);
                break;
            case HoldEnded hold:
                On(hold);
                break;
            case ForkSourceRead read:
                On(read);
                break;
            case PastRead read:
                On(read);
                break;
            case Settled:
                Passivate();
                HandOnArrived(Context.Parent);
                break;
            case StopWorkflow:
                _phase = _phase is RunPhase.Passivating or RunPhase.Stopping ? RunPhase.Stopping : RunPhase.HandingOver;
                ProcessPending();
                break;
            case LookWhetherUsed:
                LeaveIfDone();
                break;
            case IWorkflowMessage addressed:
                Receive(addressed);
                break;
            default:
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _effects.Stop();
    }

    /// <inheritdoc/>
    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        base.OnRecoveryFailure(reason, message);
        SayStuck(reason.Message);
    }

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr)
    {
        // A failing store fails for every run: only the first one logs it.
        if (cause is not StoreWriteException || _services.SaysWriteFailure.IsDue())
        {
            Log.Error(cause, "The run {0} could not write number {1} to its journal, and stops; it recovers from what is written.", _id, sequenceNr);
        }
    }

    /// <inheritdoc/>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        // The state is ahead of a journal that will never catch up: only a recovery mends that.
        Log.Error(cause, "The journal refused number {1} of the run {0}, which stops.", _id, sequenceNr);
        Context.Stop(Self);
    }

    // Commands

    private void Receive(IWorkflowMessage message)
    {
        switch (message)
        {
            case WorkflowCommand.Tick when _phase == RunPhase.Passivating && _session.State is WorkflowState.Open:
                // The run falls due just as it leaves memory.
                Context.Parent.Forward(message);
                break;
            case WorkflowCommand.Tick or WorkflowCommand.Continue when _phase >= RunPhase.Passivating:
                break;
            case not null when _phase == RunPhase.Passivating && !IsAnsweredByTheEnd(message):
                // If it were decided here, it could be lost: it goes back, and reaches the actor that follows this one.
                Context.Parent.Forward(message);
                break;
            case not null when _fresh is not null && !IsFreshStart(message):
                // The message is not lost: the actor that recovers in place of this one finds it in the mailbox.
                Self.Forward(message);
                throw new StaleFreshMarkException(_id);
            case PurgeRun purge:
                _toPurge = _session.State is WorkflowState.Open ? null : purge;
                LeaveIfDone();
                break;
            default:
                Enqueue(message!, Sender);
                break;
        }
    }

    /// <summary>Whether only the end of the run is needed for the answer, so that any incarnation can give it.</summary>
    private bool IsAnsweredByTheEnd(object message) =>
        _session.State is WorkflowState.Closed
        && message is (WorkflowQuery and not WorkflowQuery.GetCheckpoint) or WorkflowCommand.Report or WorkflowCommand.ChildEnded;

    /// <summary>Whether the message is the start that the mark was made for: an actor that recovered by the mark, without its journal, accepts no other.</summary>
    private bool IsFreshStart(object message)
    {
        var matches = message is WorkflowCommand.Start start && start.CommandId.ToString("n") == _fresh;
        _fresh = null;
        return matches;
    }

    private void Enqueue(object message, IActorRef sender)
    {
        _phase = _phase == RunPhase.Parking ? RunPhase.Active : _phase;
        _arrived.Enqueue((message, sender));
        if (_phase != RunPhase.Settling)
        {
            ProcessPending();
        }
    }

    /// <summary>Decides the messages that have arrived, and writes the commits as one row; a message without a commit is answered in its turn.</summary>
    private void ProcessPending()
    {
        if (_pending != PendingStep.None)
        {
            return;
        }

        if (IsStopping)
        {
            Leave();
            return;
        }

        if (_arrived.Count == 0)
        {
            LeaveIfDone();
            return;
        }

        var most = Math.Min(_arrived.Count, CommandsPerWrite);
        var commits = ImmutableArray.CreateBuilder<WorkflowCommit>(most);
        var answers = new List<(IActorRef To, object Answer)>(most);
        var (taken, bytes, endsRow) = (0, 0L, false);
        while (_arrived.Count > 0 && taken++ < CommandsPerWrite && bytes < BytesPerWrite && !endsRow)
        {
            if (Prerequisites.MayBeMissingFor(_arrived.Peek().Message))
            {
                if (commits.Count > 0)
                {
                    // The actor waits for one thing at a time: this write first.
                    break;
                }

                _pending = _prerequisites.MissingFor(_arrived.Peek().Message, LastSequenceNr > 0);
                if (_pending != PendingStep.None)
                {
                    break;
                }
            }

            var (message, sender) = _arrived.Dequeue();
            bytes += BytesOf(message);
            endsRow = Handle(message, sender, commits, answers);
        }

        if (commits.Count > 0)
        {
            Write(commits.DrainToImmutable(), answers);
            return;
        }

        Send(answers);
        GoOnUnlessPending();
    }

    /// <summary>Continues after what the run waited for has come.</summary>
    private void GoOn()
    {
        _pending = PendingStep.None;
        ProcessPending();
    }

    private void GoOnUnlessPending()
    {
        if (_pending == PendingStep.None && (_arrived.Count > 0 || IsStopping))
        {
            ProcessPending();
        }
        else
        {
            LeaveIfDone();
        }
    }

    /// <summary>The approximate number of bytes that a command adds to its row.</summary>
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

    /// <summary>Handles one message.</summary>
    /// <returns>Whether it must be the last of its row: a named checkpoint holds the run as this commit leaves it.</returns>
    private bool Handle(
        object message, IActorRef sender, ImmutableArray<WorkflowCommit>.Builder commits, List<(IActorRef To, object Answer)> answers)
    {
        switch (message)
        {
            case WorkflowQuery query:
                Add(_queries.Answer(query, sender, LastSequenceNr), sender, answers);
                return false;
            case RewindTo rewind when AnswerOfRepeat(rewind) is { } answer:
                // Before the checkpoint is looked for, which may be gone since.
                answers.Add((sender, answer));
                return false;
            case RewindTo rewind:
                Add(_past.Read(rewind, rewind.Checkpoint, sender, LastSequenceNr), sender, answers);
                return false;
        }

        var command = message is ForkFrom fork ? _prerequisites.TakeFork(fork) : (WorkflowCommand)message;
        var step = _prerequisites.RefusalOf(command) is { } purged
            ? new SessionStep(purged, SessionAnswer.Refused)
            : _session.Handle(command, Now, _services.Roll);
        if (!step.Decision.Faults.IsEmpty)
        {
            DecisionFaultLog.Tell(Log, _id, command, step.Decision);
        }

        if (step.FollowUp is { } followUp)
        {
            _arrived.Enqueue((followUp, ActorRefs.Nobody));
        }

        if (step.ReportsAgain)
        {
            _effects.ReportAgain();
        }

        var accepted = step.Decision as Decision.Accepted;
        if (step.Answer != SessionAnswer.Refused)
        {
            _effects.Follow(command);
        }

        AddAnswer(step, command, sender, answers);
        if (accepted is null)
        {
            return false;
        }

        commits.Add(accepted.Commit);
        _prerequisites.NoteRecorded();
        return accepted.Commit.Events.Any(e => e is WorkflowEvent.CheckpointNamed);
    }

    /// <summary>The answer to a rewind whose id the run knows; null means that it does not.</summary>
    private WorkflowReply? AnswerOfRepeat(RewindTo rewind)
    {
        switch (_session.StandingOf(rewind.CommandId, () => CommandContent.OfRewind(rewind.Checkpoint)))
        {
            case CommandStanding.Repeat:
                return new WorkflowReply.Accepted(_id);
            case CommandStanding.Conflict:
                var conflict = CommandContent.Conflict(rewind.CommandId);
                return new WorkflowReply.Refused(_id, conflict.Code, conflict.Reason);
            default:
                return null;
        }
    }

    private static void Add(object? answer, IActorRef to, List<(IActorRef To, object Answer)> answers)
    {
        if (answer is not null)
        {
            answers.Add((to, answer));
        }
    }

    private void AddAnswer(SessionStep step, WorkflowCommand command, IActorRef sender, List<(IActorRef To, object Answer)> answers)
    {
        switch (step.Answer)
        {
            case SessionAnswer.Refused when step.Decision is Decision.Refused refused:
                answers.Add((sender, new WorkflowReply.Refused(_id, refused.Code, refused.Reason)));
                break;
            case SessionAnswer.ReportTaken when command is WorkflowCommand.Report report:
                answers.Add((sender, new ReportAcknowledged(_id, report.Attempt, report.Lease)));
                break;
            case SessionAnswer.ChildEndTaken when command is WorkflowCommand.ChildEnded ended:
                answers.Add((sender, new ChildEndAcknowledged(ended.Attempt)));
                break;
            case SessionAnswer.OnceStored when step.Decision is Decision.Accepted:
                _checkpoints.TellOnceStored(sender);
                break;
            case SessionAnswer.OnceStored when command is WorkflowCommand.TakeCheckpoint repeat && _checkpoints.TryTellOnceStored(repeat.Name, sender):
            case SessionAnswer.None:
                break;
            default:
                answers.Add((sender, new WorkflowReply.Accepted(_id) { Started = command is WorkflowCommand.Start { Parent: null } start ? StartedBy(start) : null }));
                break;
        }
    }

    /// <summary>
    /// The run that the first start led to. Each call proposes a run id of its own, which its repeats on the way keep: whose id the run has, that
    /// call has started it.
    /// </summary>
    private StartedWorkflow? StartedBy(WorkflowCommand.Start start) => _session.State switch
    {
        WorkflowState.Open { RunId: var id, Definition: var definition } => new(id, definition.Name, definition.Version, id == start.RunId),
        WorkflowState.Closed { RunId: var id, Definition: var definition } => new(id, definition.Name, definition.Version, id == start.RunId),
        _ => null,
    };

    private void Write(ImmutableArray<WorkflowCommit> commits, List<(IActorRef To, object Answer)> answers)
    {
        (_pending, _toPurge) = (PendingStep.Write, null);
        PersistAsync(new CommitBatch(commits), _ =>
        {
            _pending = PendingStep.None;
            _checkpoints.Book.Note(LastSequenceNr, commits);
            TakeCheckpointIfDue();
            // First, so that whoever gets an answer finds the run counted.
            RunTelemetry.Recorded(_services.Metrics, _id, _session.State!, commits);
            if (!IsStopping && !_services.IsLeaving())
            {
                // Before the answers, so that whoever gets one finds the run in lists.
                _effects.TellIndex(LastSequenceNr);
            }

            Send(answers);
            LogFailures(commits);
            _observation.Recorded(_session.State!, commits);
            if (!IsStopping)
            {
                ReconcileEffects();
            }

            ProcessPending();
        });
    }

    /// <summary>Logs failed attempts that no other attempt follows: the worker logged the exception, without knowing that the attempt was the last.</summary>
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

    private void On(PastRead read)
    {
        if (_past.On(read) is { } rewind)
        {
            Enqueue(rewind, read.Sender);
        }
        else
        {
            LeaveIfDone();
        }
    }

    private void Send(List<(IActorRef To, object Answer)> answers)
    {
        foreach (var (to, answer) in answers)
        {
            _queries.Send(to, answer, LastSequenceNr);
        }
    }

    // Prerequisites: what is missing for the first waiting command

    private void On(PlanLoaded loaded)
    {
        if (_replay is not null)
        {
            Recover(loaded);
            return;
        }

        if (loaded.Plan is not null)
        {
            // The cache has the definition now, and the start that needs it finds it there.
            GoOn();
            return;
        }

        var definition = $"{loaded.Definition.Name}@{loaded.Definition.Version}";
        if (loaded.Error is UnreadableDefinitionException unreadable)
        {
            // Not "unavailable": the sender would repeat the start for ever.
            Log.Error(unreadable, "The run {0} cannot start.", _id);
            RefuseFirst("internal", unreadable.Message);
        }
        else if (loaded.Error is { } error)
        {
            RefuseFirst("unavailable", $"The definition {definition} cannot be read: {error.Message}");
        }
        else
        {
            RefuseFirst("definition-not-found", $"The definition {definition} is not in the store.");
        }
    }

    private void On(HoldEnded hold)
    {
        if (hold.IsHeld)
        {
            _prerequisites.On(hold);
            GoOn();
            return;
        }

        if (hold.Error is { } error)
        {
            RefuseFirst("unavailable", $"The index cannot be written: {error.Message}");
            return;
        }

        // Messages are not lost: the actor that recovers in place of this one finds them in the mailbox, and none of them in the journal.
        foreach (var (message, sender) in _arrived)
        {
            Self.Tell(message, sender);
        }

        throw new PurgedMeanwhileException(_id);
    }

    private void On(ForkSourceRead read)
    {
        if (_prerequisites.On(read, (ForkFrom)_arrived.Peek().Message) is { } refused)
        {
            RefuseFirst(refused.Code, refused.Reason);
        }
        else
        {
            GoOn();
        }
    }

    private void RefuseFirst(string code, string reason)
    {
        var (_, sender) = _arrived.Dequeue();
        sender.Tell(new WorkflowReply.Refused(_id, code, reason));
        _pending = PendingStep.None;
        GoOnUnlessPending();
    }

    // Recovery: from the journal and the definition to the state

    private void OnRecovered()
    {
        _checkpoints.Book.LastAt = Now;
        if (_replay!.Definition is not { } definition)
        {
            _replay = null;
            _services.Stuck.Forget(_id);
            (_phase, _pending) = (RunPhase.Active, PendingStep.None);
            _fresh = _services.FreshIds.TakeRecovery(PersistenceId);
            if (_fresh is null)
            {
                // After the message that woke this actor; if there is none, a restart of the cluster remembered an id that was never started.
                Self.Tell(LookWhetherUsed.Instance);
            }
        }
        else if (!_replay.IsWhole(LastSequenceNr) || (_services.AsksForTombstones && _replay.HasOnlyCheckpoint))
        {
            // A purge that went on meanwhile, or a checkpoint that was stored behind it, leaves this too.
            if (!_prerequisites.SeekTombstoneOfRemains())
            {
                On(new RemainsSought(null));
            }
        }
        else
        {
            TakeUp(definition);
        }
    }

    private void TakeUp(DefinitionReference definition)
    {
        if (_services.Plans.Find(definition.Hash) is { } plan)
        {
            Recover(new(definition, plan, null));
        }
        else
        {
            _prerequisites.Load(definition);
        }
    }

    /// <summary>What was read may be the remains of a purged run, which leaves nothing behind; another one whose journal is not whole is stuck.</summary>
    private void On(RemainsSought found)
    {
        if (found.Purged is null && _replay!.IsWhole(LastSequenceNr))
        {
            TakeUp(_replay.Definition!);
            return;
        }

        if (found.Purged is null)
        {
            Log.Error("The run {0} cannot be recovered: rows of its journal are missing.", _id);
            StopStuck("Rows of its journal are missing.");
            return;
        }

        DeleteSnapshots(new(long.MaxValue, DateTime.MaxValue));
        _services.Stuck.Forget(_id);
        // Whoever asked repeats it, and finds no run.
        Context.Stop(Self);
    }

    /// <summary>Folds the journal. If that fails, the actor stops, and sharding tries again later.</summary>
    private void Recover(PlanLoaded loaded)
    {
        if (loaded.Plan is not { } plan)
        {
            var definition = $"{loaded.Definition.Name}@{loaded.Definition.Version}";
            Log.Error(loaded.Error, "The run {0} cannot go on: its definition {1} cannot be had from the store.", _id, definition);
            StopStuck($"Its definition {definition} cannot be had from the store.");
            return;
        }

        try
        {
            _replay!.Into(_session, plan, _services.Retention == TimeSpan.Zero ? DateTimeOffset.MinValue : Now - _services.Retention);
        }
        catch (Exception error) when (_replay!.Checkpoint is { } checkpoint)
        {
            // The journal has all events: the actor that recovers in place of this one reads no checkpoint.
            _services.WithoutCheckpoints.TryAdd(PersistenceId, 0);
            throw new UntrustedCheckpointException(_id, checkpoint.Sequence, error);
        }
        catch (Exception error)
        {
            Log.Error(error, "The run {0} cannot be recovered from its journal.", _id);
            StopStuck(error.Message);
            return;
        }

        RunTelemetry.Recovered(_services.Metrics, errorType: null);
        _services.Stuck.Forget(_id);
        (_replay, _pending) = (null, PendingStep.None);
        if (!IsStopping)
        {
            _phase = RunPhase.Active;
            _observation.Recovered(_session.State!);
            ResumeAfterRecovery();
        }

        if (_arrived.Count > 0 || IsStopping)
        {
            ProcessPending();
        }
    }

    /// <summary>Continues after recovery. A closed run was woken by a message, and leaves once that is answered.</summary>
    private void ResumeAfterRecovery()
    {
        if (_session.State is WorkflowState.Open)
        {
            _toPurge = null;
            ReconcileEffects();
            return;
        }

        if (_session.State is WorkflowState.Closed closed)
        {
            _effects.TakeUp(closed, LastSequenceNr);
        }

        Self.Tell(LookWhetherUsed.Instance);
    }

    private void StopStuck(string why)
    {
        SayStuck(why);
        Context.Stop(Self);
    }

    /// <summary>Notes in the index why the run cannot be recovered. If the index cannot be written, the log still has the reason.</summary>
    private void SayStuck(string why)
    {
        RunTelemetry.Recovered(_services.Metrics, RecoveryFailed);
        _services.Stuck.Note(_id, why);
        _ = _services.Index?.MarkStuckAsync(_id, IndexedFailure.Of(RecoveryFailed, why), Now)
            .ContinueWith(static failed => _ = failed.Exception, TaskContinuationOptions.OnlyOnFaulted);
    }

    // Effects

    /// <summary>Carries out the effects of the state, after a write and after a recovery.</summary>
    private void ReconcileEffects()
    {
        switch (_session.State)
        {
            case WorkflowState.Open when _services.IsLeaving():
                break;
            case WorkflowState.Open open:
                _effects.Reconcile(open, LastSequenceNr);
                ArmPark(open);
                break;
            case WorkflowState.Closed closed:
                _queries.TellEnd(closed);
                _effects.End(closed, LastSequenceNr);
                LeaveIfDone();
                break;
            default:
                break;
        }
    }

    private void On(WorkflowReply reply)
    {
        switch (reply)
        {
            case WorkflowReply.Accepted accepted:
                _effects.OnChildAccepted(accepted.WorkflowId);
                if (_session.State is WorkflowState.Closed)
                {
                    LeaveIfDone();
                }

                break;
            case WorkflowReply.Refused refused when _phase < RunPhase.Passivating && _effects.OnChildRefused(refused) is { } report:
                Enqueue(report, Self);
                break;
            default:
                break;
        }
    }

    private void RepeatUnanswered()
    {
        if (!IsStopping)
        {
            _effects.Repeat();
        }
    }

    private void TakeCheckpointIfDue()
    {
        // During a write the run is not checked; it is checked afterwards. Only the rows tell of a child that was left before
        // it began: a checkpoint that was not requested can wait for that.
        if (_pending == PendingStep.None)
        {
            _checkpoints.TakeIfDue(_session.State, _session.Plan, LastSequenceNr, namedOnly: _effects.HasUnbegunChildren);
        }
    }

    // Leaving memory

    private bool MayLeave(WorkflowState.Open open) =>
        _pending == PendingStep.None && _phase is RunPhase.Active or RunPhase.Parking && _arrived.Count == 0 && !_past.IsBusy
        && _effects.IsParkable(open) && _effects.IsSettled && _queries.NobodyWaits;

    private void ArmPark(WorkflowState.Open open)
    {
        if (_effects.IsParkable(open))
        {
            _arrived.TrimExcess();
            _timers.Set(RunTimer.Park, Park.Instance, _services.PassivateAfter);
        }
        else
        {
            _timers.Cancel(RunTimer.Park);
        }
    }

    private void OnPark()
    {
        if (_session.State is not WorkflowState.Open open || !_effects.IsParkable(open))
        {
            return;
        }

        if (!MayLeave(open))
        {
            ArmPark(open);
            return;
        }

        _phase = RunPhase.Parking;
        if (_checkpoints.Book.EventsSince > 0)
        {
            // The next recovery reads the checkpoint, not the events.
            _checkpoints.Take(open, LastSequenceNr);
        }
        else if (!_checkpoints.IsBusy)
        {
            Passivate();
        }
    }

    /// <summary>Leaves memory once the run owes no message: an id that was never started, a closed run, a run that is parked.</summary>
    private void LeaveIfDone()
    {
        if (_pending != PendingStep.None || _phase >= RunPhase.Settling || _arrived.Count > 0 || _past.IsBusy)
        {
            return;
        }

        switch (_session.State)
        {
            case WorkflowState.Open open when _phase == RunPhase.Parking && !_checkpoints.IsBusy && MayLeave(open):
                Passivate();
                break;
            case WorkflowState.Open open when _phase == RunPhase.Active && _effects.IsParkable(open) && !_timers.IsSet(RunTimer.Park):
                // A message came while it was leaving.
                ArmPark(open);
                break;
            case WorkflowState.Open:
                break;
            case WorkflowState.Closed when !_effects.OwesNothing || _checkpoints.IsBusy:
                RepeatUnanswered();
                break;
            default:
                if (_toPurge is { } purge)
                {
                    Settle(purge);
                }
                else
                {
                    Passivate();
                }

                break;
        }
    }

    /// <summary>Tells the index that the run owes nothing and may be purged, and leaves.</summary>
    private void Settle(PurgeRun purge)
    {
        _toPurge = null;
        if (_services.Index is not { } index || (_session.State is WorkflowState.Closed closed && closed.RunId != purge.RunId))
        {
            Passivate();
            return;
        }

        _phase = RunPhase.Settling;
        index.SettleAsync(_id, purge.RunId).PipeTo(Self, success: () => Settled.Instance, failure: error =>
        {
            Log.Warning(error, "The run {0} could not say that it may be purged; it is asked again later.", _id);
            return Settled.Instance;
        });
    }

    private void Passivate()
    {
        if (_phase < RunPhase.Passivating)
        {
            _phase = RunPhase.Passivating;
            Context.Parent.Tell(new Passivate(StopWorkflow.Instance));
        }
    }

    /// <summary>Stops once nothing is being written. Waiting messages are sent to where the run continues.</summary>
    private void Leave()
    {
        if (_session.State is WorkflowState.Closed closed)
        {
            _queries.TellEnd(closed);
        }

        if (_phase == RunPhase.Stopping || _services.HasSuccessor())
        {
            // While a shard is handed over, it takes no messages; its region does, and keeps them until the shard has a new home.
            var next = _phase == RunPhase.Stopping ? Context.Parent : _services.Runs;
            HandOnArrived(next);
            _queries.HandOn(next);
        }

        Context.Stop(Self);
    }

    private void HandOnArrived(IActorRef next)
    {
        while (_arrived.TryDequeue(out var waiting))
        {
            if (waiting.Message is WorkflowCommand.Rewind rewind)
            {
                // It goes without the image that was read for it here.
                next.Tell(new RewindTo(_id, rewind.CommandId, rewind.Checkpoint) { LeftBy = rewind.LeftBy }, waiting.Sender);
            }
            else if (waiting.Message is not (WorkflowCommand.Tick or WorkflowCommand.Continue))
            {
                next.Tell(waiting.Message, waiting.Sender);
            }
        }
    }

    private sealed class StaleFreshMarkException(string id)
        : Exception($"The run '{id}' was taken for new, but something else than its start came first. It recovers from its journal.");

    private sealed class UntrustedCheckpointException(string id, long sequence, Exception cause)
        : Exception($"The checkpoint {sequence} of the run '{id}' leads nowhere. It recovers from all its events.", cause);

    private sealed class PurgedMeanwhileException(string id)
        : Exception($"The run '{id}' was purged while it was in memory. It recovers as one that never was.");

    private sealed record LookWhetherUsed : INoSerializationVerificationNeeded
    {
        public static readonly LookWhetherUsed Instance = new();
    }

    private sealed record Park : INoSerializationVerificationNeeded
    {
        public static readonly Park Instance = new();
    }

    private sealed record Settled : INoSerializationVerificationNeeded
    {
        public static readonly Settled Instance = new();
    }
}

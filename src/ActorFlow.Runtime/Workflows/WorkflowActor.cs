using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Planning;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Persistence;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Wire;
using ActorFlow.Runtime.Workflows.Offers;
using ActorFlow.Runtime.Workflows.Replaying;
using Akka.Actor;
using Akka.Event;
using Akka.Persistence;

namespace ActorFlow.Runtime.Workflows;

/// <summary>
/// One run, kept alive by sharding. It decides nothing: it takes commands to the <see cref="WorkflowDecider"/>, makes what they
/// lead to durable, answers, and sees that what the state says is outstanding happens. A recovery ends in that same last step,
/// so a failover needs no path of its own.
/// </summary>
/// <remarks>
/// While a write is in flight, whatever arrives waits in a list. Once it is done, all of it is decided one after another and
/// written as one row: the results of a fan-out share writes, and nobody looks at a state that is ahead of the journal.
/// </remarks>
public sealed partial class WorkflowActor : PersistentActor
{
    private readonly string _id;
    private readonly WorkflowServices _services;
    private readonly Queue<(object Message, IActorRef Sender)> _arrived = [];
    private Dictionary<IActorRef, TimeSpan>? _watchers;

    private readonly CheckpointBook _checkpoints = new();
    private readonly IndexLink _index;
    private readonly ChildBook _children;
    private readonly RunTimers _timers;
    private ReplayedRows _rows;

    private List<WorkflowCommit>? _replayed = [];
    private WorkflowCheckpoint? _checkpoint;
    private WorkflowPlan? _plan;
    private WorkflowState? _state;
    private HashSet<AttemptId>? _inherited;
    private OfferBook? _offers;
    private bool _busy = true;
    private bool _passivating;
    private bool _stopping;
    private bool _parking;
    private bool _waitsLong;
    private string? _fresh;
    private TimeSpan _repeatAt = TimeSpan.MaxValue;

    /// <summary>Makes the actor of one run.</summary>
    /// <param name="id">The id of the run.</param>
    /// <param name="services">What it works with.</param>
    public WorkflowActor(string id, WorkflowServices services)
    {
        _id = id;
        PersistenceId = PersistenceIds.Of(id);
        _services = services;
        _index = new(services.IndexWriter);
        _children = new(Self, services);
        _timers = new(Context.System.Scheduler, Self);
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    public override Recovery Recovery => _services.WithoutCheckpoints.ContainsKey(PersistenceId)
        ? new(SnapshotSelectionCriteria.None)
        : Recovery.Default;

    /// <inheritdoc/>
    protected override bool ReceiveRecover(object message)
    {
        switch (message)
        {
            case SnapshotOffer { Snapshot: WorkflowCheckpoint checkpoint }:
                _checkpoint = checkpoint;
                _checkpoints.Begin(checkpoint);
                _rows.Begin(checkpoint.Sequence);
                return true;
            case CommitBatch batch:
                _rows.Note(LastSequenceNr);
                _replayed!.AddRange(batch.Commits);
                _checkpoints.Note(LastSequenceNr, batch.Commits);
                return true;
            case RecoveryCompleted:
                Replay();
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
            case PlanLoaded loaded:
                OnPlan(loaded);
                break;
            case OfferAcknowledged or AttemptsLeased or OfferGranted or HandlersMissing or Terminated or RepeatOffers:
                LookAfterOffers(message);
                break;
            case WorkflowReply reply:
                On(reply);
                break;
            case ChildEndAcknowledged acknowledged:
                On(acknowledged);
                break;
            case IndexRowWritten written:
                _index.On(written);
                ForgetLook();
                LeaveIfDone();
                break;
            case LookAfterOthers or ChildUnresolved:
                LookAfterAll();
                break;
            case Park:
                OnPark();
                break;
            case TakeDueCheckpoint:
                TakeCheckpointIfDue();
                break;
            case SaveSnapshotSuccess or SaveSnapshotFailure or CheckpointsListed:
                OnCheckpoint(message);
                break;
            case DeleteSnapshotFailure or DeleteSnapshotSuccess:
                _pruning--;
                LeaveIfDone();
                break;
            case Settled:
                Passivate();
                break;
            case HoldEnded hold:
                On(hold);
                break;
            case PastRead read:
                On(read);
                break;
            case SourceRead read:
                On(read);
                break;
            case TombstoneSought found:
                (_busy, _rowFound, _tombstone) = (false, true, found.Purged);
                ProcessPending();
                break;
            case StopWorkflow:
                _stopping = true;
                ProcessPending();
                break;
            case LookWhetherUsed:
                LeaveIfDone();
                break;
            case WorkflowCommand.Tick when _passivating && !_stopping && _state is WorkflowState.Open:
                // Its time has come just as it leaves.
                Context.Parent.Forward(message);
                break;
            case WorkflowCommand.Tick or WorkflowCommand.Continue when _passivating || _stopping:
                break;
            case IWorkflowMessage when _passivating && !_stopping && !IsAnsweredByTheEnd(message):
                // Decided here it could be forgotten there: it goes back, and finds the actor that comes after this one.
                Context.Parent.Forward(message);
                break;
            case IWorkflowMessage when _fresh is not null && !IsFreshStart(message):
                // What came is not lost: the actor that recovers in place of this one finds it in the mailbox.
                Self.Forward(message);
                throw new StaleFreshMarkException(_id);
            case PurgeRun purge:
                Purge(purge);
                break;
            case IWorkflowMessage:
                Enqueue(message, Sender);
                break;
            default:
                return false;
        }

        return true;
    }

    private void Enqueue(object message, IActorRef sender)
    {
        _parking = false;
        _arrived.Enqueue((message, sender));
        if (!_purging)
        {
            ProcessPending();
        }
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _timers.CancelAll();
        WaitNoLonger();
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
        // A store that fails, fails for every run: the first one says it for all.
        if (cause is not StoreWriteException || _services.SaysWriteFailure.IsDue())
        {
            Log.Error(cause, "The run {0} could not write number {1} to its journal, and stops; it recovers from what is written.", _id, sequenceNr);
        }
    }

    /// <inheritdoc/>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        // The state is ahead of a journal that will never catch up: only a recovery puts that right.
        Log.Error(cause, "The journal refused number {1} of the run {0}, which stops.", _id, sequenceNr);
        Context.Stop(Self);
    }

    private DateTimeOffset Now => _services.Clock.GetUtcNow();

    private TimeSpan Uptime => _services.Clock.GetElapsedTime(0);

    /// <summary>Whether the end of the run is all it takes to answer, so that it matters not which incarnation does.</summary>
    private bool IsAnsweredByTheEnd(object message) =>
        _state is WorkflowState.Closed && message is (WorkflowQuery and not WorkflowQuery.GetCheckpoint) or WorkflowCommand.Report or WorkflowCommand.ChildEnded;

    /// <summary>An actor that recovered by a mark, without asking the journal, takes only the very start the mark was made for.</summary>
    private bool IsFreshStart(object message)
    {
        var matches = message is WorkflowCommand.Start start && start.CommandId.ToString("n") == _fresh;
        _fresh = null;
        return matches;
    }

    /// <summary>Stops, once nothing is being written. Whoever waits for something here waits for it where the run goes on.</summary>
    private void Leave()
    {
        if (_state is WorkflowState.Closed)
        {
            TellWatchers();
        }

        if (_passivating || _services.HasSuccessor())
        {
            // While a shard is handed over, it takes nothing; its region does, and keeps it until the shard has a new home.
            HandOn(_passivating ? Context.Parent : _services.Runs);
        }

        Context.Stop(Self);
    }

    private void HandOn(IActorRef next)
    {
        foreach (var (message, sender) in _arrived)
        {
            if (message is not (WorkflowCommand.Tick or WorkflowCommand.Continue))
            {
                next.Tell(message is WorkflowCommand.Rewind rewind ? AskedAnew(rewind) : message, sender);
            }
        }

        ForgetWatchers();
        foreach (var (watcher, _) in _watchers ?? [])
        {
            next.Tell(new WorkflowQuery.AwaitEnd(_id), watcher);
        }
    }

    private sealed class StaleFreshMarkException(string id)
        : Exception($"The run '{id}' was taken for new, but something else than its start came first. It recovers from its journal.");

    private sealed record PlanLoaded(DefinitionReference Definition, WorkflowPlan? Plan, Exception? Error) : INoSerializationVerificationNeeded;

    private sealed record RepeatOffers : INoSerializationVerificationNeeded
    {
        public static readonly RepeatOffers Instance = new();
    }

    private sealed record LookWhetherUsed : INoSerializationVerificationNeeded
    {
        public static readonly LookWhetherUsed Instance = new();
    }
}

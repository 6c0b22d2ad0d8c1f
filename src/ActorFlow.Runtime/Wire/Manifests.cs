using System.Collections.Frozen;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Definitions;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Workflows;

namespace ActorFlow.Runtime.Wire;

/// <summary>
/// The names under which messages and events travel and are stored. A promise: a name is never changed nor given to another
/// form; a new form gets a new number.
/// </summary>
internal static class Manifests
{
    public const string CommitBatch = "wf.commits.1";
    public const string WorkflowCheckpoint = "wf.checkpoint.1";

    public const string Start = "wf.start.1";
    public const string Report = "wf.report.1";
    public const string Tick = "wf.tick.1";
    public const string Continue = "wf.continue.1";
    public const string Cancel = "wf.cancel.1";
    public const string Terminate = "wf.terminate.1";
    public const string AwaitEnd = "wf.await-end.1";
    public const string GetStatus = "wf.get-status.1";
    public const string FetchInput = "wf.fetch-input.1";
    public const string Accepted = "wf.accepted.1";
    public const string Refused = "wf.refused.1";
    public const string Ended = "wf.ended.1";
    public const string Status = "wf.status.1";
    public const string StopWorkflow = "wf.stop.1";
    public const string PurgeRun = "wf.purge.1";

    public const string GetDetails = "wf.get-details.1";
    public const string GetHistory = "wf.get-history.1";
    public const string GetCheckpoints = "wf.get-checkpoints.1";
    public const string GetCheckpoint = "wf.get-checkpoint.1";
    public const string RewindTo = "wf.rewind-to.1";
    public const string ForkFrom = "wf.fork-from.1";
    public const string ChildEndAcknowledged = "wf.child-end-acknowledged.1";
    public const string Details = "wf.details.1";
    public const string History = "wf.history.1";
    public const string Checkpoints = "wf.checkpoints.1";
    public const string Checkpoint = "wf.kept-checkpoint.1";
    public const string Stored = "wf.stored.1";

    public const string DefinitionRegistered = "def.registered.1";
    public const string RegisterDefinition = "def.register.1";
    public const string ResolveDefinition = "def.resolve.1";
    public const string GetDefinitionVersions = "def.get-versions.1";
    public const string DefinitionFound = "def.found.1";
    public const string DefinitionNotFound = "def.not-found.1";
    public const string DefinitionRefused = "def.refused.1";
    public const string DefinitionVersions = "def.versions.1";

    public const string Signal = "wf.signal.1";
    public const string Answer = "wf.answer.1";
    public const string Pause = "wf.pause.1";
    public const string Resume = "wf.resume.1";
    public const string Retry = "wf.retry.1";
    public const string TakeCheckpoint = "wf.take-checkpoint.1";
    public const string Rewind = "wf.rewind.1";
    public const string ResolveChild = "wf.resolve-child.1";
    public const string ChildRefused = "wf.child-refused.1";
    public const string ChildEnded = "wf.child-ended.1";

    public const string Offer = "tq.offer.1";
    public const string OfferAcknowledged = "tq.offer-acknowledged.1";
    public const string OfferGranted = "tq.offer-granted.1";
    public const string AttemptsLeased = "tq.attempts-leased.1";
    public const string Withdraw = "tq.withdraw.1";
    public const string ReportAcknowledged = "tq.report-acknowledged.1";
    public const string AttemptInput = "tq.attempt-input.1";
    public const string HandlersMissing = "tq.handlers-missing.1";
    public const string WorkerInventory = "tq.pull.1";
    public const string SlotsChanged = "tq.slots-changed.1";
    public const string InventoryAcknowledged = "tq.pull-acknowledged.1";
    public const string InventoryRequest = "tq.inventory-request.1";
    public const string AssignAttempts = "tq.run.1";
    public const string CancelAttempt = "tq.cancel-attempt.1";
    public const string ReportAgain = "tq.report-again.1";

    /// <summary>Every type that has a form, and its name.</summary>
    public static readonly FrozenDictionary<Type, string> ByType = new Dictionary<Type, string>
    {
        [typeof(CommitBatch)] = CommitBatch,
        [typeof(WorkflowCheckpoint)] = WorkflowCheckpoint,
        [typeof(WorkflowCommand.Start)] = Start,
        [typeof(WorkflowCommand.Report)] = Report,
        [typeof(WorkflowCommand.Tick)] = Tick,
        [typeof(WorkflowCommand.Continue)] = Continue,
        [typeof(WorkflowCommand.Cancel)] = Cancel,
        [typeof(WorkflowCommand.Terminate)] = Terminate,
        [typeof(WorkflowQuery.AwaitEnd)] = AwaitEnd,
        [typeof(WorkflowQuery.GetStatus)] = GetStatus,
        [typeof(WorkflowQuery.FetchInput)] = FetchInput,
        [typeof(WorkflowReply.Accepted)] = Accepted,
        [typeof(WorkflowReply.Refused)] = Refused,
        [typeof(WorkflowReply.Ended)] = Ended,
        [typeof(WorkflowReply.Status)] = Status,
        [typeof(StopWorkflow)] = StopWorkflow,
        [typeof(WorkflowCommand.Signal)] = Signal,
        [typeof(WorkflowCommand.Answer)] = Answer,
        [typeof(WorkflowCommand.Pause)] = Pause,
        [typeof(WorkflowCommand.Resume)] = Resume,
        [typeof(WorkflowCommand.Retry)] = Retry,
        [typeof(WorkflowCommand.TakeCheckpoint)] = TakeCheckpoint,
        [typeof(WorkflowCommand.Rewind)] = Rewind,
        [typeof(WorkflowCommand.ResolveChild)] = ResolveChild,
        [typeof(WorkflowCommand.ChildRefused)] = ChildRefused,
        [typeof(WorkflowCommand.ChildEnded)] = ChildEnded,
        [typeof(PurgeRun)] = PurgeRun,
        [typeof(WorkflowQuery.GetDetails)] = GetDetails,
        [typeof(WorkflowQuery.GetHistory)] = GetHistory,
        [typeof(WorkflowQuery.GetCheckpoints)] = GetCheckpoints,
        [typeof(WorkflowQuery.GetCheckpoint)] = GetCheckpoint,
        [typeof(RewindTo)] = RewindTo,
        [typeof(ForkFrom)] = ForkFrom,
        [typeof(ChildEndAcknowledged)] = ChildEndAcknowledged,
        [typeof(WorkflowReply.Details)] = Details,
        [typeof(WorkflowReply.History)] = History,
        [typeof(WorkflowReply.Checkpoints)] = Checkpoints,
        [typeof(WorkflowReply.Checkpoint)] = Checkpoint,
        [typeof(WorkflowReply.ReadFromStore)] = Stored,
        [typeof(DefinitionRegistered)] = DefinitionRegistered,
        [typeof(DefinitionCommand.Register)] = RegisterDefinition,
        [typeof(DefinitionQuery.Resolve)] = ResolveDefinition,
        [typeof(DefinitionQuery.GetVersions)] = GetDefinitionVersions,
        [typeof(DefinitionReply.Found)] = DefinitionFound,
        [typeof(DefinitionReply.NotFound)] = DefinitionNotFound,
        [typeof(DefinitionReply.Refused)] = DefinitionRefused,
        [typeof(DefinitionReply.Versions)] = DefinitionVersions,
        [typeof(Offer)] = Offer,
        [typeof(OfferAcknowledged)] = OfferAcknowledged,
        [typeof(OfferGranted)] = OfferGranted,
        [typeof(AttemptsLeased)] = AttemptsLeased,
        [typeof(Withdraw)] = Withdraw,
        [typeof(ReportAcknowledged)] = ReportAcknowledged,
        [typeof(AttemptInput)] = AttemptInput,
        [typeof(HandlersMissing)] = HandlersMissing,
        [typeof(WorkerInventory)] = WorkerInventory,
        [typeof(SlotsChanged)] = SlotsChanged,
        [typeof(InventoryAcknowledged)] = InventoryAcknowledged,
        [typeof(InventoryRequest)] = InventoryRequest,
        [typeof(AssignAttempts)] = AssignAttempts,
        [typeof(CancelAttempt)] = CancelAttempt,
        [typeof(ReportAgain)] = ReportAgain,
    }.ToFrozenDictionary();
}

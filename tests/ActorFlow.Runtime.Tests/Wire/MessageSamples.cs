using System.Collections.Immutable;
using ActorFlow.Core.Expressions;
using ActorFlow.Core.Tasks;
using ActorFlow.Core.Workflows;
using ActorFlow.Runtime.Checkpoints;
using ActorFlow.Runtime.Definitions;
using ActorFlow.Runtime.Index;
using ActorFlow.Runtime.Tasks;
using ActorFlow.Runtime.Watching;
using ActorFlow.Runtime.Wire;
using ActorFlow.Runtime.Workflows;
using Akka.Actor;

namespace ActorFlow.Runtime.Tests.Wire;

/// <summary>
/// Messages of every type. The golden files hold the bytes of exactly these: a sample is never changed, only added.
/// </summary>
/// <param name="actor">What they refer to; its path must be the same in every test run.</param>
internal sealed class MessageSamples(IActorRef actor)
{
    private static readonly Guid RunId = Guid.Parse("0197a000-0102-7304-8506-0708090a0b0c");
    private static readonly Guid CommandId = Guid.Parse("0197a000-1112-7314-8516-1718191a1b1c");
    private static readonly DateTimeOffset Moment = new(2026, 11, 23, 13, 14, 15, 678, TimeSpan.Zero);
    private static readonly DefinitionReference Definition = new("order-fulfilment", 3, new string('a', 64));
    private static readonly Payload Json = Payload.Parse("""{"a":[1,2.50,"\u00fc"],"b":null}""");
    private static readonly AttemptId Attempt = new(RunId, 2, new(3, 14, 159, 2), 5);
    private static readonly AttemptId Undo = new(RunId, 1, new(-1, 6, 0, 0), 1);
    private static readonly LeaseId Lease = new(638_000_000_000_000_000, 42);

    private static readonly TaskOrder Full = new(
        Attempt, "each[159]/x#2", "payments.charge", "fast", 9, Json, [new SecretSlot("/headers/auth", 7, "TOKEN")],
        TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), Moment, Payload.FromString("half"));

    private static readonly TaskOrder Bare = new(
        Undo, "reserve!compensate", "release", "default", 0, Payload.Null, [], TimeSpan.FromHours(1), null, Moment, null);

    private static readonly TaskOrder Withheld = Full with { Input = Payload.Null, WithheldBytes = 1_048_576 };

    private static readonly WorkflowSummary Summary = new()
    {
        Id = "order/2026-7~x",
        RunId = RunId,
        Definition = "order-fulfilment",
        Version = 3,
        Status = WorkflowStatus.Failed,
        StartedAt = Moment,
        UpdatedAt = Moment.AddSeconds(9),
        ClosedAt = Moment.AddSeconds(9),
        Parent = "order",
        Tags = ImmutableSortedDictionary<string, string>.Empty.Add("customer", "7"),
        Failure = new("OutOfStock", "none left"),
    };

    private static readonly HostState State = new(
        "fast", "node-1", 638_000_000_000_000_001, 7, Lease.Epoch, 41, 63, [new(Lease, Attempt, true), new(new(1, 2), Undo, false)]);

    private static readonly WorkflowCommand.Start Start = new("order/2026-7~x", CommandId, RunId, Definition, Json);

    /// <summary>Every sample under its name: the type's, and what it shows.</summary>
    public ImmutableSortedDictionary<string, object> All { get; } = new Dictionary<string, object>
    {
        ["Start"] = Start,
        ["Report.succeeded"] = Report(new TaskOutcome.Succeeded(Json)),
        ["Report.failed"] = Report(new TaskOutcome.Failed("CardDeclined", "no: \u00fc", true, Json)),
        ["Report.failed-bare"] = Report(new TaskOutcome.Failed("", "", false, null)),
        ["Report.failed-retry-after"] = Report(
            new TaskOutcome.Failed("HttpFailed", "503", true, null) { RetryAfter = TimeSpan.FromSeconds(30) }),
        ["Report.cancelled"] = Report(TaskOutcome.Cancelled.Instance),
        ["Report.abandoned"] = Report(TaskOutcome.Abandoned.Instance),
        ["Report.released"] = Report(TaskOutcome.Released.Instance),
        ["Report.lost"] = Report(TaskOutcome.Lost.Instance),
        ["Tick"] = new WorkflowCommand.Tick("w"),
        ["Continue"] = new WorkflowCommand.Continue("w"),
        ["Cancel"] = new WorkflowCommand.Cancel("w", CommandId, "enough"),
        ["Terminate"] = new WorkflowCommand.Terminate("w", CommandId, "now"),
        ["Start.child"] = Start with { Parent = ImageSamples.Parent, Companions = ImageSamples.Companions, Tags = ImageSamples.Tags },
        ["Start.fork"] = Start with { Origin = ImageSamples.Origin, Image = ImageSamples.Full },
        ["Start.delayed"] = Start with { StartAt = Moment.AddHours(2) },
        ["Start.any-version"] = Start with { AnyVersion = true },
        ["Start.trace"] = Start with { Trace = ImageSamples.Trace },
        ["Start.trace-bare"] = Start with { Trace = ImageSamples.BareTrace },
        ["Signal"] = new WorkflowCommand.Signal("w", CommandId, "paid", Json),
        ["Answer"] = new WorkflowCommand.Answer("w", CommandId, "each[2]/x", Json, "ada", "gladly"),
        ["Answer.claimed"] = new WorkflowCommand.Answer("w", CommandId, "x", Json, "ci", null) { ClaimedBy = "grace" },
        ["Answer.bare"] = new WorkflowCommand.Answer("w", CommandId, "x", Payload.Null, null, null),
        ["Pause"] = new WorkflowCommand.Pause("w", CommandId),
        ["Resume"] = new WorkflowCommand.Resume("w", CommandId),
        ["Retry"] = new WorkflowCommand.Retry("w", CommandId, "charge"),
        ["Retry.left"] = new WorkflowCommand.Retry("w", CommandId, "charge") { LeftBy = Attempt },
        ["Retry.bare"] = new WorkflowCommand.Retry("w", CommandId, null),
        ["TakeCheckpoint"] = new WorkflowCommand.TakeCheckpoint("w", CommandId, "before shipping"),
        ["Rewind"] = new WorkflowCommand.Rewind("w", CommandId, 638, ImageSamples.Full),
        ["Rewind.named"] = new WorkflowCommand.Rewind("w", CommandId, 7, ImageSamples.Remembering) { Checkpoint = "before shipping" },
        ["Rewind.left"] = new WorkflowCommand.Rewind("w", CommandId, 7, ImageSamples.Bare) { LeftBy = Attempt },
        ["ResolveChild"] = new WorkflowCommand.ResolveChild("w", Attempt, Definition),
        ["ResolveChild.none"] = new WorkflowCommand.ResolveChild("w", Attempt, null),
        ["ChildRefused"] = new WorkflowCommand.ChildRefused("w", Attempt, "ChildDepth", "too deep"),
        ["ChildEnded"] = new WorkflowCommand.ChildEnded(
            "w", Attempt, RunOutcome.Failed, Payload.Null, new("Boom", "bang", "x") { Failures = [new(0, "A", "first")] }, "why"),
        ["ChildEnded.bare"] = new WorkflowCommand.ChildEnded("w", Attempt, RunOutcome.Completed, Json, null, null),
        ["AwaitEnd"] = new WorkflowQuery.AwaitEnd("w"),
        ["GetStatus"] = new WorkflowQuery.GetStatus("w"),
        ["FetchInput"] = new WorkflowQuery.FetchInput("w", Attempt, Lease),
        ["Accepted"] = new WorkflowReply.Accepted("w"),
        ["Accepted.started"] = new WorkflowReply.Accepted("w") { Started = new(RunId, "order", 3, Created: true) },
        ["Refused"] = new WorkflowReply.Refused("w", "id-conflict", "in use"),
        ["Ended"] = new WorkflowReply.Ended(
            "w", Definition, RunOutcome.Failed, Payload.Null,
            new("Boom", "bang", "each[2]/x#3") { Failures = [new(0, "A", "first"), new(7, "", "")] },
            "why", [new("each[2]/x#3", "Boom", "bang", 3)], Moment, Moment.AddMinutes(1)),
        ["Ended.bare"] = new WorkflowReply.Ended("w", Definition, RunOutcome.Completed, Json, null, null, [], Moment, Moment),
        ["Status"] = new WorkflowReply.Status("w", Definition, new(1_000, 250, 64), "cancelled", Moment),
        ["Status.bare"] = new WorkflowReply.Status("w", Definition, new(1, 0, 0), null, null),
        ["Status.waiting"] = new WorkflowReply.Status("w", Definition, new(1, 0, 1), null, null) { WaitingFor = ["a worker that offers \u00fc"] },
        ["StopWorkflow"] = StopWorkflow.Instance,
        ["GetDetails"] = new WorkflowQuery.GetDetails("w"),
        ["GetHistory"] = new WorkflowQuery.GetHistory("w", 638_000_000_000, 100),
        ["GetCheckpoints"] = new WorkflowQuery.GetCheckpoints("w"),
        ["GetCheckpoint"] = new WorkflowQuery.GetCheckpoint("w", "before shipping"),
        ["GetCheckpoint.place"] = new WorkflowQuery.GetCheckpoint("w", "before shipping") { PlaceOnly = true },
        ["ForkFrom"] = new ForkFrom("order/2026-7~x", CommandId, RunId, Definition, Json, ImageSamples.Origin),
        ["ForkFrom.trace"] = new ForkFrom("order/2026-7~x", CommandId, RunId, Definition, Json, ImageSamples.Origin) { Trace = ImageSamples.Trace },
        ["Stored"] = new WorkflowReply.ReadFromStore("w", RunId, 638_000_000_000, Definition)
        {
            Outcome = RunOutcome.Cancelled,
            CheckpointFailure = "The disk is full.",
            Input = Json,
        },
        ["Stored.bare"] = new WorkflowReply.ReadFromStore("w", RunId, 7, Definition),
        ["RewindTo"] = new RewindTo("w", CommandId, "before shipping"),
        ["RewindTo.left"] = new RewindTo("w", CommandId, "before shipping") { LeftBy = Attempt },
        ["ChildEndAcknowledged"] = new ChildEndAcknowledged(Attempt),
        ["Details"] = new WorkflowReply.Details("w", ImageSamples.Full, RunOutcome.Terminated, "The disk is full."),
        ["Details.bare"] = new WorkflowReply.Details("w", ImageSamples.Bare, null, null),
        ["History"] = new WorkflowReply.History(
            "w", [new(638, [new(Moment, CommandId, [new WorkflowEvent.Paused()]), new(Moment, null, [])]), new(639, [])], 638_000_000_000),
        ["History.none"] = new WorkflowReply.History("w", [], 7),
        ["Checkpoints"] = new WorkflowReply.Checkpoints("w", [new(639, null, Moment, 1_234), new(638, "before shipping", Moment, 0)]),
        ["Checkpoints.none"] = new WorkflowReply.Checkpoints("w", []),
        ["Checkpoint"] = new WorkflowReply.Checkpoint("w", 638_000_000_000, ImageSamples.Full),
        ["PurgeRun"] = new PurgeRun("order/2026-7~x", RunId),
        ["DefinitionRegistered"] = new DefinitionRegistered(3, new string('a', 64), Moment),
        ["RegisterDefinition"] = new DefinitionCommand.Register("order-fulfilment", 3, new string('a', 64)),
        ["WatchInterest"] = new WatchInterest(false, ["order/2026-7~x", "order-8"]),
        ["WatchInterest.all"] = new WatchInterest(true, []),
        ["RunChangesSeen"] = new RunChangesSeen([new("order-8", false, null), new("order/2026-7~x", true, Summary)], 3),
        ["RunChangesTaken"] = RunChangesTaken.Instance,
        ["ResolveDefinition"] = new DefinitionQuery.Resolve("order-fulfilment", 3),
        ["ResolveDefinition.newest"] = new DefinitionQuery.Resolve("order-fulfilment", null),
        ["GetDefinitionVersions"] = new DefinitionQuery.GetVersions("order-fulfilment"),
        ["DefinitionFound"] = new DefinitionReply.Found(Definition),
        ["DefinitionNotFound"] = new DefinitionReply.NotFound("nothing"),
        ["DefinitionRefused"] = new DefinitionReply.Refused("definition-conflict", "no: \u00fc"),
        ["DefinitionVersions"] = new DefinitionReply.Versions("w", [new(2, "b", Moment.AddDays(1)), new(1, "a", Moment)]),
        ["DefinitionVersions.none"] = new DefinitionReply.Versions("w", []),
        ["Offer"] = new Offer("fast", "w", "order-fulfilment", [Full, Bare], actor),
        ["Offer.known"] = new Offer("fast", "w", "order-fulfilment", [Bare], actor) { KnownEpoch = 638_000_000_000_000_000 },
        ["Offer.withheld"] = new Offer("fast", "w", "order-fulfilment", [Withheld, Bare], actor),
        ["Offer.trace"] = new Offer("fast", "w", "order-fulfilment", [Full with { Trace = ImageSamples.Trace }, Bare with { Trace = ImageSamples.BareTrace }], actor),
        ["OfferAcknowledged"] = new OfferAcknowledged("fast", Lease.Epoch, [Attempt], [Undo]),
        ["OfferGranted"] = new OfferGranted("fast", Lease.Epoch, "w", 12),
        ["AttemptsLeased"] = new AttemptsLeased("fast", Lease.Epoch, "w", [Attempt, Undo]),
        ["Withdraw"] = new Withdraw("fast", "w", [Attempt, Undo], actor),
        ["ReportAcknowledged"] = new ReportAcknowledged("w", Attempt, Lease),
        ["AttemptInput"] = new AttemptInput("w", Attempt, Lease, Json),
        ["AttemptInput.obsolete"] = new AttemptInput("w", Attempt, Lease, null),
        ["HandlersMissing"] = new HandlersMissing("fast", Lease.Epoch, "w", ["payments.charge", "release"]),
        ["LocateAttempts"] = new LocateAttempts("fast", [Attempt, Undo]),
        ["AttemptPlaces"] = new AttemptPlaces(
            new("fast", 12, 3, [new("w", 2), new("v", 1)]),
            [
                new(Attempt) { Worker = "akka.tcp://actorflow@a:4053#1", Since = Moment },
                new(Undo) { IsOffered = false, LastWorker = "akka.tcp://actorflow@b:4053#2", LastOffered = Moment.AddDays(1) },
            ]),
        ["AttemptPlaces.bare"] = new AttemptPlaces(new("fast", 0, 0, []), [new(Attempt)]),
        ["Pull"] = new WorkerInventory(State, ["echo", "sleep"], [new(Lease, Attempt, "w", actor, true, TimeSpan.FromSeconds(9))], actor),
        ["SlotsChanged"] = new SlotsChanged(State),
        ["PullAcknowledged"] = new InventoryAcknowledged("fast", Lease.Epoch, 17, 41),
        ["InventoryRequest"] = new InventoryRequest("fast", Lease.Epoch),
        ["Run"] = new AssignAttempts("fast", Lease.Epoch, 17, [new(Lease, "w", Full, actor), new(new(1, 2), "v", Bare, actor)]),
        ["Run.withheld"] = new AssignAttempts("fast", Lease.Epoch, 17, [new(Lease, "w", Withheld, actor)]),
        ["Run.trace"] = new AssignAttempts("fast", Lease.Epoch, 17, [new(Lease, "w", Full with { Trace = ImageSamples.Trace }, actor)]),
        ["CancelAttempt"] = new CancelAttempt("fast", Lease.Epoch, 17, Attempt, Lease, true),
        ["ReportAgain"] = new ReportAgain("fast", Lease.Epoch, 17, Attempt, actor),
        ["CommitBatch"] = new CommitBatch([new(Moment, CommandId, [new WorkflowEvent.Completed(Json)]), new(Moment, null, [])]),
        ["WorkflowCheckpoint"] = new WorkflowCheckpoint(7, [new("before shipping", 3, Moment), new("after", 7, Moment)], ImageSamples.Full),
        ["WorkflowCheckpoint.trace"] = new WorkflowCheckpoint(7, [], ImageSamples.Full with { Trace = ImageSamples.Trace }),
        ["WorkflowCheckpoint.delayed"] = new WorkflowCheckpoint(7, [], ImageSamples.Delayed),
        ["WorkflowCheckpoint.bare"] = new WorkflowCheckpoint(1, [], ImageSamples.Bare),
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static WorkflowCommand.Report Report(TaskOutcome outcome) => new("w", Attempt, Lease, outcome);
}

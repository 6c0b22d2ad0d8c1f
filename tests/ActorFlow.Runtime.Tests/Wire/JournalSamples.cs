using System.Collections.Immutable;
using ActorFlow.Core.Expressions;
using ActorFlow.Core.Workflows;
using static ActorFlow.Core.Workflows.WorkflowEvent;

namespace ActorFlow.Runtime.Tests.Wire;

/// <summary>
/// Events of every type, with everything that may be there and with everything that may be absent. The golden files hold the bytes of
/// exactly these: a sample is never changed, only added.
/// </summary>
internal static class JournalSamples
{
    private static readonly TaskExecutionId Execution = new(3, 14, 159, 2);
    private static readonly DateTimeOffset Moment = new(2026, 11, 23, 13, 14, 15, 678, TimeSpan.Zero);
    private static readonly ImmutableArray<SecretSlot> Slots = [new("/headers/auth", 7, "TOKEN"), new("", 0, "KEY")];
    private static readonly TaskError Bare = new("Boom", "", "");

    private static readonly TaskError Full = new("CardDeclined", "no: \u00fc \U0001F600\n", "each[2]/x#3")
    {
        Failures = [new(0, "A", "first"), new(7, "", "")],
    };

    private static readonly Payload Json = Payload.Parse("""{"a":[1,2.50,"\u00fc"],"b":null}""");

    private static readonly Started Start = new(
        "order/2026-7~x", Guid.Parse("0197a000-0102-7304-8506-0708090a0b0c"), new("order-fulfilment", 3, new string('a', 64)), Json);

    /// <summary>Every sample under its name: the event's type and what it shows.</summary>
    public static readonly ImmutableSortedDictionary<string, WorkflowEvent> All = new Dictionary<string, WorkflowEvent>
    {
        ["Started"] = Start,
        ["TaskSkipped"] = new TaskSkipped(0, 300),
        ["TaskFailed"] = new TaskFailed(2, 1, Full),
        ["TaskFailed.bare"] = new TaskFailed(0, 0, Bare),
        ["TaskReady"] = new TaskReady(1, 0),
        ["FanOutOpened"] = new FanOutOpened(4, 5, Payload.Parse("""[1,"two",{"three":3}]""")),
        ["AttemptsStarted"] = new AttemptsStarted([new(Execution, 1, Json, Slots), new(default, 2, null, [])]),
        ["AttemptsStarted.compensation"] = new AttemptsStarted([new(new(-1, 6, 0, 0), 1, Payload.Null, [])]),
        ["DelayStarted"] = new DelayStarted(Execution, Moment),
        ["GroupOpened"] = new GroupOpened(Execution, 9),
        ["TaskExecutionCompleted"] = new TaskExecutionCompleted(Execution, Json, new(Json, Slots, null), Moment, null),
        ["TaskExecutionCompleted.bare"] = new TaskExecutionCompleted(default, Payload.Null, null, null, null),
        ["TaskExecutionCompleted.loop-error"] = new TaskExecutionCompleted(Execution, Json, new(Payload.Null, [], "cannot") { ErrorType = "PayloadTooLarge" }, null, Full),
        ["TaskExecutionFailed"] = new TaskExecutionFailed(Execution, Full),
        ["TaskExecutionCancelled"] = new TaskExecutionCancelled(Execution),
        ["AttemptFailed"] = new AttemptFailed(Execution, 4, Full, Moment, Json),
        ["AttemptFailed.bare"] = new AttemptFailed(default, 1, Bare, null, null),
        ["AttemptLost"] = new AttemptLost(Execution, 2, new(638_000_000_000_000_000, 77), true),
        ["AttemptLost.bare"] = new AttemptLost(Execution, 1, LeaseId.None, false),
        ["AttemptCancelled"] = new AttemptCancelled(Execution, 2, new(Json, Slots, null)),
        ["AttemptCancelled.bare"] = new AttemptCancelled(Execution, 1, null),
        ["AttemptCancelled.failed"] = new AttemptCancelled(Execution, 3, null) { Error = Full },
        ["WaitEnded"] = new WaitEnded(Execution),
        ["DeadlinePassed"] = new DeadlinePassed(Execution),
        ["ScopeTimedOut"] = new ScopeTimedOut(12),
        ["ScopeTimedOut.run"] = new ScopeTimedOut(0),
        ["OutputFailed"] = new OutputFailed(Full),
        ["CancelRequested"] = new CancelRequested("enough"),
        ["CancelRequested.bare"] = new CancelRequested(""),
        ["CompensationStarted"] = new CompensationStarted(),
        ["Completed"] = new Completed(Json),
        ["Failed"] = new Failed(Full),
        ["Cancelled"] = new Cancelled("enough"),
        ["Terminated"] = new Terminated("now"),
        ["Started.child"] = Start with { Parent = ImageSamples.Parent, Companions = ImageSamples.Companions, Tags = ImageSamples.Tags },
        ["Started.fork"] = Start with { Origin = ImageSamples.Origin, Image = ImageSamples.Full },
        ["Started.directory"] = Start with { Directory = "/srv/ö" },
        ["Started.fork-directory"] = Start with { Origin = ImageSamples.Origin, Image = ImageSamples.Full with { Directory = "/srv/ö" } },
        ["Started.trace"] = Start with { Trace = ImageSamples.Trace },
        ["Started.trace-bare"] = Start with { Trace = ImageSamples.BareTrace },
        ["Started.fork-trace"] = Start with { Origin = ImageSamples.Origin, Image = ImageSamples.Full with { Trace = ImageSamples.Trace } },
        ["Started.delayed"] = Start with { StartAt = Moment.AddHours(2) },
        ["Started.fork-delayed"] = Start with { Origin = ImageSamples.Origin, Image = ImageSamples.Delayed },
        ["Begun"] = new Begun(),
        ["SignalReceived"] = new SignalReceived("paid", Json),
        ["SignalAwaited"] = new SignalAwaited(Execution, Moment),
        ["SignalAwaited.bare"] = new SignalAwaited(default, null),
        ["QuestionAsked"] = new QuestionAsked(Execution, "Ship it?", Payload.Parse("""["yes","no"]"""), Payload.Parse("""["ada"]"""), Moment),
        ["QuestionAsked.bare"] = new QuestionAsked(default, "", null, null, null),
        ["ChildRequested"] = new ChildRequested(Execution, 2, "order/2026-7!ship", Json, Moment),
        ["ChildRequested.bare"] = new ChildRequested(default, 1, "", Payload.Null, null),
        ["ChildResolved"] = new ChildResolved(Execution, new("shipping", 1, new string('b', 64))),
        ["ChildTimedOut"] = new ChildTimedOut(Execution),
        ["Paused"] = new Paused(),
        ["CommandNoted"] = new CommandNoted("pause"),
        ["Resumed"] = new Resumed(),
        ["CheckpointNamed"] = new CheckpointNamed("before shipping"),
        ["Reopened"] = new Reopened(3, 7),
        ["Reopened.first"] = new Reopened(3, 0),
        ["Reopened.bare"] = new Reopened(0, null),
        ["RewindRequested"] = new RewindRequested(638, ImageSamples.Full),
        ["Rewound"] = new Rewound(4, 638, ImageSamples.Bare),
        ["Rewound.bare"] = new Rewound(4, 638, null),
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>A commit of that event alone.</summary>
    public static WorkflowCommit Commit(WorkflowEvent e) => new(Moment, null, [e]);

    /// <summary>A row of several commits, with and without a command's id.</summary>
    public static readonly ImmutableArray<WorkflowCommit> Row =
    [
        new(Moment, Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), [.. All.Values]) { CommandHash = 0x8899_AABB_CCDD_EEFF },
        new(Moment.AddTicks(1), null, [new CompensationStarted()]),
    ];
}

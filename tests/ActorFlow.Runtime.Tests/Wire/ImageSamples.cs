using System.Collections.Immutable;
using ActorFlow.Core.Expressions;
using ActorFlow.Core.Workflows;
using ActorFlow.Core.Workflows.Running;

namespace ActorFlow.Runtime.Tests.Wire;

/// <summary>
/// Images of runs, with everything that may be there and with everything that may be absent. Golden files hold the bytes of
/// exactly these: a sample is never changed, only added.
/// </summary>
internal static class ImageSamples
{
    private static readonly Guid RunId = Guid.Parse("0197a000-0102-7304-8506-0708090a0b0c");
    private static readonly Guid OtherRun = Guid.Parse("0197a000-2122-7324-8526-2728292a2b2c");
    private static readonly DateTimeOffset Moment = new(2026, 11, 23, 13, 14, 15, 678, TimeSpan.Zero);
    private static readonly DefinitionReference Definition = new("order-fulfilment", 3, new string('a', 64));
    private static readonly DefinitionReference Shipping = new("shipping", 1, new string('b', 64));
    private static readonly Payload Json = Payload.Parse("""{"a":[1,2.50,"\u00fc"],"b":null}""");
    private static readonly TaskError Error = new("CardDeclined", "no: \u00fc", "each[2]/x#3") { Failures = [new(0, "A", "first"), new(7, "", "")] };
    private static readonly UndoImage Undo = new(4, "reserve", new(Json, [new SecretSlot("/key", 3, "TOKEN")], null));

    /// <summary>Whose child a run is.</summary>
    public static readonly ParentLink Parent = new("order/2026-6", new(OtherRun, 2, new(3, 14, 159, 2), 5), 3);

    /// <summary>Where a run comes from.</summary>
    public static readonly RunOrigin Origin = new("order/2026-5", OtherRun, 638_000_000_000);

    /// <summary>The trace that a run belongs to.</summary>
    public static readonly TraceContext Trace = new("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7");

    /// <summary>A trace without the state of any vendor.</summary>
    public static readonly TraceContext BareTrace = new("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", null);

    /// <summary>The further definitions.</summary>
    public static readonly ImmutableArray<DefinitionReference> Companions = [Shipping, new("billing", 2, new string('c', 64))];

    /// <summary>Words to find a run by.</summary>
    public static readonly ImmutableSortedDictionary<string, string> Tags =
        ImmutableSortedDictionary<string, string>.Empty.Add("customer", "7").Add("region", "");

    private static readonly TaskExecutionState Waiting = new()
    {
        Phase = TaskExecutionPhase.AwaitingChild,
        Iteration = 2,
        Attempt = 3,
        Input = Json,
        Secrets = [new("/headers/auth", 7, "TOKEN"), new("", 0, "KEY")],
        Output = Payload.FromString("last"),
        Error = Error,
        ReadyAt = Moment,
        DueAt = Moment.AddSeconds(1),
        DeadlineAt = Moment.AddSeconds(2),
        TimeoutAt = Moment.AddSeconds(3),
        Lost = new(638_000_000_000_000_000, 77),
        Losses = 4,
        Progress = Payload.FromString("half"),
        Withdrawn = true,
        Opened = 5,
        Wait = 6,
        Question = new("Ship it?", Payload.Parse("""["yes","no"]"""), Payload.Parse("""["ada"]""")),
        Child = new("order/2026-7!ship", Shipping),
    };

    private static readonly TaskExecutionState Asking = new()
    {
        Phase = TaskExecutionPhase.AwaitingAnswer,
        Question = new("Why?", null, null),
        Child = new("order/2026-7!bill", null),
    };

    private static readonly TaskImage Task = new()
    {
        Phase = TaskPhase.Running,
        Waiting = 1,
        Arrived = 2,
        Decided = true,
        Starts = 3,
        Output = Json,
        Error = Error,
        Execution = Waiting,
        Fan = new([Json, Payload.Null], [Waiting, Asking, new()], 3, 2, 1, 7, true, 1_234_567_890_123),
    };

    /// <summary>Only what must be there.</summary>
    public static readonly RunImage Bare = new()
    {
        WorkflowId = "w",
        RunId = RunId,
        Generation = 0,
        Definition = Definition,
        Input = Payload.Null,
        StartedAt = Moment,
        At = Moment,
        Scopes = [],
    };

    /// <summary>Before its first task begins.</summary>
    public static RunImage Delayed => Bare with { Scopes = [new(0, default, null, null, []) { BeginsAt = Moment.AddHours(2) }] };

    /// <summary>With commands that the run remembers with their content.</summary>
    public static RunImage Remembering => Bare with { Commands = [new(RunId, 0xFEDC_BA98_7654_3210, Moment), new(Guid.Empty, 1, Moment.AddTicks(1))] };

    /// <summary>All that may be there.</summary>
    public static readonly RunImage Full = new()
    {
        WorkflowId = "order/2026-7~x",
        RunId = RunId,
        Generation = 2,
        Definition = Definition,
        Input = Json,
        StartedAt = Moment,
        At = Moment.AddMinutes(1),
        Parent = Parent,
        Origin = Origin,
        Companions = Companions,
        Tags = Tags,
        Paused = true,
        Scopes =
        [
            new(0, default, null, null, [Task, new()]),
            new(3, new(0, 1, 2, 3), new(Error, "failed"), Moment.AddHours(1), [new() { Phase = TaskPhase.Cancelled, Execution = Asking }]),
            new(4, new(-1, 1, 2, 3), new(null, "cancelled"), null, []),
        ],
        NextScope = 5,
        Elements = 300,
        SettledElements = 299,
        Bytes = 1_234_567_890_124,
        Signals = [new(8, "paid", Json), new(9, "paid", Payload.Null)],
        NextSignal = 10,
        NextWait = 11,
        Undos = [Undo, new(2, "charge", new(Payload.Null, [], "cannot") { ErrorType = "PayloadTooLarge" })],
        Compensating = true,
        Undoing = new(Undo, 12, Waiting),
        UndoNumber = 13,
        Failures = [new("each[2]/x#3", "Boom", "bang", 3)],
        Commands = [new(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), 0, default), new(RunId, 0, default)],
        Rewinding = new(638, Bare),
    };
}
